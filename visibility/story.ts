import type { temporal } from '@temporalio/proto';
import type { StepDefinition } from '../contracts/define/definition.ts';
import { failureOf, quickAnswerIn, timeOf, valueOf } from './decode.ts';

type Event = temporal.api.history.v1.IHistoryEvent;

/** Tells in a sentence what an activity's event means for the instance; most events mean nothing to a reader. */
export function createActivityStory({ steps, tell }: { steps: ReadonlyMap<string, StepDefinition>; tell: (at: string, text: string) => void }) {
  /** By the number of the event that scheduled it. `before` is why it was tried before, as a quick step. */
  const asked = new Map<string, { readonly title: string; readonly before: string | undefined }>();
  /** What the failed first attempts of quick steps said, by activity id, until they are asked again. */
  const failedQuickly = new Map<string, string>();
  const titleBy = (scheduledEventId: unknown): string => `“${asked.get(String(scheduledEventId))?.title ?? ''}”`;
  const ended = ({ at, title, failure }: { at: string; title: string; failure: { readonly type: string; readonly message: string } | null | undefined }): void =>
    tell(at, failure ? `${title} ${failure.type === 'Rejected' ? 'was refused' : 'failed'}: ${failure.message}` : `${title} was done.`);

  return {
    apply(event: Event): void {
      const at = timeOf(event.eventTime) ?? '';
      // A run that continues another counts its events anew.
      if (event.workflowExecutionStartedEventAttributes) asked.clear();
      const { activityTaskScheduledEventAttributes: scheduled, activityTaskStartedEventAttributes: started } = event;
      const { activityTaskCompletedEventAttributes: completed, activityTaskFailedEventAttributes: failed, activityTaskTimedOutEventAttributes: timedOut } = event;
      const quick = quickAnswerIn(event);
      if (quick) {
        const { quick: activityId, failure } = quick;
        if (failure && failure.type !== 'Rejected') failedQuickly.set(activityId, failure.message);
        else ended({ at, title: `“${titleOf({ activityId, summary: undefined, steps })}”`, failure });
      }
      if (scheduled) {
        const activityId = scheduled.activityId ?? '';
        asked.set(String(event.eventId), { title: titleOf({ activityId, summary: valueOf(event.userMetadata?.summary), steps }), before: failedQuickly.get(activityId) });
        failedQuickly.delete(activityId);
      }
      if (started) {
        const { before } = asked.get(String(started.scheduledEventId)) ?? {};
        const attempt = (started.attempt ?? 1) + (before === undefined ? 0 : 1);
        if (attempt > 1) tell(at, `${titleBy(started.scheduledEventId)} began its attempt ${attempt}, after: ${failureOf(started.lastFailure)?.message ?? before ?? ''}`);
      }
      if (completed) ended({ at, title: titleBy(completed.scheduledEventId), failure: null });
      const broken = failed ?? timedOut;
      if (broken) ended({ at, title: titleBy(broken.scheduledEventId), failure: failureOf(broken.failure) ?? { type: '', message: '' } });
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
