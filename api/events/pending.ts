import type { temporal } from '@temporalio/proto';
import { errorMessage } from '../../platform/errors.ts';
import type { Log } from '../log.ts';
import type { Instance } from '../instances/view-schema.ts';
import { describeIfThere, type Description } from '../../engine/executions.ts';
import { isPassing } from '../../engine/grpc.ts';
import type { Temporal } from '../../engine/temporal.ts';
import { messageOf } from './message.ts';
import type { Telling } from './telling.ts';

type Event = temporal.api.history.v1.IHistoryEvent;

interface Deps {
  readonly temporal: Temporal;
  readonly id: string;
  readonly current: () => { readonly telling: Telling; readonly runId: string };
  readonly tell: (message: Buffer) => void;
  readonly signal: AbortSignal;
  readonly log: Log;
}

/** Milliseconds: most activities are over before the first look; what lasts is looked at less and less often. */
const pace = { first: 300, changed: 1_000, slowest: 5_000, slower: 1.5 } as const;

/**
 * Tells what the history does not have yet: attempts of running activities, and of a workflow task that fails. That stands in `describe` only, so it
 * is asked for while something runs. Listeners drop it at each message that has an id.
 */
export function createPending({ temporal, id, current, tell, signal, log }: Deps) {
  let described: Description = {};
  let shown = '[]';
  let wait: number = pace.first;
  let timer: NodeJS.Timeout | undefined;

  /** Whether there was something new to tell. */
  const show = (): boolean => {
    const patch = current().telling.beyond(described);
    const text = JSON.stringify(patch);
    if (text === shown) return false;
    shown = text;
    tell(messageOf({ event: 'pending', data: { patch } }));
    return true;
  };

  const lookAfter = (milliseconds: number): void => {
    clearTimeout(timer);
    wait = milliseconds;
    if (!signal.aborted && isActive(current().telling.instance())) timer = setTimeout(() => void look(), milliseconds).unref();
  };

  async function look(): Promise<void> {
    const { telling, runId } = current();
    const event = telling.event();
    try {
      const description = await describeIfThere(temporal, id);
      if (signal.aborted) return;
      // What came meanwhile may contradict it; then it is looked at again.
      if (current().telling !== telling || current().runId !== runId || telling.event() !== event || description?.workflowExecutionInfo?.execution?.runId !== runId) return lookAfter(pace.first);
      described = description;
      lookAfter(show() ? pace.changed : Math.min(wait * pace.slower, pace.slowest));
    } catch (error) {
      if (!isPassing(error)) log.error('an instance could not be looked at', { id, cause: errorMessage(error) });
      lookAfter(pace.slowest);
    }
  }

  signal.addEventListener('abort', () => clearTimeout(timer));

  return {
    /** Takes what is known already. */
    begin(description: Description): void {
      described = description;
      show();
      lookAfter(pace.changed);
    },
    /** To be called with each message that has an id. */
    forget(): void {
      shown = '[]';
    },
    /** To be called when the history has grown. */
    grown(events: readonly Event[]): void {
      const asked = new Set(events.map(({ activityTaskScheduledEventAttributes: scheduled }) => scheduled?.activityId));
      described = isActive(current().telling.instance()) ? { ...described, pendingActivities: described.pendingActivities?.filter(({ activityId }) => !asked.has(activityId)) ?? [] } : {};
      show();
      lookAfter(pace.first);
    },
    /** What somebody who comes now must be told; `undefined` where that is nothing. */
    message: (): Buffer | undefined => (shown === '[]' ? undefined : messageOf({ event: 'pending', data: { patch: JSON.parse(shown) as unknown } })),
  };
}

function isActive(instance: Instance | undefined): boolean {
  if (instance?.status !== 'running') return false;
  return instance.problem !== null || [...instance.steps.flatMap(({ visits }) => visits), ...instance.compensations].some(({ state }) => state === 'running');
}
