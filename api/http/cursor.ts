import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { createOnce, readIfThere } from '../files.ts';
import { refusal } from '../problems/problem.ts';

/** Turns a place in a list into a text that a client hands back, and only for the same list. */
export interface Cursors {
  seal(place: { readonly list: string; readonly at: Uint8Array }): string;
  /** @throws a malformed request when the cursor was not made here, or for another list */
  open(cursor: { readonly list: string; readonly text: string }): Uint8Array;
}

/** API processes that share the directory understand each other's cursors. */
export async function createCursors({ directory }: { directory: string }): Promise<Cursors> {
  await mkdir(directory, { recursive: true });
  const file = join(directory, 'cursor.key');
  await createOnce({ file, text: randomBytes(32).toString('hex') });
  const key = Buffer.from((await readIfThere(file)) ?? '', 'hex');
  const seal = ({ list, at }: { list: string; at: Uint8Array }): Buffer => createHmac('sha256', key).update(`${list}\n`).update(at).digest().subarray(0, sealLength);
  return {
    seal: ({ list, at }) => Buffer.concat([seal({ list, at }), at]).toString('base64url'),
    open({ list, text }) {
      const bytes = Buffer.from(text, 'base64url');
      const at = bytes.subarray(sealLength);
      if (bytes.length <= sealLength || !timingSafeEqual(bytes.subarray(0, sealLength), seal({ list, at }))) {
        const message = 'is not a cursor of this list. Take "next" of the previous answer as it is, with the same filters; leave it out to begin anew';
        throw refusal({ kind: 'malformed-request', detail: `cursor: ${message}.`, errors: [{ path: 'cursor', message }] });
      }
      return at;
    },
  };
}

/** bytes */
const sealLength = 16;
