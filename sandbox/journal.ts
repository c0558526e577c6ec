import { mkdirSync } from 'node:fs';
import { open, readFile, truncate, type FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { z } from 'zod';

export interface Journal<E> {
  /** Queues an entry. It counts only once `settled` says so: until then nobody may be told of it. */
  append(entry: E): void;
  /**
   * Waits until everything appended so far is on the disk.
   *
   * @throws Error when it could not be written; from then on nothing is, so that no gap can arise
   */
  settled(): Promise<void>;
  close(): Promise<void>;
}

/**
 * An append-only file with one JSON value per line. It survives kill -9: what `settled` has confirmed is there at the next start, and
 * a last line that was cut off in the middle was never confirmed and is dropped.
 *
 * @param options.replay gets every entry of earlier runs, in order, before this returns
 * @throws Error that names file and line when an entry cannot be read
 */
export async function openJournal<E>(options: { file: string; entry: z.ZodType<E>; replay: (entry: E) => void }): Promise<Journal<E>> {
  const { file, entry, replay } = options;
  mkdirSync(dirname(file), { recursive: true });
  const handle = await open(file, 'a');
  try {
    await syncDirectory(dirname(file));
    const lines = await readLines(file);
    lines.forEach((line, index) => replay(readEntry({ file, entry, line, number: index + 1 })));
  } catch (error) {
    await handle.close();
    throw error;
  }
  return writer({ file, handle });
}

function readEntry<E>({ file, entry, line, number }: { file: string; entry: z.ZodType<E>; line: string; number: number }): E {
  try {
    return entry.parse(JSON.parse(line));
  } catch (error) {
    throw new Error(`${file}, line ${number} is damaged: mend the line, or move the file away to start with empty books`, { cause: error });
  }
}

function writer<E>({ file, handle }: { file: string; handle: FileHandle }): Journal<E> {
  let queue: string[] = [];
  let tail = Promise.resolve();
  // Entries that arrive while the disk is busy share the next write: fifty at once cost two or three syncs, not fifty.
  const writeQueue = async () => {
    if (queue.length === 0) return;
    const batch = queue.join('');
    queue = [];
    try {
      await handle.appendFile(batch);
      await handle.datasync();
    } catch (error) {
      throw new Error(`${file} cannot be written, and nothing is confirmed any more: make room on the disk and start again`, { cause: error });
    }
  };
  return {
    append(entry) {
      queue.push(`${JSON.stringify(entry)}\n`);
      tail = tail.then(writeQueue);
      // Whoever waits in `settled` is told; without a waiter it must not end the process.
      tail.catch(() => undefined);
    },
    settled: () => tail,
    async close() {
      await tail.finally(() => handle.close());
    },
  };
}

async function readLines(file: string): Promise<string[]> {
  const bytes = await readFile(file);
  const end = bytes.lastIndexOf(0x0a) + 1;
  if (end < bytes.length) await truncate(file, end);
  return end === 0 ? [] : bytes.toString('utf8', 0, end - 1).split('\n');
}

/** Makes the file's name durable, not only its content. */
async function syncDirectory(directory: string): Promise<void> {
  const handle = await open(directory, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
