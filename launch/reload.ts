import { watch } from 'node:fs';
import { join } from 'node:path';
import { errorMessage } from '../platform/errors.ts';
import { repository } from '../platform/repository.ts';
import type { PartName } from './part.ts';
import type { Platform } from './platform.ts';

/** Which parts a change in a folder concerns. */
const concerned: Readonly<Record<string, readonly PartName[]>> = {
  contracts: ['api', 'worker'],
  platform: ['api', 'worker'],
  documents: ['api', 'worker'],
  workflows: ['worker'],
  activities: ['worker'],
  workers: ['worker'],
  api: ['api'],
  visibility: ['api'],
};

/** Milliseconds of quiet after a change: editors and git write in bursts. */
const quiet = 300;

/** Starts worker and API anew when their source changes; running instances go on with the code that they began with. */
export function reloadOnChange({ parts }: Platform): { stop(): void } {
  const due = new Set<PartName>();
  let timer: NodeJS.Timeout | undefined;
  let reloading: Promise<void> = Promise.resolve();

  const reload = async (): Promise<void> => {
    const names = [...due];
    due.clear();
    for (const name of names) {
      process.stderr.write(`Changed: starting the ${name} anew …\n`);
      try {
        await parts[name].stop();
        await parts[name].start();
        process.stderr.write(`The ${name} is ready.\n`);
      } catch (error) {
        process.stderr.write(`The ${name} did not start; mend it and save again.\n${errorMessage(error)}\n`);
      }
    }
  };
  const watchers = Object.entries(concerned).map(([folder, names]) =>
    watch(join(repository, folder), { recursive: true }, () => {
      for (const name of names) due.add(name);
      clearTimeout(timer);
      timer = setTimeout(() => void (reloading = reloading.then(reload)), quiet);
    }),
  );
  process.stderr.write('Watching for changes.\n');
  return {
    stop() {
      clearTimeout(timer);
      for (const watcher of watchers) watcher.close();
    },
  };
}
