import { createHash, randomUUID } from 'node:crypto';
import { link, mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { DocumentRef, Sha256 } from '../contracts/documents.ts';
import { invalidInput, unexpected } from '../contracts/failures.ts';
import { errorCode } from '../platform/errors.ts';
import type { DocumentStore } from './store.ts';

/**
 * A store in a directory, one file for the bytes and one for what they are: `ab/<sha256>` and `ab/<sha256>.json`.
 * Several processes may share it. Nothing is ever seen half written: files are written aside, synced and renamed.
 *
 * `put` and `get` throw InvalidInput for an empty document or an id that is no SHA-256, Unexpected when what is on the disk is damaged.
 */
export function createDiskStore({ directory }: { directory: string }): DocumentStore {
  const place = (sha256: string) => join(directory, sha256.slice(0, 2), sha256);

  async function put(bytes: Uint8Array, mediaType: string): Promise<DocumentRef> {
    if (bytes.length === 0) throw invalidInput('an empty document cannot be kept: send a file with content');
    const sha256 = digest(bytes);
    const kept = await describe(sha256);
    if (kept !== undefined && (await isWhole({ file: place(sha256), sha256 }))) return kept;
    await mkdir(dirname(place(sha256)), { recursive: true });
    // The description comes last, so that where there is one, there are bytes.
    await writeAside({ file: place(sha256), content: bytes, publish: rename });
    if (kept !== undefined) return kept;
    const ref: DocumentRef = { sha256, mediaType, size: bytes.length };
    // The first description stays: whoever holds a reference must find it unchanged.
    const first = await writeAside({ file: `${place(sha256)}.json`, content: JSON.stringify(ref), publish: linkUnlessThere });
    return first ? ref : ((await describe(sha256)) ?? ref);
  }

  async function get(sha256: string) {
    if (!Sha256.safeParse(sha256).success) {
      throw invalidInput(`"${sha256.slice(0, 80)}" is no document id: give the 64 lower-case hexadecimal digits of the SHA-256`);
    }
    const ref = await describe(sha256);
    if (ref === undefined) return undefined;
    const bytes = await readIfThere(place(sha256));
    if (bytes === undefined || digest(bytes) !== sha256) {
      throw unexpected(
        `document ${sha256} is damaged: ${place(sha256)} ${bytes === undefined ? 'is missing' : 'has other content than its name says'}. ` +
          'Put the same document again, or restore the file from a backup.',
      );
    }
    return { ref, bytes: new Uint8Array(bytes) };
  }

  async function describe(sha256: string): Promise<DocumentRef | undefined> {
    const file = `${place(sha256)}.json`;
    const text = await readIfThere(file);
    if (text === undefined) return undefined;
    const ref = DocumentRef.safeParse(parseJson(text.toString('utf8')));
    if (!ref.success || ref.data.sha256 !== sha256) {
      throw unexpected(`the description of document ${sha256} is damaged. Remove ${file} and put the same document again.`);
    }
    return ref.data;
  }

  return { put, get };
}

const digest = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

async function isWhole({ file, sha256 }: { file: string; sha256: string }): Promise<boolean> {
  const bytes = await readIfThere(file);
  return bytes !== undefined && digest(bytes) === sha256;
}

async function readIfThere(file: string): Promise<Buffer | undefined> {
  try {
    return await readFile(file);
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}

/** Whether it was this call that gave the file its content. */
async function writeAside({ file, content, publish }: { file: string; content: Uint8Array | string; publish: Publish }): Promise<boolean> {
  const aside = `${file}.${randomUUID()}.part`;
  try {
    const handle = await open(aside, 'wx');
    try {
      await handle.writeFile(content);
      await handle.sync();
    } finally {
      await handle.close();
    }
    const published = (await publish(aside, file)) !== false;
    await syncDirectory(dirname(file));
    return published;
  } finally {
    await rm(aside, { force: true });
  }
}

type Publish = (aside: string, file: string) => Promise<boolean | void>;

async function linkUnlessThere(aside: string, file: string): Promise<boolean> {
  try {
    await link(aside, file);
    return true;
  } catch (error) {
    if (errorCode(error) === 'EEXIST') return false;
    throw error;
  }
}

/** A rename outlives a power cut only once the directory is on the disk too. */
async function syncDirectory(directory: string): Promise<void> {
  const handle = await open(directory, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
