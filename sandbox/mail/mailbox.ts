import { createHash, randomUUID } from 'node:crypto';
import { link, mkdir, open, readdir, readFile, unlink } from 'node:fs/promises';
import { simpleParser } from 'mailparser';
import { z } from 'zod';
import { errorCode } from '../../platform/errors.ts';

export const Message = z.strictObject({
  id: z.string(),
  /** With its angle brackets, as in the header; `null` when the mail had none. */
  messageId: z.string().nullable(),
  /** The envelope's recipients. */
  to: z.array(z.string()),
  from: z.string(),
  subject: z.string(),
  text: z.string(),
  /** When it arrived, ISO 8601. */
  date: z.iso.datetime(),
});
export type Message = z.infer<typeof Message>;

export interface Mailbox {
  /** In the order of arrival. */
  list(): Message[];
  /** The mail as it was delivered. */
  raw(id: string): Promise<Buffer | undefined>;
  /** Keeps a mail once: a second delivery with the same Message-ID is dropped. Settles when the mail is on the disk. */
  deliver(mail: { envelope: { from: string; to: readonly string[] }; bytes: Buffer }): Promise<'kept' | 'dropped'>;
}

/** A mailbox of `.eml` files, one per mail, named by a digest of the Message-ID. */
export async function openMailbox({ directory }: { directory: string }): Promise<Mailbox> {
  await mkdir(directory, { recursive: true });
  const messages = new Map<string, Message>();
  const fileOf = (id: string) => `${directory}/${id}.eml`;
  for (const name of await readdir(directory)) {
    if (!name.endsWith('.eml')) continue;
    const id = name.slice(0, -'.eml'.length);
    messages.set(id, await read({ id, bytes: await readFile(fileOf(id)) }));
  }
  return {
    list: () => [...messages.values()].sort((a, b) => (a.date < b.date ? -1 : 1)),
    raw: async (id) => (messages.has(id) ? readFile(fileOf(id)) : undefined),
    async deliver({ envelope, bytes }) {
      const { messageId } = await simpleParser(bytes);
      const id = createHash('sha256').update(messageId ?? bytes).digest('hex').slice(0, 32);
      const stamped = Buffer.concat([Buffer.from(envelopeHeaders(envelope)), bytes]);
      if (!(await keepOnce({ directory, file: fileOf(id), bytes: stamped }))) return 'dropped';
      messages.set(id, await read({ id, bytes: stamped }));
      return 'kept';
    },
  };
}

/** What a mail server writes on the envelope before it puts a mail into the box. */
function envelopeHeaders({ from, to }: { from: string; to: readonly string[] }): string {
  return [`Return-Path: <${from}>`, ...to.map((address) => `Delivered-To: ${address}`), `X-Arrived: ${new Date().toISOString()}`, ''].join('\r\n');
}

async function read({ id, bytes }: { id: string; bytes: Buffer }): Promise<Message> {
  const mail = await simpleParser(bytes);
  // Only the lines above the sender's own are ours; a sender may have written the same names below.
  const own = bytes.toString('latin1').split('\r\n', 200);
  const arrivedAt = own.findIndex((line) => line.startsWith('X-Arrived: '));
  return {
    id,
    messageId: mail.messageId ?? null,
    to: own.slice(0, arrivedAt).flatMap((line) => /^Delivered-To: (.*)$/.exec(line)?.[1] ?? []),
    from: mail.from?.text ?? '',
    subject: mail.subject ?? '',
    text: (mail.text ?? '').trimEnd(),
    date: own[arrivedAt]?.slice('X-Arrived: '.length) ?? '',
  };
}

/** Writes the file unless it is there; a reader, or a crash, never meets half a file. `false` when it was there. */
async function keepOnce({ directory, file, bytes }: { directory: string; file: string; bytes: Buffer }): Promise<boolean> {
  const draft = `${directory}/${randomUUID()}.tmp`;
  await writeDurably(draft, bytes);
  try {
    await link(draft, file);
  } catch (error) {
    if (errorCode(error) === 'EEXIST') return false;
    throw error;
  } finally {
    await unlink(draft);
  }
  const folder = await open(directory, 'r');
  await folder.sync().finally(() => folder.close());
  return true;
}

async function writeDurably(file: string, bytes: Buffer): Promise<void> {
  const handle = await open(file, 'wx');
  try {
    await handle.writeFile(bytes);
    await handle.sync();
  } finally {
    await handle.close();
  }
}
