import type { NativeConnection, Worker } from '@temporalio/worker';
import { errorMessage } from '../../platform/errors.ts';
import { run, type Running } from '../running.ts';
import { buildIdOf } from './build-id.ts';
import { forgetBundles } from './forget-bundles.ts';
import { deploymentIn } from './deployment.ts';
import { runFormerBuilds } from './former-builds.ts';
import { keptBundlesIn } from './kept-bundles.ts';

export interface Builds extends Running {
  /** The build of today's source. */
  readonly own: string;
  /** Former builds that run beside it. */
  former(): readonly string[];
  /** A sentence for each build whose open instances nobody goes on with. */
  troubles(): readonly string[];
}

export interface BuildsOptions {
  readonly connection: NativeConnection;
  readonly namespace: string;
  /** The bundle of today's source. */
  readonly code: string;
  /** Where bundles are kept by build id; all workers of a namespace need the same one. */
  readonly directory: string;
  /** Whether new instances are to take this build. A worker that does not say so leaves them with the one they take now, if there is one. */
  readonly makeCurrent: boolean;
  /** Gets a line for people when builds come and go. */
  readonly tell: (line: string) => void;
  /** Milliseconds between two looks for former builds. */
  readonly every?: number | undefined;
  readonly createWorker: (build: { buildId: string; code: string }) => Promise<Worker>;
}

const everyTenSeconds = 10_000;
const everyHour = 3_600_000;

/**
 * Runs the workflows of today's source, and beside it every former build that still has open instances. Settles when new instances take today's build.
 *
 * @throws Error when the bundle cannot be kept, or Temporal does not take the build
 */
export async function runBuilds({ connection, namespace, code, directory, makeCurrent, tell, every = everyTenSeconds, createWorker }: BuildsOptions): Promise<Builds> {
  const deployment = deploymentIn({ connection, namespace });
  const kept = keptBundlesIn(directory);
  const own = buildIdOf(code);
  // Before the first instance can be pinned to it.
  await kept.keep(code);
  const worker = run(await createWorker({ buildId: own, code }));
  const over = new AbortController();
  try {
    const failed = worker.ended.then((): never => {
      throw new Error('the worker ended before it was ready');
    });
    failed.catch(() => undefined);
    const takes = makeCurrent || (await deployment.currentBuild(over.signal)) === undefined;
    if (takes) await Promise.race([deployment.makeCurrent(own, over.signal), failed]);
    const former = await runFormerBuilds({ own, deployment, kept, tell, every, run: async (build) => run(await createWorker(build)) });

    const forget = (): void =>
      void forgetBundles({ kept, deployment, inUse: [own, ...former.running()], code }).catch((error: unknown) => tell(`could not clear up ${directory}: ${errorMessage(error)}`));
    const timer = setInterval(forget, everyHour);
    const stop = (): void => {
      clearInterval(timer);
      former.stop();
      worker.stop();
    };
    const all = [worker.ended, former.ended].map((one) =>
      one.catch((error: unknown) => {
        stop();
        throw error;
      }),
    );
    const ended = Promise.allSettled(all).then(() => Promise.all(all)).then(() => undefined);
    ended.catch(() => undefined);
    forget();
    return { own, former: former.running, troubles: former.troubles, stop, ended };
  } catch (error) {
    over.abort();
    worker.stop();
    await worker.ended.catch(() => undefined);
    throw error;
  }
}
