import { access, constants, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { errorMessage } from '../platform/errors.ts';
import { type Lock, tryLock } from '../platform/lock.ts';

const remedy = 'choose another directory with THROUGHLINE_DATA';

/**
 * Makes the data directory where it is missing and takes it for this process. Temporal's database has a lock of its own; this one covers the
 * documents, the tokens and the sandbox's books beside it.
 *
 * @throws Error when it cannot be written, or when a running process has it
 */
export async function takeDataDirectory(dataDir: string): Promise<Lock> {
  try {
    await mkdir(dataDir, { recursive: true });
    await access(dataDir, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch (error) {
    throw new Error(`the data directory ${dataDir} cannot be written: ${errorMessage(error)}. Give it to this user, or ${remedy}.`, { cause: error });
  }
  const attempt = await tryLock(join(dataDir, 'lock'));
  if ('lock' in attempt) return attempt.lock;
  const holder = attempt.heldBy ? `process ${attempt.heldBy.pid} on ${attempt.heldBy.host}` : 'another process';
  throw new Error(`the data directory ${dataDir} is in use by ${holder}. Stop that one, or ${remedy}.`);
}
