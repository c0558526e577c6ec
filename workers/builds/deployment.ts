import { setTimeout as pause } from 'node:timers/promises';
import { defaultPayloadConverter, type WorkerDeploymentVersion } from '@temporalio/common';
import proto from '@temporalio/proto';
import type { NativeConnection } from '@temporalio/worker';
import { taskQueues } from '../../contracts/verbs.ts';
import { errorCode } from '../../platform/errors.ts';

/** All builds of the product are versions of one deployment of Temporal's. */
const deploymentName = 'throughline';
export const versionOf = (buildId: string): WorkerDeploymentVersion => ({ deploymentName, buildId });

/** What Temporal knows of the builds that workers run, and of the instances that are pinned to them. */
export interface Deployment {
  /** The build that new instances take; `undefined` before the first. Waits for a Temporal that does not answer yet. */
  currentBuild(signal?: AbortSignal): Promise<string | undefined>;
  /**
   * Makes a build that a worker already polls for the one that new instances take, and settles when Temporal's task queues follow it.
   *
   * @throws Error when that takes too long
   */
  makeCurrent(buildId: string, signal: AbortSignal): Promise<void>;
  /** The builds, beside those given, that open instances are pinned to. Visibility lags behind by up to about a second. */
  openBuilds(beside: readonly string[]): Promise<readonly string[]>;
  /** How many open instances are pinned to a build. */
  openInstances(buildId: string): Promise<number>;
  /** Whether Temporal still holds an instance of this build, open or closed. */
  hasInstances(buildId: string): Promise<boolean>;
  /** Lets a running instance go on with another build from its next workflow task on; `false` when it has ended meanwhile. */
  move(instance: { id: string; runId: string; to: string }): Promise<boolean>;
  /** Whether a worker, here or elsewhere, has polled for this build lately. */
  isPolled(buildId: string): Promise<boolean>;
}

const { RoutingConfigUpdateState: routing, TaskQueueType } = proto.temporal.api.enums.v1;
const { PinnedOverrideBehavior } = proto.temporal.api.workflow.v1.VersioningOverride;
const codes = { notFound: 5, unimplemented: 12 } as const;
/**
 * Answers that may be others in a moment: cancelled (the SDK's own time for a call is over), unknown (a lost connection), deadline exceeded,
 * resource exhausted, failed precondition (the build, or Temporal's own worker after a start, has no pollers yet), aborted, unavailable.
 */
const passing: ReadonlySet<unknown> = new Set([1, 2, 4, 8, 9, 10, 14]);

/** Milliseconds: a new build is known some 100 ms after its first poll, and made current in about a second. */
const patience = 60_000;
/** Milliseconds: a poll ends after a minute at the latest, and is followed by the next at once. */
const recent = 70_000;
const glance = 100;

const attribute = 'TemporalWorkerDeploymentVersion';
const canonical = (buildId: string): string => `${deploymentName}:${buildId}`;
const pinned = `TemporalWorkerDeployment = '${deploymentName}' AND TemporalWorkflowVersioningBehavior = 'Pinned' AND ExecutionStatus = 'Running'`;

