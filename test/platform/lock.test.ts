import { spawnSync } from 'node:child_process';
import { access, mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { tryLock } from '../../platform/lock.ts';

describe('a lock', () => {
  let directory: string;
  let path: string;
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'throughline-lock-'));
    path = join(directory, 'lock');
  });
  afterEach(() => rm(directory, { recursive: true, force: true }));

  const left = (by: { pid: number; host: string }) => writeFile(path, JSON.stringify({ ...by, token: 'of another process' }));
  const taken = async () => 'lock' in (await tryLock(path));

  it('has one holder, who is named to others, until it is released', async () => {
    const first = await tryLock(path);
    await expect(tryLock(path)).resolves.toEqual({ heldBy: expect.objectContaining({ pid: process.pid, host: hostname() }) });
    if ('lock' in first) await first.lock.release();
    await expect(taken()).resolves.toBe(true);
  });

  it('has one holder at a time, however often it changes hands within a process', async () => {
    let holders = 0;
    const most = { holders: 0 };
    const visit = async (): Promise<void> => {
      const attempt = await tryLock(path);
      if (!('lock' in attempt)) return visit();
      holders += 1;
      most.holders = Math.max(most.holders, holders);
      await readdir(directory);
      holders -= 1;
      await attempt.lock.release();
    };
    await Promise.all(Array.from({ length: 80 }, visit));
    expect(most.holders).toBe(1);
  });

  it('of a process that has died is taken over by exactly one of many', async () => {
    const { pid } = spawnSync('true');
    await left({ pid, host: hostname() });
    const attempts = await Promise.all(Array.from({ length: 20 }, taken));
    expect(attempts.filter(Boolean)).toHaveLength(1);
    await expect(readdir(directory)).resolves.toEqual(['lock']);
  });

  it('of a process that had the number of this one is taken over', async () => {
    await left({ pid: process.pid, host: hostname() });
    await expect(taken()).resolves.toBe(true);
  });

  it('of another host holds as long as that host is heard of', async () => {
    await left({ pid: 1, host: 'elsewhere.example' });
    await expect(taken()).resolves.toBe(false);
    const longAgo = new Date(Date.now() - 60_000);
    await utimes(path, longAgo, longAgo);
    await expect(taken()).resolves.toBe(true);
  });

  it('that was taken over meanwhile is not released by its former holder', async () => {
    const attempt = await tryLock(path);
    await left({ pid: 1, host: 'elsewhere.example' });
    if ('lock' in attempt) await attempt.lock.release();
    await expect(access(path)).resolves.toBeUndefined();
  });
});
