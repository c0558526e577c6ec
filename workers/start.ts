import { hostname } from 'node:os';
import { type NativeConnection, Worker, type WorkerOptions, type WorkflowBundle } from '@temporalio/worker';
import type { Implementation } from '../activities/implement.ts';
import { probeAmong } from '../activities/operations/probe.ts';
import { closeAll } from '../activities/lifetime.ts';
import type { ActivityKind } from '../contracts/define/activity.ts';
import { taskQueues } from '../contracts/verbs.ts';
import type { DocumentStore } from '../documents/store.ts';
import { discoverActivities, discoverImplementations, discoverProcesses } from '../platform/discover.ts';
import { bind } from './bind.ts';
import { bindQuick } from './bind-quick.ts';
import { type Builds, runBuilds } from './builds/run-builds.ts';
import { bundleWorkflows } from './bundle.ts';
import { holesIn } from './check.ts';
import { run } from './running.ts';
import { createWorkflowWorker } from './workflow-worker.ts';
import type { Polling } from './health.ts';

type Role = keyof typeof taskQueues;
const roles = Object.keys(taskQueues) as Role[];

/** How much one worker process takes on at once. A robot and a recogniser each keep a core busy; a service mostly waits. */
const atOnce: Readonly<Record<ActivityKind, number>> = { service: 100, bot: 2, ai: 2 };

export interface WorkersOptions {
  readonly connection: NativeConnection;
  readonly namespace: string;
  readonly documents: DocumentStore;
  /** Which task queues to serve: `workflows`, `service`, `bot`, `ai`. Default: all. */
  readonly roles?: readonly string[] | undefined;
  readonly bundle?: WorkflowBundle;
  /** 0 replays every workflow task from the start: slow, and the surest way to find what is not deterministic. */
  readonly maxCachedWorkflows?: number | undefined;
  /** Keeps running instances with the build that they began with (docs/decisions/0007). Without it, every instance takes the bundle given. */
  readonly builds?: { readonly directory: string; readonly makeCurrent: boolean; readonly tell: (line: string) => void; readonly every?: number | undefined } | undefined;
  /** What is to stand around each implementation, for example to make it fail. Default: nothing. */
  readonly around?: ((implementation: Implementation) => Implementation) | undefined;
}

export interface Workers {
  readonly roles: readonly string[];
  /** `undefined` where this process runs no workflows, or runs them without builds. */
  readonly builds: Builds | undefined;
  readonly polling: readonly Polling[];
  /** Asks all workers to finish what they have and to end. */
  stop(): void;
  /** Settles when all have ended; rejects when one of them failed. */
  readonly ended: Promise<void>;
}

/**
 * Starts what polls Temporal: one worker per task queue.
 *
 * @throws Error when a contract has no implementation or a process no flow; it lists every hole
 */
export async function startWorkers({ connection, namespace, documents, roles: wanted = roles, bundle, maxCachedWorkflows, builds, around = (implementation) => implementation }: WorkersOptions): Promise<Workers> {
  const served = wanted.map(asRole);
  const [processes, activities, implementations, flows] = await Promise.all([discoverProcesses(), discoverActivities(), discoverImplementations(), import('../workflows/index.ts').then(Object.keys)]);
  probeAmong(implementations);
  const holes = holesIn({ processes, activities, implementations, flows });
  if (holes.length > 0) throw new Error(`the worker does not start:\n${holes.map((hole) => `- ${hole}`).join('\n')}`);

  // The SDK's own way to name a process; said here, since the health check looks for it.
  const identity = `${process.pid}@${hostname()}`;
  const base = { connection, namespace, identity } satisfies Partial<WorkerOptions>;
  const createActivityWorker = (role: ActivityKind): Promise<Worker> => {
    const own = implementations.filter(({ implements: contract }) => contract.kind === role);
    return Worker.create({
      ...base,
      taskQueue: taskQueues[role],
      activities: Object.fromEntries(own.map((implementation) => [implementation.implements.name, bind(around(implementation), documents)])),
      maxConcurrentActivityTaskExecutions: atOnce[role],
      // Temporal tells of a cancellation only in answer to a heartbeat.
      maxHeartbeatThrottleInterval: '2 seconds',
      shutdownGraceTime: '5 seconds',
    });
  };
  const quick = bindQuick(implementations.map(around), documents);
  const createFlows = (build: { code: string; buildId?: string }): Promise<Worker> => createWorkflowWorker({ ...base, ...build, maxCachedWorkflows, quick });

  const runsWorkflows = served.includes('workflows');
  const activityWorkers = await Promise.all(served.filter((role) => role !== 'workflows').map(createActivityWorker));
  const code = runsWorkflows ? (bundle ?? (await bundleWorkflows())).code : '';
  const workflowWorker = runsWorkflows && !builds ? [await createFlows({ code })] : [];

  const running = [...activityWorkers, ...workflowWorker].map(run);
  const stop = (): void => {
    for (const one of running) one.stop();
  };
  let ownBuilds: Builds | undefined;
  try {
    if (runsWorkflows && builds) running.push((ownBuilds = await runBuilds({ ...base, ...builds, code, createWorker: createFlows })));
  } catch (error) {
    stop();
    await Promise.allSettled(running.map(({ ended }) => ended));
    throw error;
  }
  const runs = running.map((one) =>
    one.ended.catch((error: unknown) => {
      // One that fails takes the others down in order: half a platform would only look alive.
      stop();
      throw error;
    }),
  );
  const ended = Promise.allSettled(runs).then(async (results) => {
    await closeAll();
    const failed = results.find((result) => result.status === 'rejected');
    if (failed) throw failed.reason;
  });
  let over = false;
  const settled = (): void => void (over = true);
  ended.then(settled, settled);
  const polling = served.map((role): Polling => ({ role, taskQueue: taskQueues[role], identity, state: () => (over ? 'STOPPED' : 'RUNNING') }));
  return { roles: served, builds: ownBuilds, polling, stop, ended };
}

function asRole(role: string): Role {
  const known = roles.find((one) => one === role);
  if (!known) throw new Error(`WORKER_ROLES names "${role}"; known are ${roles.join(', ')}`);
  return known;
}
