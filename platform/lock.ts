import { randomUUID } from 'node:crypto';
import { mkdir, readFile, rm, rmdir, stat, utimes, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { dirname } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';
import { errorCode } from './errors.ts';

const holderRecord = z.object({ pid: z.number(), host: z.string(), token: z.string() });
export type Holder = z.infer<typeof holderRecord>;

export interface Lock {
  release(): Promise<void>;
}

const refreshEvery = 5_000;
// A holder on another host, or a process number that has been given to somebody else since, is told by its silence.
const staleAfter = 30_000;
const takeoverWithin = 5_000;
const mine = new Set<string>();

/**
 * Takes the lock file at `path` for this process, or tells who has it (undefined: it has not written its name yet). The lock of a
 * holder that has died is taken over: at once when it died on this host, after 30 s of silence otherwise.
 */
export async function tryLock(path: string): Promise<{ lock: Lock } | { heldBy: Holder | undefined }> {
  await mkdir(dirname(path), { recursive: true });
  for (;;) {
    const token = randomUUID();
    // Known as ours for as long as the file can be seen: others in this process would take it for a dead one's otherwise.
    mine.add(token);
    try {
      await writeFile(path, JSON.stringify({ pid: process.pid, host: hostname(), token } satisfies Holder), { flag: 'wx' });
      return { lock: hold({ path, token }) };
    } catch (error) {
      mine.delete(token);
      if (errorCode(error) !== 'EEXIST') throw error;
    }
    const seen = await inspect(path);
    if (seen && !seen.stale) return { heldBy: seen.holder };
    if (seen) await removeStale(path);
  }
}

function hold({ path, token }: { path: string; token: string }): Lock {
  let released = false;
  const timer = setInterval(() => {
    const now = new Date();
    // Fails when somebody has removed the file, which is their decision.
    utimes(path, now, now).catch(() => clearInterval(timer));
  }, refreshEvery).unref();
  return {
    async release() {
      if (released) return;
      released = true;
      clearInterval(timer);
      try {
        // After a silence of this process it may be another's by now.
        if ((await inspect(path))?.holder?.token === token) await rm(path, { force: true });
      } finally {
        mine.delete(token);
      }
    },
  };
}

/** Undefined when there is no such file (any more). */
async function inspect(path: string): Promise<{ stale: boolean; holder: Holder | undefined } | undefined> {
  try {
    const [text, { mtimeMs }] = await Promise.all([readFile(path, 'utf8'), stat(path)]);
    const holder = holderRecord.safeParse(text.endsWith('}') ? JSON.parse(text) : undefined).data;
    return { stale: Date.now() - mtimeMs > staleAfter || (holder !== undefined && hasDied(holder)), holder };
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}

function hasDied({ pid, host, token }: Holder): boolean {
  if (host !== hostname()) return false;
  // A restarted container gives the same number to the same program again.
  if (pid === process.pid) return !mine.has(token);
  try {
    process.kill(pid, 0);
    return false;
  } catch (error) {
    return errorCode(error) === 'ESRCH';
  }
}

/**
 * Only whoever has the takeover directory may remove a stale lock, and looks again first: of two that found it stale, the slower
 * one would otherwise remove the lock that the faster one has put there.
 */
async function removeStale(path: string): Promise<void> {
  const takeover = `${path}.takeover`;
  try {
    await mkdir(takeover);
  } catch (error) {
    if (errorCode(error) !== 'EEXIST') throw error;
    await pause(10);
    const since = (await stat(takeover).catch(() => undefined))?.mtimeMs;
    // It takes milliseconds, so this one's owner has died at it.
    if (since !== undefined && Date.now() - since > takeoverWithin) await rm(takeover, { recursive: true, force: true });
    return;
  }
  try {
    if ((await inspect(path))?.stale) await rm(path, { force: true });
  } finally {
    await rmdir(takeover);
  }
}
