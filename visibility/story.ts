import type { temporal } from '@temporalio/proto';
import type { StepDefinition } from '../contracts/define/definition.ts';
import { failureOf, timeOf, valueOf } from './decode.ts';

type Event = temporal.api.history.v1.IHistoryEvent;

/** Tells in a sentence what an activity's event means for the instance; most events mean nothing to a reader. */
export function createActivityStory({ steps, tell }: { steps: ReadonlyMap<string, StepDefinition>; tell: (at: string, text: string) => void }) {
  const titles = new Map<string, string>();
  const titleBy = (scheduledEventId: unknown): string => `“${titles.get(String(scheduledEventId)) ?? ''}”`;

  return {
    apply(event: Event): void {
      const at = timeOf(event.eventTime) ?? '';
      // A run that continues another counts its events anew.
      if (event.workflowExecutionStartedEventAttributes) titles.clear();
      const { activityTaskScheduledEventAttributes: scheduled, activityTaskStartedEventAttributes: started } = event;
      const { activityTaskCompletedEventAttributes: completed, activityTaskFailedEventAttributes: failed, activityTaskTimedOutEventAttributes: timedOut } = event;
      if (scheduled) titles.set(String(event.eventId), titleOf({ activityId: scheduled.activityId ?? '', summary: valueOf(event.userMetadata?.summary), steps }));
      if (started && (started.attempt ?? 1) > 1) {
        const { message = '' } = failureOf(started.lastFailure) ?? {};
        tell(at, `${titleBy(started.scheduledEventId)} began its attempt ${started.attempt}, after: ${message}`);
      }
      if (completed) tell(at, `${titleBy(completed.scheduledEventId)} was done.`);
      const broken = failed ?? timedOut;
      if (broken) {
        const { type, message } = failureOf(broken.failure) ?? { type: '', message: '' };
        tell(at, `${titleBy(broken.scheduledEventId)} ${type === 'Rejected' ? 'was refused' : 'failed'}: ${message}`);
      }
    },
  };
}

function titleOf({ activityId, summary, steps }: { activityId: string; summary: unknown; steps: ReadonlyMap<string, StepDefinition> }): string {
  const [first = '', second = ''] = activityId.split(':');
  if (first !== 'undo') return steps.get(first)?.title ?? activityId;
  const effect = steps.get(second)?.effect;
  if (typeof effect === 'object' && effect !== null) return effect.compensation.title;
  return typeof summary === 'string' ? summary : `Undo ${second}`;
}
