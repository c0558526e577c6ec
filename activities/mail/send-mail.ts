import { createHash } from 'node:crypto';
import { createTransport } from 'nodemailer';
import { sendMail as contract } from '../../contracts/activities/mail.ts';
import { unavailable, unexpected } from '../../contracts/failures.ts';
import { implement, type Call } from '../implement.ts';

/** Milliseconds; together below the contract's bound on one attempt. */
const timeouts = { connectionTimeout: 5_000, greetingTimeout: 5_000, socketTimeout: 15_000, dnsTimeout: 5_000 };
const heartbeatEvery = 2_000;

/**
 * Sends one mail by SMTP (SMTP_URL, MAIL_FROM). A temporary refusal and a lost connection are `Unavailable`: the next attempt carries the same
 * Message-ID, by which the receiving side knows a mail that it has already. A permanent refusal is `Unexpected`, not `Rejected`: that an address
 * does not work is no decision of the business, and must not undo the payment that the mail tells of; an operator mends the address.
 */
export const sendMail = implement(contract, async ({ to, subject, text }, call) => {
  const url = setting('SMTP_URL', 'smtp://host:port');
  if (!/^smtps?:\/\/\S+$/.test(url) || !URL.canParse(url)) throw unexpected('the environment variable SMTP_URL holds no address; write smtp://host:port or smtps://user:password@host');
  const from = setting('MAIL_FROM', 'Accounts <accounts@company.example>');
  const messageId = messageIdOf({ key: call.idempotencyKey, from });
  const transport = createTransport({ url, ...timeouts, disableFileAccess: true, disableUrlAccess: true });
  call.signal.throwIfAborted();
  call.heartbeat();
  const beating = setInterval(() => call.heartbeat(), heartbeatEvery);
  try {
    await transport.sendMail({
      messageId,
      from,
      // As an object: a plain string would be read as a list of addresses.
      to: { name: '', address: to },
      subject: oneLine(subject),
      text,
      signal: call.signal,
      // RFC 3834: automatic replies stay away.
      headers: { 'Auto-Submitted': 'auto-generated' },
    });
    return { messageId };
  } catch (error) {
    throw failureOf({ error, to, call });
  } finally {
    clearInterval(beating);
    transport.close();
  }
});

/** What nodemailer tells of a failure; `permanent` is there when the server answered. */
interface SmtpError extends Error {
  code?: string;
  response?: string;
  responseCode?: number;
  permanent?: boolean;
}

function failureOf({ error, to, call }: { error: unknown; to: string; call: Call }): unknown {
  if (call.signal.aborted) return call.signal.reason;
  const { message, code, response, responseCode, permanent } = error as SmtpError;
  const facts = { code: code ?? null, responseCode: responseCode ?? null };
  if (permanent) return unexpected(`the mail server refuses the mail to ${to} for good: ${response ?? message}. Mend the address, or ask who runs the mail server`, { facts });
  if (permanent === false || /^(ECONNECTION|ETIMEDOUT|ESOCKET|EDNS|ESTREAM|EPROTOCOL)$/.test(code ?? '')) {
    return unavailable(`the mail to ${to} was not taken: ${response ?? message}`, { facts });
  }
  return unexpected(`the mail to ${to} could not be sent: ${message}`, { facts });
}

/** The same for every attempt. The key itself is hashed: it names the instance, which is nobody's business out there. */
export function messageIdOf({ key, from }: { key: string; from: string }): string {
  const domain = /@([A-Za-z0-9.-]+)>?\s*$/.exec(from)?.[1] ?? 'throughline.invalid';
  return `<${createHash('sha256').update(key).digest('hex').slice(0, 40)}@${domain}>`;
}

/** A line break in a header begins another header. */
const oneLine = (text: string): string => text.replace(/[\p{Cc}\u2028\u2029]+/gu, ' ').trim();

function setting(name: string, example: string): string {
  const value = process.env[name];
  if (!value) throw unexpected(`the environment variable ${name} is not set: put it into the worker's environment, for example ${example}`);
  return value;
}
