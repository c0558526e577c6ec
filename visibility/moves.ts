import type { temporal } from '@temporalio/proto';
import type { ProcessDefinition } from '../contracts/define/definition.ts';
import type { InstanceView, StepState } from './instance-view.ts';
import { growView } from './view.ts';
import type { Move } from './standing.ts';

/** What one event of a history tells: moves that it may have told in any order, and what else concerns the way of an instance. */
export interface Told {
  readonly moves: readonly Move[];
  /** Somebody ends the instance from outside from here on. */
  readonly aborts: boolean;
  /** The instance went back: what follows begins anew at the start. */
  readonly restarts: boolean;
  readonly event: number;
}

const isAbort = (event: temporal.api.history.v1.IHistoryEvent): boolean => (event.workflowExecutionCancelRequestedEventAttributes ?? null) !== null;

/** Whether an event was written by a workflow task, and not by what happened outside. */
function isWritten(event: temporal.api.history.v1.IHistoryEvent): boolean {
  if (event.workflowExecutionUpdateAcceptedEventAttributes ?? event.workflowExecutionUpdateCompletedEventAttributes) return true;
  return Object.values(event).some((part: unknown) => typeof part === 'object' && part !== null && 'workflowTaskCompletedEventId' in part && Number(part.workflowTaskCompletedEventId) > 0);
}

const open: readonly StepState[] = ['running', 'retrying', 'waiting', 'incident'];
const hows: Partial<Readonly<Record<StepState, NonNullable<Move['how']>>>> = { completed: 'completed', skipped: 'completed', rejected: 'failed', failed: 'failed', cancelled: 'cancelled' };

/** The moves of an instance in the order in which its history tells them, and how it ended. */
export function movesOf({ events, definition }: { events: readonly temporal.api.history.v1.IHistoryEvent[]; definition: ProcessDefinition }): { readonly told: readonly Told[]; readonly last: InstanceView } {
  const growing = growView(definition);
  const states = new Map<string, StepState>();
  const told: Told[] = [];
  let last = growing.view({});
  events.forEach((event, nth) => {
    growing.apply(event);
    const next = events[nth + 1];
    // What one workflow task wrote is one: a task closes some events before it is told who decided it.
    if (isWritten(event) && next && isWritten(next)) return;
    last = growing.view({});
    // What failed beyond its retries becomes an incident as soon as the flow's worker learns of it.
    const known = (state: StepState): StepState => (state === 'failed' && !isWritten(event) ? 'incident' : state);
    const visits = last.steps.flatMap(({ step, visits: of }) => of.map(({ visit, state }) => ({ step, visit, state: known(state), key: `${step}:${visit}` })));
    const there = new Set(visits.map(({ key }) => key));
    const dropped = [...states.keys()].filter((key) => !there.has(key));
    if (dropped.length > 0) {
      for (const key of dropped) states.delete(key);
      // What it keeps it learns anew, in the order in which it learned it.
      const kept = told.map((one) => ({ ...one, restarts: false, moves: one.moves.filter(({ step, visit }) => there.has(`${step}:${visit}`)) })).filter(({ moves: some }) => some.length > 0);
      told.splice(0, told.length, { moves: [], aborts: false, restarts: true, event: nth + 1 }, ...kept);
    }
    const moves = visits.flatMap(({ step, visit, state, key }): Move[] => {
      const before = states.get(key);
      states.set(key, state);
      const started: Move[] = before === undefined ? [{ step, visit, what: 'start' }] : [];
      const how = hows[state];
      const isOver = !open.includes(state) && (before === undefined || open.includes(before));
      return [...started, ...(isOver && how ? [{ step, visit, what: 'end' as const, how }] : [])];
    });
    const aborts = isAbort(event) || last.incidents.some(({ resolution }) => resolution?.verb === 'fail');
    const isNews = aborts && !told.some((one) => one.aborts);
    if (moves.length > 0 || isNews) told.push({ moves, aborts: isNews, restarts: false, event: nth + 1 });
  });
  return { told, last };
}
