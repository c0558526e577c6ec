import { type NativeConnection, Worker, type WorkerOptions, type WorkflowBundle } from '@temporalio/worker';
import { closeAll } from '../activities/lifetime.ts';
import type { ActivityKind } from '../contracts/define/activity.ts';
import { taskQueues } from '../contracts/verbs.ts';
import type { DocumentStore } from '../documents/store.ts';
import { discoverActivities, discoverImplementations, discoverProcesses } from '../platform/discover.ts';
import { bind } from './bind.ts';
import { bundleWorkflows } from './bundle.ts';
import { holesIn } from './check.ts';

/**
 * How long a workflow task waits for the worker that has its instance in memory, before any worker may take it. Temporal waits 10 s by default: what
 * somebody says to an instance just after its worker has died would get no answer in time (`validFor` in api/temporal/verbs.ts).
 */
const stickyFor = '3 seconds';

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
}

export interface Workers {
  readonly roles: readonly string[];
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
export async function startWorkers({ connection, namespace, documents, roles: wanted = roles, bundle, maxCachedWorkflows }: WorkersOptions): Promise<Workers> {
  const served = wanted.map(asRole);
  const [processes, activities, implementations, flows] = await Promise.all([discoverProcesses(), discoverActivities(), discoverImplementations(), import('../workflows/index.ts').then(Object.keys)]);
  const holes = holesIn({ processes, activities, implementations, flows });
  if (holes.length > 0) throw new Error(`the worker does not start:\n${holes.map((hole) => `- ${hole}`).join('\n')}`);

  const base = { connection, namespace } satisfies Partial<WorkerOptions>;
  const workers = await Promise.all(
    served.map(async (role) => {
      const taskQueue = taskQueues[role];
      if (role === 'workflows') {
        const workflowBundle = bundle ?? (await bundleWorkflows());
        return Worker.create({ ...base, taskQueue, workflowBundle, stickyQueueScheduleToStartTimeout: stickyFor, ...(maxCachedWorkflows === undefined ? {} : { maxCachedWorkflows }) });
      }
      const own = implementations.filter(({ implements: contract }) => contract.kind === role);
      return Worker.create({
        ...base,
        taskQueue,
        activities: Object.fromEntries(own.map((implementation) => [implementation.implements.name, bind(implementation, documents)])),
        maxConcurrentActivityTaskExecutions: atOnce[role],
        // Temporal tells of a cancellation only in answer to a heartbeat.
        maxHeartbeatThrottleInterval: '2 seconds',
        shutdownGraceTime: '5 seconds',
      });
    }),
  );

  const stop = (): void => {
    for (const worker of workers) if (worker.getState() === 'RUNNING') worker.shutdown();
  };
  const runs = workers.map((worker) =>
    worker.run().catch((error: unknown) => {
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
  return { roles: served, stop, ended };
}

function asRole(role: string): Role {
  const known = roles.find((one) => one === role);
  if (!known) throw new Error(`WORKER_ROLES names "${role}"; known are ${roles.join(', ')}`);
  return known;
}
