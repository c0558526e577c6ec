import { join } from 'node:path';
import { type Child, startChild } from '../platform/child-process.ts';
import { programArgs, repository } from '../platform/repository.ts';

export type PartName = 'api' | 'worker';
export interface Part {
  readonly pid: number;
  /** Ends it in order. */
  stop(): Promise<void>;
  /** Ends it as a crash would. */
  kill(): void;
  /** Starts it anew after its end; settles when it is ready. */
  start(): Promise<void>;
}

export interface StartedPart extends Part {
  url(): string;
}

interface PartOptions {
  readonly name: PartName;
  /** The program to run, as `programArgs` takes it, where it is not the part's own. */
  readonly program?: string | undefined;
  readonly dataDir: string;
  readonly env: Record<string, string>;
  /** Told when it ended though nobody asked it to. */
  readonly report: (sentence: string) => void;
  /** Told what it said of itself that somebody should know. */
  readonly notice: (sentence: string) => void;
}

const programs: Readonly<Record<PartName, string>> = { api: 'api/main', worker: 'workers/main' };

export function createPart({ name, program = programs[name], dataDir, env, report, notice }: PartOptions): StartedPart {
  let child: Child | undefined;
  /** Up, and meant to stay so: one that does not come up fails its start instead. */
  let wanted = false;
  let url: string | undefined;
  return {
    get pid() {
      return child?.pid ?? 0;
    },
    url: () => url ?? '',
    async start() {
      const started = startChild({
        name: `the ${name}`,
        command: process.execPath,
        args: programArgs(program),
        cwd: repository,
        // Started anew, the API must be found where it was.
        env: { ...env, ...(url === undefined ? {} : { API_PORT: new URL(url).port }) },
        logFile: join(dataDir, 'logs', `${name}.log`),
        ready: true,
      });
      child = started;
      const told = await started.ready;
      wanted = child === started;
      void started.exited.then(() => {
        if (wanted && child === started) report(`The ${name} ended; the end of its log ${started.logFile}:\n${started.logTail()}`);
      });
      if (typeof told.url === 'string') url = told.url;
      for (const sentence of noticesOf(told)) notice(sentence);
    },
    async stop() {
      wanted = false;
      await child?.stop();
    },
    kill() {
      wanted = false;
      child?.kill();
    },
  };
}

/** What a worker tells of its builds. */
function noticesOf({ former, troubles }: Record<string, unknown>): readonly string[] {
  const texts = (value: unknown): readonly string[] => (Array.isArray(value) ? value.map(String) : []);
  return [...texts(former).map((build) => `Instances that began with build ${build} go on with it.`), ...texts(troubles)];
}
