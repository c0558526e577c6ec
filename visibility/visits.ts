import type { temporal } from '@temporalio/proto';
import type { QuickAnswer } from '../contracts/quick.ts';
import { type FailedAttempts, joined } from '../contracts/attempts.ts';
import { visitOf } from '../contracts/ids.ts';
import { attemptsIn, evidenceIn, failureOf, firstOf, quickAnswerIn, timeOf, valueOf } from './decode.ts';
import type { FailureView, StepState, VisitView } from './instance-view.ts';

type Event = temporal.api.history.v1.IHistoryEvent;
type Failure = temporal.api.failure.v1.IFailure;
type Pending = temporal.api.workflow.v1.IPendingActivityInfo;

/** The attempts from one decision of a person to the next. */
interface Round {
  /** The first that Temporal counts: 2 after a quick attempt. */
  readonly first: number;
  /** The number of the newest that has begun. */
  begun: number;
  /** Of a quick attempt before. */
  readonly quickly: readonly FailedAttempts[];
  failed: readonly FailedAttempts[];
}

/** One visit of a step that asks a system: all rounds of the same activity id. */
interface Draft {
  readonly title: string | undefined;
  scheduledAt: string;
  startedAt: string | null;
  closedAt: string | null;
  /** Attempts of the rounds that have closed. */
  attempts: number;
  readonly rounds: readonly Round[];
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
        rounds: begin(before?.rounds ?? []),
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
    const round = draft?.rounds.at(-1);
    if (started && draft && round) {
      draft.startedAt = at;
      draft.attempts += started.attempt ?? 1;
      draft.failure = failureOf(started.lastFailure) ?? draft.failure;
      round.begun = round.first - 1 + (started.attempt ?? 1);
      if (started.lastFailure) round.failed = attemptsIn(started.lastFailure, { first: round.first, upTo: round.begun - 1 });
    }
    const { activityTaskCompletedEventAttributes: completed, activityTaskFailedEventAttributes: failed } = event;
    const { activityTaskTimedOutEventAttributes: timedOut, activityTaskCanceledEventAttributes: canceled } = event;
    if (completed) close(completed.scheduledEventId, 'completed', { closedAt: at, output: firstOf(completed.result) });
    const fail = (end: { readonly scheduledEventId?: unknown; readonly failure?: Failure | null }): void => {
      const last = draftOf(end.scheduledEventId)?.rounds.at(-1);
      if (last) last.failed = attemptsIn(end.failure, { first: last.first, upTo: last.begun });
      close(end.scheduledEventId, 'failed', { closedAt: at, failure: failureOf(end.failure) });
    };
    if (failed) fail(failed);
    if (timedOut) fail(timedOut);
    if (canceled) close(canceled.scheduledEventId, 'cancelled', { closedAt: at });
  };

  return {
    apply,
    /** Visits that the instance went back to before. */
    forget(dropped: readonly string[]): void {
      for (const id of [...drafts.keys()]) if (dropped.includes(visitOf(id))) drafts.delete(id);
    },
    ids: (): readonly string[] => [...drafts.keys()],
    title: (id: string): string | undefined => drafts.get(id)?.title,
    /** What it was asked with last. */
    input: (id: string): unknown => drafts.get(id)?.input,
    succeeded: (id: string): boolean => drafts.get(id)?.end === 'completed',
    /** How many rounds it has had. */
    rounds: (id: string): number => drafts.get(id)?.rounds.length ?? 0,
    /** Those of a round, counted from 1, that failed. */
    failedAttempts({ id, round, pending }: { id: string; round: number; pending: Pending | undefined }): readonly FailedAttempts[] {
      const draft = drafts.get(id);
      const isNewest = draft?.rounds.length === round;
      return failedIn(draft?.rounds[round - 1], isNewest && draft.end === null ? pending : undefined);
    },
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
        failedAttempts: failedIn(draft.rounds.at(-1), running),
        evidence: [...evidenceIn(draft.output), ...(failure?.evidence ?? [])],
        decision: null,
      };
    },
  };
}

/** The first attempt of a quick step; where it failed, an ordinary activity follows in the same workflow task, unless nobody waits for it any more. */
function quickDraft({ quick: { input, startedAt, closedAt, output, failure }, before }: { quick: QuickAnswer; before: Draft | undefined }): Draft {
  return {
    title: undefined,
    scheduledAt: before?.scheduledAt ?? startedAt,
    startedAt,
    closedAt,
    attempts: (before?.attempts ?? 0) + 1,
    rounds: [...(before?.rounds ?? []), { first: 1, begun: 1, quickly: failure ? [{ from: 1, to: 1, since: closedAt, until: closedAt, type: failure.type, message: failure.message }] : [], failed: [] }],
    end: failure ? (failure.type === 'Rejected' ? 'failed' : 'cancelled') : 'completed',
    input,
    output,
    failure: failure ? { type: failure.type, message: failure.message, evidence: evidenceIn(failure.details) } : null,
  };
}

/** A quick attempt and the ordinary ones after it are one round. */
function begin(rounds: readonly Round[]): readonly Round[] {
  const last = rounds.at(-1);
  const goesOn = last !== undefined && last.first === 1 && last.quickly.length > 0;
  return goesOn ? [...rounds.slice(0, -1), { ...last, first: 2 }] : [...rounds, { first: 1, begun: 0, quickly: [], failed: [] }];
}

function failedIn(round: Round | undefined, pending: Pending | undefined): readonly FailedAttempts[] {
  if (!round) return [];
  const { first, quickly, failed } = round;
  // Of an attempt that is not over, or not the last, its heartbeat tells the whole; of the failure before it Temporal may cut off the end.
  const upTo = first + (pending?.attempt ?? 1) - 2;
  return (pending ? attemptsIn(pending.lastFailure, { first, upTo, heartbeat: pending.heartbeatDetails }) : failed).reduce(joined, quickly);
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
