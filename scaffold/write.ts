import { lstat, mkdir, readFile, rename, rm, rmdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { errorCode, errorMessage } from '../platform/errors.ts';

export interface Writing {
  /** Its path in the repository. */
  readonly file: string;
  /** What it holds now; `undefined`: there is no such file. */
  readonly before: string | undefined;
  readonly text: string;
}

/** What a file holds; `undefined` when there is none. */
export async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}

/** Writes all of it or nothing. @throws Error that names a file which is there already */
export async function writeAll({ root, writings }: { root: string; writings: readonly Writing[] }): Promise<void> {
  const there = await Promise.all(writings.filter(({ before }) => before === undefined).map(async ({ file }) => ((await exists(join(root, file))) ? [file] : [])));
  const inTheWay = there.flat();
  if (inTheWay.length > 0) throw new Error(`${inTheWay.join(' and ')} ${inTheWay.length > 1 ? 'are' : 'is'} there already: choose another name, or go on with what is there`);

  const undoing: (() => Promise<unknown>)[] = [];
  try {
    for (const writing of writings) await write({ path: join(root, writing.file), writing, undoing });
  } catch (error) {
    for (const undo of undoing.reverse()) await undo();
    throw new Error(`it could not be written: ${errorMessage(error)}`, { cause: error });
  }
}

async function write({ path, writing, undoing }: { path: string; writing: Writing; undoing: (() => Promise<unknown>)[] }): Promise<void> {
  const { before, text, file } = writing;
  for (const folder of await missingFolders(dirname(path))) {
    await mkdir(folder);
    undoing.push(() => rmdir(folder));
  }
  if (before === undefined) {
    // Whatever was put there meanwhile stays.
    await writeFile(path, text, { flag: 'wx' });
    undoing.push(() => rm(path));
    return;
  }
  if ((await readIfThere(path)) !== before) throw new Error(`${file} was changed meanwhile; try again`);
  await replace({ path, text });
  undoing.push(() => replace({ path, text: before }));
}

/** Renamed into place: nobody reads half of it. */
async function replace({ path, text }: { path: string; text: string }): Promise<void> {
  const aside = `${path}.${process.pid}.new`;
  try {
    await writeFile(aside, text);
    await rename(aside, path);
  } finally {
    await rm(aside, { force: true });
  }
}

/** Outermost first. */
async function missingFolders(folder: string): Promise<string[]> {
  if (await exists(folder)) return [];
  return [...(await missingFolders(dirname(folder))), folder];
}

async function exists(path: string): Promise<boolean> {
  try {
    await lstat(path);
    return true;
  } catch (error) {
    // A file in the place of a folder is told when the folder is made.
    if (errorCode(error) === 'ENOENT' || errorCode(error) === 'ENOTDIR') return false;
    throw error;
  }
}
