import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createTransport } from 'nodemailer';
import { newDataDir, startSystem, type System } from './system.ts';

interface Mail {
  id: string;
  messageId: string;
  to: string[];
  subject: string;
  text: string;
  date: string;
}

describe('mail of the sandbox', () => {
  let data: Awaited<ReturnType<typeof newDataDir>>;
  let mail: System;
  const mailbox = async () => (await (await fetch(`${mail.url}/messages`)).json()) as Mail[];
  const send = async (message: Record<string, unknown>) => {
    const transport = createTransport({ url: mail.smtp });
    await transport.sendMail({ from: 'a@throughline.example', to: 'b@kiesel.example', subject: 'Hello', text: 'Hello', ...message });
    transport.close();
  };

  beforeAll(async () => {
    data = await newDataDir();
    mail = await startSystem({ name: 'mail', dataDir: data.dataDir });
  });
  afterAll(async () => {
    await mail.child.stop();
    await data.remove();
  });

  it('keeps a mail where it can be read', async () => {
    await send({ messageId: '<one@throughline.example>', subject: 'Zahlung für RE-1 🧾', text: 'Grüße\n\nzweiter Absatz' });
    expect(await mailbox()).toEqual([
      expect.objectContaining({ messageId: '<one@throughline.example>', to: ['b@kiesel.example'], subject: 'Zahlung für RE-1 🧾', text: 'Grüße\n\nzweiter Absatz' }),
    ]);
  });

  it('drops a second delivery of the same mail', async () => {
    const same = { messageId: '<twice@throughline.example>', subject: 'Twice' };
    await Promise.all([send(same), send(same), send(same)]);
    await send(same);
    expect((await mailbox()).filter(({ subject }) => subject === 'Twice')).toHaveLength(1);
  });

  it('is kept over kill -9', async () => {
    const before = await mailbox();
    mail.child.kill();
    await mail.child.exited;
    mail = await startSystem({ name: 'mail', dataDir: data.dataDir });
    expect(await mailbox()).toEqual(before);
    await send({ messageId: '<twice@throughline.example>', subject: 'Twice' });
    expect(await mailbox()).toEqual(before);
  });

  it('goes by the envelope, not by what a header claims', async () => {
    await send({ subject: 'Claimed', headers: { 'Delivered-To': 'somebody.else@kiesel.example' } });
    expect((await mailbox()).find(({ subject }) => subject === 'Claimed')?.to).toEqual(['b@kiesel.example']);
  });

  it('shows a page in which a mail cannot put markup', async () => {
    await send({ subject: '<script>alert(1)</script>', text: '<img src=x onerror=alert(2)>' });
    const page = await fetch(mail.url);
    const text = await page.text();
    expect(page.headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(text).toContain('&lt;script&gt;');
    expect(text).not.toMatch(/<script|<img/);
  });

  it('hands out the source as plain text', async () => {
    const [first] = await mailbox();
    const source = await fetch(`${mail.url}/messages/${first?.id}/raw`);
    expect(source.headers.get('content-type')).toBe('text/plain; charset=utf-8');
    expect(await source.text()).toContain('Message-ID: <one@throughline.example>');
    expect((await fetch(`${mail.url}/messages/..%2f..%2fmail.log/raw`)).status).toBe(404);
  });

  it('refuses mail to a place that cannot exist', async () => {
    await expect(send({ to: 'someone@nowhere.invalid' })).rejects.toThrow('550');
  });
});
