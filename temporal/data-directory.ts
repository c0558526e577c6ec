import { access, constants, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { z } from 'zod';
import { errorCode, errorMessage } from '../platform/errors.ts';
import type { Lock } from '../platform/lock.ts';
import { tryLock } from '../platform/lock.ts';

const memory = z.object({
  /** Server and CLI lay their databases out differently; neither opens the other's. */
  kind: z.enum(['cli', 'server']),
  /** What made or last opened the data, for messages. */
  how: z.string(),
  /** By what listens there. Kept, so that links from the last run still lead somewhere. */
  ports: z.record(z.string(), z.number()),
});
export type Memory = z.infer<typeof memory>;

export interface DataDirectory {
  path: string;
  lock: Lock;
  /** What the last start left; undefined on the first one. */
  memory: Memory | undefined;
  remember(memory: Memory): Promise<void>;
}

/**
 * Makes the directory where it is missing and takes it for this process: two servers on one database would ruin it.
 *
 * @throws Error when it cannot be written, when a running process has it, or when what was remembered cannot be read
 */
export async function openDataDirectory(directory: string): Promise<DataDirectory> {
  // The programs run in directories of their own.
  const path = resolve(directory);
  try {
    await mkdir(path, { recursive: true });
    await access(path, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch (error) {
    throw new Error(`Temporal's data directory ${path} cannot be written: ${errorMessage(error)}. Give it to this user, or choose another one.`, { cause: error });
  }
  const attempt = await tryLock(join(path, 'lock'));
  if ('heldBy' in attempt) {
    const holder = attempt.heldBy ? `process ${attempt.heldBy.pid} on ${attempt.heldBy.host}` : 'another process';
    throw new Error(`Temporal's data directory ${path} is in use by ${holder}. Stop that one, or choose another directory.`);
  }
  const { lock } = attempt;
  const file = join(path, 'embedded.json');
  try {
    return {
      path,
      lock,
      memory: await recall(file),
      remember: (content) => writeFile(file, `${JSON.stringify(content, null, 2)}\n`),
    };
  } catch (error) {
    await lock.release();
    throw error;
  }
}

async function recall(file: string): Promise<Memory | undefined> {
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    if (errorCode(error) === 'ENOENT') return undefined;
    throw error;
  });
  if (text === undefined) return undefined;
  try {
    return memory.parse(JSON.parse(text));
  } catch (error) {
    throw new Error(`${file} cannot be read; delete it (the data stay), and start again`, { cause: error });
  }
}
