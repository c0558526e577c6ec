import { VersioningBehavior } from '@temporalio/common';
import { type NativeConnection, Worker } from '@temporalio/worker';
import { taskQueues } from '../contracts/verbs.ts';
import type { bindQuick } from './bind-quick.ts';
import { versionOf } from './builds/deployment.ts';

/**
 * How long a workflow task waits for the worker that has its instance in memory, before any worker may take it. Temporal waits 10 s by default: what
 * somebody says to an instance just after its worker has died would get no answer in time (`validFor` in api/temporal/verbs.ts).
 */
const stickyFor = '3 seconds';

interface WorkflowWorkerOptions {
  readonly connection: NativeConnection;
  readonly namespace: string;
  /** As Temporal knows this process by. */
  readonly identity?: string;
  /** Of the bundle. */
  readonly code: string;
  /** The instances that this worker begins stay with this build. Without it, it takes every instance that has none. */
  readonly buildId?: string | undefined;
  readonly maxCachedWorkflows?: number | undefined;
  /** What makes the first attempts of quick steps. */
  readonly quick?: ReturnType<typeof bindQuick>;
}

export function createWorkflowWorker({ connection, namespace, identity, code, buildId, maxCachedWorkflows, quick }: WorkflowWorkerOptions): Promise<Worker> {
  return Worker.create({
    connection,
    namespace,
    ...(identity === undefined ? {} : { identity }),
    taskQueue: taskQueues.workflows,
    workflowBundle: { code },
    stickyQueueScheduleToStartTimeout: stickyFor,
    ...(quick === undefined ? {} : { activities: quick, enableNonLocalActivities: false }),
    ...(maxCachedWorkflows === undefined ? {} : { maxCachedWorkflows }),
    ...(buildId === undefined ? {} : { workerDeploymentOptions: { version: versionOf(buildId), useWorkerVersioning: true, defaultVersioningBehavior: VersioningBehavior.PINNED } }),
  });
}