export function deploymentIn({ connection, namespace }: { connection: NativeConnection; namespace: string }): Deployment {
  const { workflowService } = connection;
  const describe = () =>
    unlessCode(codes.notFound, () => workflowService.describeWorkerDeployment({ namespace, deploymentName })).then((answer) => {
      const { routingConfig, routingConfigUpdateState, versionSummaries } = answer?.workerDeploymentInfo ?? {};
      return {
        current: routingConfig?.currentDeploymentVersion?.buildId || undefined,
        underWay: routingConfigUpdateState === routing.ROUTING_CONFIG_UPDATE_STATE_IN_PROGRESS,
        known: (versionSummaries ?? []).map(({ deploymentVersion }) => deploymentVersion?.buildId),
      };
    });
  const count = async (query: string): Promise<number> => Number((await workflowService.countWorkflowExecutions({ namespace, query })).count ?? 0);

  return {
    currentBuild: async (signal) =>
      (await patiently({ what: 'did not say which build is the current one', signal, look: async () => ({ current: (await describe()).current }) })).current,
    async makeCurrent(buildId, signal) {
      let made = false;
      await patiently({
        what: `did not make build ${buildId} the current one`,
        signal,
        async look() {
          const { current, underWay, known } = await describe();
          // Another worker that started since may have made its own build current; it stays so.
          made ||= current === buildId;
          if (made) return underWay ? undefined : true;
          if (!known.includes(buildId)) return undefined;
          await workflowService.setWorkerDeploymentCurrentVersion({ namespace, deploymentName, buildId, identity: 'a starting worker' });
          made = true;
          return undefined;
        },
      });
    },
    async openBuilds(beside) {
      const found: string[] = [];
      for (;;) {
        const others = [...beside, ...found].map((buildId) => `'${canonical(buildId)}'`);
        const query = others.length === 0 ? pinned : `${pinned} AND ${attribute} NOT IN (${others.join(', ')})`;
        // One is enough to name the next build: there may be thousands of instances, but only few builds.
        const { executions } = await workflowService.listWorkflowExecutions({ namespace, query, pageSize: 1 });
        const payload = executions?.[0]?.searchAttributes?.indexedFields?.[attribute];
        if (!payload) return found;
        found.push(defaultPayloadConverter.fromPayload<string>(payload).slice(canonical('').length));
      }
    },
    openInstances: (buildId) => count(`${pinned} AND ${attribute} = '${canonical(buildId)}'`),
    hasInstances: async (buildId) => (await count(`${attribute} = '${canonical(buildId)}'`)) > 0,
    async move({ id, runId, to }) {
      const versioningOverride = { pinned: { behavior: PinnedOverrideBehavior.PINNED_OVERRIDE_BEHAVIOR_PINNED, version: versionOf(to) } };
      const moved = await unlessCode(codes.notFound, () =>
        workflowService.updateWorkflowExecutionOptions({ namespace, workflowExecution: { workflowId: id, runId }, workflowExecutionOptions: { versioningOverride }, updateMask: { paths: ['versioning_override'] } }),
      );
      return moved !== undefined;
    },
    async isPolled(buildId) {
      const { pollers } = await workflowService.describeTaskQueue({ namespace, taskQueue: { name: taskQueues.workflows }, taskQueueType: TaskQueueType.TASK_QUEUE_TYPE_WORKFLOW });
      return (pollers ?? []).some(({ deploymentOptions, lastAccessTime }) => deploymentOptions?.buildId === buildId && Date.now() - Number(lastAccessTime?.seconds ?? 0) * 1_000 < recent);
    },
  };
}

/** Looks again and again until there is something, also while Temporal starts, or refuses as "busy" since several workers start at once. */
async function patiently<R>({ what, signal, look }: { what: string; signal: AbortSignal | undefined; look: () => Promise<R | undefined> }): Promise<R> {
  const until = Date.now() + patience;
  for (let trouble: unknown; ; ) {
    try {
      const found = await look();
      if (found !== undefined) return found;
    } catch (error) {
      if (!passing.has(errorCode(error))) throw error;
      trouble = error;
    }
    if (Date.now() > until) throw new Error(`Temporal ${what} within ${patience / 1_000} s: look at its log, and start the worker again`, { cause: trouble });
    await pause(glance, undefined, signal ? { signal } : {});
  }
}

/** `undefined` where Temporal refuses with this code. */
async function unlessCode<R>(code: number, ask: () => Promise<R>): Promise<R | undefined> {
  try {
    return await ask();
  } catch (error) {
    if (errorCode(error) === code) return undefined;
    if (errorCode(error) === codes.unimplemented) throw new Error('this Temporal server does not know versions of workers, which keep running instances with their code: server 1.28 or newer is needed', { cause: error });
    throw error;
  }
}
