import proto from '@temporalio/proto';
import { unavailable } from '../contracts/failures.ts';
import { isoOf } from './payloads.ts';
import type { Temporal } from './temporal.ts';

/** Milliseconds: a worker's poll ends after a minute at the latest, and is followed by the next, on a busy machine not at once. Temporal itself remembers five minutes. */
const recent = 130_000;

interface Wanted {
  readonly taskQueue: string;
  /** The build that an instance is pinned to; without one, any worker will do. */
  readonly build: string | undefined;
}

/** @throws Unavailable when no workflow worker has polled lately, or none that runs the build: what is sent now would wait for nobody */
export async function requirePoller({ ask, namespace }: Temporal, { taskQueue, build }: Wanted): Promise<void> {
  const answer = await ask((service) =>
    service.describeTaskQueue({ namespace, taskQueue: { name: taskQueue }, taskQueueType: proto.temporal.api.enums.v1.TaskQueueType.TASK_QUEUE_TYPE_WORKFLOW }),
  );
  const now = Date.now();
  const pollers = (answer.pollers ?? []).filter(({ lastAccessTime }) => now - Date.parse(isoOf(lastAccessTime) ?? '') < recent);
  if (pollers.length === 0) throw unavailable(`no worker polls the task queue "${taskQueue}": nothing was recorded. Start a worker and send it again.`);
  if (build === undefined || pollers.some(({ deploymentOptions }) => deploymentOptions?.buildId === build)) return;
  throw unavailable(
    `no worker runs build ${build}, which the instance began with: nothing was recorded. The log of the workers for workflows says why; ` +
      'docs/operating.md, "Deploys", says what to do. Then send it again.',
  );
}
