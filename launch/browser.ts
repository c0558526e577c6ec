import { join } from 'node:path';
import { startChild } from '../platform/child-process.ts';
import { programArgs, repository } from '../platform/repository.ts';

/** Milliseconds; the browser that npm brings is unpacked at the first start. */
const unpackedWithin = 150_000;
/** Milliseconds after which a person wonders what is going on. */
const patience = 5_000;

/**
 * Makes sure that the robots will find a browser, in a process of its own, since only workers know how robots work.
 *
 * @throws Error that says what to install or to set
 */
export async function requireBrowser({ dataDir, progress }: { dataDir: string; progress: (line: string) => void }): Promise<void> {
  const child = startChild({
    name: 'the search for a browser',
    command: process.execPath,
    args: programArgs('workers/check-browser'),
    cwd: repository,
    logFile: join(dataDir, 'logs', 'browser.log'),
    ready: true,
    readyWithin: unpackedWithin,
  });
  const notice = setTimeout(() => progress('Looking for a browser for the robots; at a first start it may have to be unpacked …'), patience);
  try {
    const { problem } = await child.ready;
    if (typeof problem === 'string') throw new Error(problem);
  } finally {
    clearTimeout(notice);
    child.kill();
  }
}
