import { errorMessage } from '../../platform/errors.ts';
import type { Running } from '../running.ts';
import type { Deployment } from './deployment.ts';
import type { KeptBundles } from './kept-bundles.ts';

export interface FormerBuilds extends Running {
  /** The builds that run here beside the own one. */
  running(): readonly string[];
  /** What an operator should know: a sentence for each build whose instances nobody goes on with. */
  troubles(): readonly string[];
}

interface Options {
  readonly own: string;
  readonly deployment: Deployment;
  readonly kept: KeptBundles;
  /** Starts a workflow worker with this code. */
  readonly run: (build: { buildId: string; code: string }) => Promise<Running>;
  readonly tell: (line: string) => void;
  /** Milliseconds between two looks. */
  readonly every: number;
}

/**
 * Runs one more workflow worker for each former build that open instances are pinned to, from now until its last instance has ended. Settles after
 * the first look.
 */
export async function runFormerBuilds({ own, deployment, kept, run, tell, every }: Options): Promise<FormerBuilds> {
  const workers = new Map<string, Running>();
  const troubles = new Map<string, string>();
  let stopped = false;
  let timer: NodeJS.Timeout | undefined;
  let looking: Promise<void> = Promise.resolve();
  let finish: () => void = () => undefined;
  let fail: (error: unknown) => void = () => undefined;
  const ended = new Promise<void>((resolve, reject) => {
    finish = resolve;
    fail = reject;
  });
  ended.catch(() => undefined);

  const start = async (buildId: string): Promise<void> => {
    const code = await kept.read(buildId);
    if (code === undefined) throw new Error(`its bundle ${buildId}.js is not in ${kept.directory}${(await deployment.isPolled(buildId)) ? ', though another worker has polled for it in the last minute' : ''}. Put it there, or start a worker of that build's source`);
    const worker = await run({ buildId, code });
    workers.set(buildId, worker);
    troubles.delete(buildId);
    tell(`build ${buildId} still has open instances: it runs beside ${own}`);
    void worker.ended.catch((error: unknown) => {
      fail(error);
      stop();
    });
    if (stopped) worker.stop();
  };

  const look = async (): Promise<void> => {
    const open = await deployment.openBuilds([own]);
    for (const buildId of open) {
      if (workers.has(buildId) || stopped) continue;
      try {
        await start(buildId);
      } catch (error) {
        const trouble = `open instances are pinned to build ${buildId}, which cannot be run here: ${errorMessage(error)}; or move those that fit the code of today: npm run replay-gate -- --build ${buildId} --move`;
        if (troubles.get(buildId) !== trouble) tell(trouble);
        troubles.set(buildId, trouble);
      }
    }
    for (const buildId of troubles.keys()) if (!open.includes(buildId)) troubles.delete(buildId);
    for (const [buildId, worker] of workers) {
      if (open.includes(buildId) || stopped) continue;
      workers.delete(buildId);
      worker.stop();
      await worker.ended;
      tell(`build ${buildId} has no open instance any more: its worker ended`);
    }
  };

  /** Temporal may be away for a while: the own worker waits for it too. */
  const lookIfPossible = (): Promise<void> => look().catch((error: unknown) => tell(`could not look for open instances of former builds: ${errorMessage(error)}`));
  const again = (): void => {
    if (stopped) return;
    timer = setTimeout(() => void (looking = lookIfPossible().then(again)), every);
  };

  function stop(): void {
    if (stopped) return;
    stopped = true;
    clearTimeout(timer);
    for (const worker of workers.values()) worker.stop();
    void looking.then(() => Promise.all([...workers.values()].map(({ ended }) => ended))).then(finish, fail);
  }

  await lookIfPossible();
  again();
  return { running: () => [...workers.keys()], troubles: () => [...troubles.values()], stop, ended };
}
