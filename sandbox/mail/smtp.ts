import type { Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { SMTPServer, type SMTPServerDataStream, type SMTPServerSession } from 'smtp-server';
import type { FaultSwitch } from '../faults.ts';
import type { Mailbox } from './mailbox.ts';

export interface Smtp {
  /** `smtp://127.0.0.1:<port>` */
  url: string;
  close(): Promise<void>;
}

const largestMail = 10_000_000;

/**
 * An SMTP server on 127.0.0.1 that takes mail for every address but those under `.invalid`, which no mail server can deliver to (RFC 2606). Faults
 * strike the operation `MAIL <recipient>`: an outage cuts the connection, `error-500` is a temporary refusal (451), and `did-it-but-timeout`
 * keeps the mail and then says 451, or nothing.
 */
export async function openSmtp({ port, mailbox, faults }: { port: number; mailbox: Mailbox; faults: FaultSwitch }): Promise<Smtp> {
  const sockets = new Map<number, Socket>();
  const server = new SMTPServer({
    name: 'mail.sandbox.example',
    authOptional: true,
    // Without STARTTLS: on loopback there is nothing to hide, and the library's own certificate would only pretend to.
    disabledCommands: ['AUTH', 'STARTTLS'],
    disableReverseLookup: true,
    size: largestMail,
    closeTimeout: 500,
    onRcptTo: ({ address }, session, done) => settle(takeRecipient({ address, session }), done),
    onData: (stream, session, done) => settle(takeMail({ stream, session }), done),
  });
  server.server.on('connection', (socket) => {
    const { remotePort } = socket;
    if (remotePort === undefined) return;
    sockets.set(remotePort, socket);
    socket.once('close', () => sockets.delete(remotePort));
  });
  // A client that breaks off is the client's business.
  server.on('error', (error) => console.error('smtp:', error.message));

  async function takeRecipient({ address, session }: { address: string; session: SMTPServerSession }): Promise<void> {
    const operation = `MAIL ${address}`;
    const late = faults.strike('latency', operation);
    if (late?.delay) await delay(late.delay);
    if (faults.strike('outage', operation)) sockets.get(session.remotePort)?.destroy();
    if (faults.strike('error-500', operation)) throw reply(451, 'local error in processing, a fault of the sandbox is switched on');
    if (/\.invalid$/i.test(address)) throw reply(550, `there is no mailbox ${address}`);
  }
  async function takeMail({ stream, session }: { stream: SMTPServerDataStream; session: SMTPServerSession }): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of stream) chunks.push(chunk as Buffer);
    if (stream.sizeExceeded) throw reply(552, `a mail may have ${largestMail} bytes`);
    const { mailFrom, rcptTo } = session.envelope;
    const to = rcptTo.map(({ address }) => address);
    await mailbox.deliver({ envelope: { from: mailFrom ? mailFrom.address : '', to }, bytes: Buffer.concat(chunks) });
    const lost = to.map((address) => faults.strike('did-it-but-timeout', `MAIL ${address}`)).find(Boolean);
    if (!lost) return;
    const socket = sockets.get(session.remotePort);
    if (lost.silent && socket) await new Promise((resolve) => socket.once('close', resolve));
    throw reply(451, 'timeout, a fault of the sandbox is switched on');
  }

  await new Promise<void>((resolve, reject) => {
    server.server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  const address = server.server.address();
  if (address === null || typeof address === 'string') throw new Error('the SMTP server listens, but not at a port');
  return {
    url: `smtp://127.0.0.1:${address.port}`,
    close: () => new Promise((resolve) => server.close(resolve)),
  };
}

function settle(work: Promise<void>, done: (error?: Error | null) => void): void {
  work.then(() => done(), done);
}

const reply = (responseCode: number, words: string): Error => Object.assign(new Error(words), { responseCode });
