import { mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { startChild } from '../platform/child-process.ts';
import { errorCode } from '../platform/errors.ts';
import { programArgs, repository } from '../platform/repository.ts';
import { cacheDirectory } from '../platform/cache.ts';
import type { Progress } from './progress.ts';
import { ticker, watch } from './progress.ts';

/** Temporal's CLI that is downloaded: it holds server 1.29.1 and Web UI 2.42.1. */
export const cliVersion = 'v1.5.1';

const answerWithin = 20_000;
const downloadWithin = 15 * 60_000;

/** The path of the CLI when it has been downloaded before on this machine. */
export async function findDownloaded(): Promise<string | undefined> {
  const names = await list();
  const name = names.find((each) => each.startsWith('temporal-') && !each.endsWith('.downloading') && !each.endsWith('.log'));
  return name && join(home(), name);
}

/**
 * Lets the SDK download Temporal's CLI into the cache.
 *
 * @throws Error in the SDK's own words; where there is no internet it takes about a second
 */
export async function downloadCli({ progress }: { progress: Progress }): Promise<string> {
  await mkdir(home(), { recursive: true });
  progress(`Temporal CLI ${cliVersion}: trying to download it (once on this machine)`);
  const child = startChild({
    name: 'download of the Temporal CLI',
    command: process.execPath,
    args: [...programArgs('temporal/download-cli'), home(), cliVersion],
    // Where tsx is found.
    cwd: repository,
    logFile: join(home(), 'download.log'),
    ready: true,
    readyWithin: downloadWithin,
  });
  const started = Date.now();
  const tell = ticker(progress);
  try {
    await watch(child.ready.then(() => child.exited), async () => {
      const begun = (await list()).length > 0;
      tell((seconds) => `Temporal CLI: ${begun ? 'downloading' : 'no answer yet'}, ${seconds} s`);
      // Some networks swallow what they do not allow.
      if (!begun && Date.now() - started > answerWithin) child.kill();
    });
  } catch (error) {
    // The last line says why; "process ended with code 1" says nothing to whoever reads this.
    throw new Error(child.logTail().split('\n').at(-1) || `no answer within ${answerWithin / 1000} s`, { cause: error });
  }
  const path = await findDownloaded();
  if (!path) throw new Error(`the SDK downloaded the Temporal CLI, but left no file in ${home()}`);
  return path;
}

function home(): string {
  return join(cacheDirectory(), 'temporal-cli', `${cliVersion}-${process.platform}-${process.arch}`);
}

async function list(): Promise<string[]> {
  const names = await readdir(home()).catch((error: unknown) => {
    if (errorCode(error) === 'ENOENT') return [];
    throw error;
  });
  return names.filter((name) => name.startsWith('temporal-'));
}
