import type { temporal } from '@temporalio/proto';
import type { StepDefinition } from '../contracts/define/definition.ts';
import { placeOf, visitOfSubInstance } from '../contracts/ids.ts';
import { failureOf, firstOf, timeOf } from './decode.ts';
import type { FailureView, VisitView } from './instance-view.ts';

type Event = temporal.api.history.v1.IHistoryEvent;

/** One visit of a step that runs a sub-process: all rounds of the same instance id. */
interface Draft {
  readonly id: string;
  readonly step: StepDefinition;
  readonly instance: string;
  readonly scheduledAt: string;
  rounds: number;
  input: unknown;
  startedAt: string | null;
  closedAt: string | null;
  state: 'running' | 'completed' | 'rejected' | 'failed' | 'cancelled';
  output: unknown;
  failure: FailureView | null;
}

export type SubProcesses = ReturnType<typeof createSubProcesses>;

/** Collects what the history tells of the sub-processes that steps run. */
export function createSubProcesses({ steps, tell }: { steps: ReadonlyMap<string, StepDefinition>; tell: (at: string, text: string) => void }) {
  const drafts = new Map<string, Draft>();
  const byInitiation = new Map<string, Draft>();

  const close = (initiatedEventId: unknown, patch: Partial<Draft> & { readonly closedAt: string }, says: (draft: Draft) => string): void => {
    const draft = byInitiation.get(String(initiatedEventId));
    if (!draft) return;
    Object.assign(draft, patch);
    tell(patch.closedAt, `Sub-process “${draft.step.title}” ${says(draft)}`);
  };
  const fail = (initiatedEventId: unknown, closedAt: string, failure: FailureView): void =>
    close(initiatedEventId, { closedAt, failure, state: failure.type === 'Rejected' ? 'rejected' : 'failed' }, () => `${failure.type === 'Rejected' ? 'ended as rejected' : 'failed'}: ${failure.message}`);

  /** One entry for each event that has something to say here. */
  const readers: { readonly [A in keyof Event]?: (attributes: NonNullable<Event[A]>, at: string, eventId: unknown) => void } = {
    startChildWorkflowExecutionInitiatedEventAttributes: ({ workflowId, input }, at, eventId) => {
      const instance = workflowId ?? '';
      const id = visitOfSubInstance(instance);
      const step = steps.get(placeOf(id).step);
      if (step?.kind !== 'process') return;
      const before = drafts.get(id);
      const draft: Draft = { id, step, instance, scheduledAt: before?.scheduledAt ?? at, rounds: (before?.rounds ?? 0) + 1, input: firstOf(input), startedAt: null, closedAt: null, state: 'running', output: undefined, failure: before?.failure ?? null };
      drafts.set(id, draft);
      byInitiation.set(String(eventId), draft);
    },
    childWorkflowExecutionStartedEventAttributes: ({ initiatedEventId }, at) => {
      const draft = byInitiation.get(String(initiatedEventId));
      if (!draft) return;
      draft.startedAt = at;
      tell(at, `Sub-process “${draft.step.title}” began: ${draft.instance}.`);
    },
    childWorkflowExecutionCompletedEventAttributes: ({ initiatedEventId, result }, closedAt) =>
      close(initiatedEventId, { closedAt, state: 'completed', output: outputOfSub(firstOf(result)) }, () => 'completed.'),
    childWorkflowExecutionFailedEventAttributes: ({ initiatedEventId, failure }, at) => fail(initiatedEventId, at, failureOf(failure) ?? { type: 'Unexpected', message: '', evidence: [] }),
    childWorkflowExecutionTimedOutEventAttributes: ({ initiatedEventId }, at) => fail(initiatedEventId, at, { type: 'TimedOut', message: 'the time for the whole instance ran out', evidence: [] }),
    childWorkflowExecutionTerminatedEventAttributes: ({ initiatedEventId }, at) => fail(initiatedEventId, at, { type: 'Terminated', message: 'somebody terminated it; nothing was compensated', evidence: [] }),
    startChildWorkflowExecutionFailedEventAttributes: ({ initiatedEventId }, at) => fail(initiatedEventId, at, { type: 'Conflict', message: 'an instance of this id runs already', evidence: [] }),
    childWorkflowExecutionCanceledEventAttributes: ({ initiatedEventId }, closedAt) => close(initiatedEventId, { closedAt, state: 'cancelled' }, () => 'was cancelled.'),
    // A run that continues another counts its events anew.
    workflowExecutionStartedEventAttributes: () => byInitiation.clear(),
  };

  return {
    apply(event: Event): void {
      const at = timeOf(event.eventTime) ?? '';
      for (const [name, read] of Object.entries(readers)) {
        const attributes = event[name as keyof Event];
        if (attributes) (read as (attributes: unknown, at: string, eventId: unknown) => void)(attributes, at, event.eventId);
      }
    },
    /** Visits that the instance went back to before. */
    forget: (dropped: readonly string[]): void => dropped.forEach((id) => drafts.delete(id)),
    visits: (step: string): readonly number[] => [...drafts.values()].filter((draft) => draft.step.step === step).map(({ id }) => placeOf(id).visit),
    /** `undefined` for a visit that has begun nothing. */
    view({ id, visit }: { id: string; visit: number }): VisitView | undefined {
      const draft = drafts.get(id);
      if (!draft) return undefined;
      const { state, scheduledAt, startedAt, closedAt, rounds, input, output, failure, instance } = draft;
      return { visit, state, scheduledAt, startedAt, closedAt, attempts: rounds, nextAttemptAt: null, failedAttempts: [], input, output, failure, evidence: failure?.evidence ?? [], decision: null, instance };
    },
    /** What it was run with last. */
    input: (id: string): unknown => drafts.get(id)?.input,
    running: (): readonly Draft[] => [...drafts.values()].filter(({ state }) => state === 'running'),
  };
}

/** The output in what the workflow of a sub-process returns (`SubResult`). */
export const outputOfSub = (result: unknown): unknown => (typeof result === 'object' && result !== null && 'output' in result ? result.output : undefined);
