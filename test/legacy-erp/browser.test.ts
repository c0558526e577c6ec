import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, describe, expect, it } from '@jest/globals';
import { closeBrowsers, openContext } from '../../activities/browser/browser.ts';
import { closeAll } from '../../activities/lifetime.ts';
import { startChild } from '../../platform/child-process.ts';
import { browsersOf } from './browsers.ts';

const wish = { host: '127.0.0.1', log: { info: () => undefined, warn: () => undefined } };
afterEach(() => closeBrowsers());

describe('the browser of the robots', () => {
  it('is one for all attempts of a worker at a site, and ends with the worker', async () => {
    await Promise.all([openContext(wish), openContext(wish), openContext(wish)]);
    expect(browsersOf(process.pid)).toHaveLength(1);
    await Promise.all([openContext({ ...wish, host: 'localhost' }), openContext(wish)]);
    expect(browsersOf(process.pid)).toHaveLength(2);
    await closeAll();
    expect(browsersOf(process.pid)).toEqual([]);
  });

  it('reaches no other host, not even by address', async () => {
    const page = await (await openContext(wish)).newPage();
    await expect(page.goto('http://example.invalid/')).rejects.toThrow('ERR_NAME_NOT_RESOLVED');
    await expect(page.goto('http://127.0.0.2:20999/')).rejects.toThrow('ERR_NAME_NOT_RESOLVED');
  });

  it('does not outlive a worker that is killed', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'throughline-browser-'));
    const worker = startChild({
      name: 'worker with a browser',
      command: process.execPath,
      args: ['--import', 'tsx', 'test/legacy-erp/programs/hold-browser.ts'],
      logFile: join(folder, 'worker.log'),
      ready: true,
    });
    const { browsers } = (await worker.ready) as { browsers: number[] };
    expect(browsers).toHaveLength(1);
    process.kill(worker.pid, 'SIGKILL');
    await worker.exited;
    while (browsers.some(isRunning)) await pause(20);
    await rm(folder, { recursive: true, force: true });
  });

  it('is unpacked once, whole, even if two workers begin at the same time', async () => {
    const cache = await mkdtemp(join(tmpdir(), 'throughline-cache-'));
    const env = { THROUGHLINE_CACHE: cache, THROUGHLINE_BROWSER: undefined };
    const workers = [1, 2].map((number) =>
      startChild({
        name: `worker ${number}`,
        command: process.execPath,
        args: ['--import', 'tsx', 'test/legacy-erp/programs/hold-browser.ts'],
        env,
        logFile: join(cache, 'log', `worker-${number}.log`),
        ready: true,
      }),
    );
    try {
      await Promise.all(workers.map(({ ready }) => ready));
      expect((await readdir(cache)).filter((name) => name.startsWith('unpacking'))).toEqual([]);
    } finally {
      await Promise.all(workers.map((worker) => worker.stop()));
      await rm(cache, { recursive: true, force: true });
    }
  });
});

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
