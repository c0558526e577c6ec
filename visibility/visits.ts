import type { temporal } from '@temporalio/proto';
import type { QuickAnswer } from '../contracts/quick.ts';
import { evidenceIn, failureOf, firstOf, quickAnswerIn, timeOf, valueOf } from './decode.ts';
import type { FailureView, StepState, VisitView } from './instance-view.ts';

type Event = temporal.api.history.v1.IHistoryEvent;
type Pending = temporal.api.workflow.v1.IPendingActivityInfo;

/** One visit of a step that asks a system: all rounds of the same activity id. */
interface Draft {
  readonly title: string | undefined;
  scheduledAt: string;
  startedAt: string | null;
  closedAt: string | null;
  /** Attempts of the rounds that have closed. */
  attempts: number;
  end: 'completed' | 'failed' | 'cancelled' | null;
  input: unknown;
  output: unknown;
  failure: FailureView | null;
}

export type ActivityVisits = ReturnType<typeof createActivityVisits>;

/** Collects what the history tells of activities, by activity id. */
export function createActivityVisits() {
  const drafts = new Map<string, Draft>();
  const bySchedule = new Map<string, Draft>();
  const draftOf = (scheduledEventId: unknown): Draft | undefined => bySchedule.get(String(scheduledEventId));

  const close = (scheduledEventId: unknown, end: NonNullable<Draft['end']>, patch: Partial<Draft>): void => {
    const draft = draftOf(scheduledEventId);
    if (draft) Object.assign(draft, { end }, patch);
  };

  /** Applies one event; says which activity it was about. */
  const apply = (event: Event): void => {
    const at = timeOf(event.eventTime) ?? '';
    // A run that continues another counts its events anew.
    if (event.workflowExecutionStartedEventAttributes) bySchedule.clear();
    const scheduled = event.activityTaskScheduledEventAttributes;
    if (scheduled) {
      const id = scheduled.activityId ?? '';
      const before = drafts.get(id);
      const draft: Draft = {
        title: textOf(valueOf(event.userMetadata?.summary)),
        scheduledAt: before?.scheduledAt ?? at,
        startedAt: null,
        closedAt: null,
        attempts: before?.attempts ?? 0,
        end: null,
        input: firstOf(scheduled.input),
        output: undefined,
        failure: before?.failure ?? null,
      };
      drafts.set(id, draft);
      bySchedule.set(String(event.eventId), draft);
    }
    const quick = quickAnswerIn(event);
    if (quick) drafts.set(quick.quick, quickDraft({ quick, before: drafts.get(quick.quick) }));
    const started = event.activityTaskStartedEventAttributes;
    const draft = draftOf(started?.scheduledEventId);
    if (started && draft) {
      draft.startedAt = at;
      draft.attempts += started.attempt ?? 1;
      draft.failure = failureOf(started.lastFailure) ?? draft.failure;
    }
    const { activityTaskCompletedEventAttributes: completed, activityTaskFailedEventAttributes: failed } = event;
    const { activityTaskTimedOutEventAttributes: timedOut, activityTaskCanceledEventAttributes: canceled } = event;
    if (completed) close(completed.scheduledEventId, 'completed', { closedAt: at, output: firstOf(completed.result) });
    if (failed) close(failed.scheduledEventId, 'failed', { closedAt: at, failure: failureOf(failed.failure) });
    if (timedOut) close(timedOut.scheduledEventId, 'failed', { closedAt: at, failure: failureOf(timedOut.failure) });
    if (canceled) close(canceled.scheduledEventId, 'cancelled', { closedAt: at });
  };

  return {
    apply,
    ids: (): readonly string[] => [...drafts.keys()],
    title: (id: string): string | undefined => drafts.get(id)?.title,
    /** The newest failure of a visit, overcome or not. */
    failure: (id: string): FailureView | null => drafts.get(id)?.failure ?? null,
    /** `undefined` for a visit that has asked nobody yet. */
    view({ id, visit, pending }: { id: string; visit: number; pending: Pending | undefined }): VisitView | undefined {
      const draft = drafts.get(id);
      if (!draft) return undefined;
      const running = draft.end === null ? pending : undefined;
      const failure = failureOf(running?.lastFailure) ?? draft.failure;
      return {
        visit,
        state: stateOf({ draft, pending: running }),
        scheduledAt: draft.scheduledAt,
        startedAt: draft.startedAt ?? timeOf(running?.lastStartedTime),
        closedAt: draft.closedAt,
        attempts: draft.attempts + attemptsOf(running),
        nextAttemptAt: isBetweenAttempts(running) ? timeOf(running?.nextAttemptScheduleTime) : null,
        input: draft.input,
        output: draft.output,
        failure,
        evidence: [...evidenceIn(draft.output), ...(failure?.evidence ?? [])],
        decision: null,
      };
    },
  };
}

/** The first attempt of a quick step; where it failed, an ordinary activity follows. */
function quickDraft({ quick: { input, startedAt, closedAt, output, failure }, before }: { quick: QuickAnswer; before: Draft | undefined }): Draft {
  return {
    title: undefined,
    scheduledAt: before?.scheduledAt ?? startedAt,
    startedAt,
    closedAt,
    attempts: (before?.attempts ?? 0) + 1,
    end: failure ? (failure.type === 'Cancelled' ? 'cancelled' : 'failed') : 'completed',
    input,
    output,
    failure: failure ? { type: failure.type, message: failure.message, evidence: evidenceIn(failure.details) } : null,
  };
}

function stateOf({ draft, pending }: { draft: Draft; pending: Pending | undefined }): StepState {
  if (draft.end === 'failed') return draft.failure?.type === 'Rejected' ? 'rejected' : 'failed';
  if (draft.end !== null) return draft.end;
  return isBetweenAttempts(pending) ? 'retrying' : 'running';
}

// enums.v1.PendingActivityState: 1 is SCHEDULED, 2 is STARTED.
const isScheduled = (pending: Pending | undefined): boolean => pending?.state === 1;
const isBetweenAttempts = (pending: Pending | undefined): boolean => isScheduled(pending) && (pending?.attempt ?? 1) > 1;

/** Attempts that have begun: the one that is due next does not count. */
function attemptsOf(pending: Pending | undefined): number {
  if (!pending) return 0;
  return (pending.attempt ?? 1) - (isScheduled(pending) ? 1 : 0);
}

const textOf = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);
