import { randomUUID } from 'node:crypto';
import { link, mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { errorCode } from '../platform/errors.ts';

/**
 * Files that several processes share. A file is written aside and put in place as a whole, so that nobody reads half of one.
 */
interface Written {
  readonly file: string;
  readonly text: string;
}

/** Makes the file if there is none. Of several who try at once, one is told `true`. */
export async function createOnce({ file, text }: Written): Promise<boolean> {
  return writeAside({ file, text }, async (aside) => {
    try {
      await link(aside, file);
      return true;
    } catch (error) {
      if (errorCode(error) === 'EEXIST') return false;
      throw error;
    }
  });
}

export async function replaceFile({ file, text }: Written): Promise<void> {
  await writeAside({ file, text }, (aside) => rename(aside, file));
}

/** Makes the directory where it is missing, and a file in it for a moment. @throws what the system says when it cannot */
export async function probeDirectory(directory: string): Promise<void> {
  await mkdir(directory, { recursive: true });
  await writeAside({ file: join(directory, '.probe'), text: '' }, async () => undefined);
}

/** `undefined` when there is no such file. */
export async function readIfThere(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}

async function writeAside<R>({ file, text }: Written, place: (aside: string) => Promise<R>): Promise<R> {
  const aside = `${file}.${randomUUID()}.part`;
  try {
    const handle = await open(aside, 'wx', 0o600);
    try {
      await handle.writeFile(text);
      await handle.sync();
    } finally {
      await handle.close();
    }
    return await place(aside);
  } finally {
    await rm(aside, { force: true });
  }
}
