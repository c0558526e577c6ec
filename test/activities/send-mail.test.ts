import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { sendMail } from '../../activities/mail/send-mail.ts';
import { newDataDir, startSystem, type System } from '../sandbox/system.ts';
import { callWith } from '../stage/call.ts';

const mailTo = (to: string, subject = 'Your invoice RE-1 will be paid') => ({ to, subject, text: 'Dear Kiesel & Söhne,\n\nit will be paid.\n' });

describe('sending a mail', () => {
  let data: Awaited<ReturnType<typeof newDataDir>>;
  let system: System;
  const arrivedAt = async (address: string) => {
    const mails = (await (await fetch(`${system.url}/messages`)).json()) as { to: string[]; messageId: string; subject: string; text: string }[];
    return mails.filter(({ to }) => to.includes(address));
  };

  beforeAll(async () => {
    data = await newDataDir();
    system = await startSystem({ name: 'mail', dataDir: data.dataDir });
    process.env.SMTP_URL = system.smtp;
    process.env.MAIL_FROM = 'Accounts Payable <accounts-payable@throughline.example>';
  });
  afterEach(() => system.clearFaults());
  afterAll(async () => {
    delete process.env.SMTP_URL;
    delete process.env.MAIL_FROM;
    await system.child.stop();
    await data.remove();
  });

  it('reaches the mailbox under an id that does not tell its key', async () => {
    const { messageId } = await sendMail.run(mailTo('plain@kiesel.example'), callWith({ key: 'supplierInvoice/secret#1/notify' }));
    expect(messageId).toMatch(/^<[0-9a-f]{40}@throughline\.example>$/);
    expect(await arrivedAt('plain@kiesel.example')).toEqual([
      expect.objectContaining({ messageId, subject: 'Your invoice RE-1 will be paid', text: 'Dear Kiesel & Söhne,\n\nit will be paid.' }),
    ]);
  });

  it.each([
    { fault: { kind: 'outage', times: 1 } },
    { fault: { kind: 'error-500', times: 1 } },
    { fault: { kind: 'did-it-but-timeout', times: 1 } },
  ])('arrives once when it is tried again after $fault.kind', async ({ fault }) => {
    const to = `${fault.kind}@kiesel.example`;
    const send = () => sendMail.run(mailTo(to), callWith({ key: fault.kind }));
    await system.fault(fault);
    await expect(send()).rejects.toMatchObject({ type: 'Unavailable', nonRetryable: false });
    await send();
    expect(await arrivedAt(to)).toHaveLength(1);
  });

  it('calls an operator when the address does not exist', async () => {
    await expect(sendMail.run(mailTo('gone@kiesel.invalid'), callWith({ key: 'gone' }))).rejects.toMatchObject({
      type: 'Unexpected',
      message: expect.stringContaining('550 there is no mailbox gone@kiesel.invalid'),
    });
  });

  it('may try again when the mail server is not there', async () => {
    process.env.SMTP_URL = 'smtp://127.0.0.1:1';
    await expect(sendMail.run(mailTo('later@kiesel.example'), callWith({ key: 'later' }))).rejects.toMatchObject({ type: 'Unavailable' });
    process.env.SMTP_URL = system.smtp;
  });

  it('names the setting that is missing or no address', async () => {
    delete process.env.SMTP_URL;
    await expect(sendMail.run(mailTo('x@kiesel.example'), callWith({ key: 'x' }))).rejects.toMatchObject({ type: 'Unexpected', message: expect.stringContaining('SMTP_URL is not set') });
    process.env.SMTP_URL = 'mail.example';
    await expect(sendMail.run(mailTo('x@kiesel.example'), callWith({ key: 'x' }))).rejects.toMatchObject({ type: 'Unexpected', message: expect.stringContaining('SMTP_URL holds no address') });
    process.env.SMTP_URL = system.smtp;
  });

  it('lets nobody write headers or recipients through the subject', async () => {
    await sendMail.run(mailTo('careful@kiesel.example', 'Hello\r\nBcc: spy@kiesel.example\r\n\r\nbody'), callWith({ key: 'inject' }));
    expect(await arrivedAt('careful@kiesel.example')).toEqual([expect.objectContaining({ subject: 'Hello Bcc: spy@kiesel.example body' })]);
    expect(await arrivedAt('spy@kiesel.example')).toEqual([]);
  });

  it('stops at once when it is cancelled', async () => {
    await system.fault({ kind: 'latency', delay: 20_000 });
    const controller = new AbortController();
    const reason = new Error('cancelled by the test');
    const start = performance.now();
    const sending = sendMail.run(mailTo('never@kiesel.example'), callWith({ key: 'never', signal: controller.signal }));
    setTimeout(() => controller.abort(reason), 200);
    await expect(sending).rejects.toBe(reason);
    expect(performance.now() - start).toBeLessThan(2_000);
    expect(await arrivedAt('never@kiesel.example')).toEqual([]);
  });
});
