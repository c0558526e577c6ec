import proto from '@temporalio/proto';
import { unavailable } from '../../contracts/failures.ts';
import { isoOf } from './payloads.ts';
import type { Temporal } from './temporal.ts';

/** Milliseconds: a worker's poll ends after a minute at the latest, and is followed by the next at once. Temporal itself remembers five minutes. */
const recent = 70_000;

/** @throws Unavailable when no workflow worker has polled lately: what is sent now would wait for nobody */
export async function requirePoller({ ask, namespace }: Temporal, taskQueue: string): Promise<void> {
  const { pollers } = await ask((service) =>
    service.describeTaskQueue({ namespace, taskQueue: { name: taskQueue }, taskQueueType: proto.temporal.api.enums.v1.TaskQueueType.TASK_QUEUE_TYPE_WORKFLOW }),
  );
  const now = Date.now();
  if ((pollers ?? []).some(({ lastAccessTime }) => now - Date.parse(isoOf(lastAccessTime) ?? '') < recent)) return;
  throw unavailable(`no worker polls the task queue "${taskQueue}": nothing was recorded. Start a worker and send it again.`);
}
