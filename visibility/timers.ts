import type { temporal } from '@temporalio/proto';
import type { StepDefinition } from '../contracts/define/definition.ts';
import { placeOf, visitOfTimer } from '../contracts/ids.ts';
import { timeOf, valueOf } from './decode.ts';
import type { VisitView } from './instance-view.ts';

type Event = temporal.api.history.v1.IHistoryEvent;

/** One visit of a timer step. */
interface Draft {
  readonly step: StepDefinition;
  readonly startedAt: string;
  readonly until: string;
  closedAt: string | null;
  state: 'waiting' | 'completed' | 'cancelled';
}

export type Timers = ReturnType<typeof createTimers>;

/** Collects what the history tells of timer steps, by the visit's id. Other timers, such as that of a task's due date, are not theirs. */
export function createTimers({ steps, tell }: { steps: ReadonlyMap<string, StepDefinition>; tell: (at: string, text: string) => void }) {
  const drafts = new Map<string, Draft>();
  const byTimerId = new Map<string, Draft>();

  const close = (timerId: unknown, state: Draft['state'], at: string): Draft | undefined => {
    const draft = byTimerId.get(String(timerId));
    return draft && Object.assign(draft, { state, closedAt: at });
  };

  return {
    apply(event: Event): void {
      const at = timeOf(event.eventTime) ?? '';
      const { timerStartedEventAttributes: started, timerFiredEventAttributes: fired, timerCanceledEventAttributes: canceled } = event;
      // A run that continues another counts its timers anew.
      if (event.workflowExecutionStartedEventAttributes) byTimerId.clear();
      if (started) {
        const summary = valueOf(event.userMetadata?.summary);
        const id = typeof summary === 'string' ? visitOfTimer(summary) : '';
        const step = steps.get(id.split(':')[0] ?? '');
        if (step?.kind !== 'timer') return;
        const { seconds, nanos } = started.startToFireTimeout ?? {};
        const until = new Date(Date.parse(at) + Number(seconds ?? 0) * 1_000 + Math.floor((nanos ?? 0) / 1e6)).toISOString();
        const former = drafts.get(id);
        const draft = former ?? { step, startedAt: at, until, closedAt: null, state: 'waiting' };
        drafts.set(id, draft);
        byTimerId.set(String(started.timerId), draft);
        if (!former) tell(at, `“${step.title}” waits until ${until}.`);
      }
      if (fired) {
        const draft = close(fired.timerId, 'completed', at);
        if (draft) tell(at, `“${draft.step.title}” is over.`);
      }
      if (canceled) close(canceled.timerId, 'cancelled', at);
    },
    /** Visits that the instance went back to before. */
    forget: (dropped: readonly string[]): void => dropped.forEach((id) => drafts.delete(id)),
    visits: (step: string): readonly number[] => [...drafts].filter(([, draft]) => draft.step.step === step).map(([id]) => placeOf(id).visit),
    /** `undefined` for a visit that has not begun to wait. */
    view({ id, visit }: { id: string; visit: number }): VisitView | undefined {
      const draft = drafts.get(id);
      if (!draft) return undefined;
      const { state, startedAt, closedAt, until } = draft;
      return { visit, state, scheduledAt: startedAt, startedAt, closedAt, attempts: 1, nextAttemptAt: null, input: { until }, output: undefined, failure: null, failedAttempts: [], evidence: [], decision: null };
    },
    waiting: (): readonly Draft[] => [...drafts.values()].filter(({ state }) => state === 'waiting'),
  };
}
