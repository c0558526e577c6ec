import type { temporal } from '@temporalio/proto';
import type { StepDefinition } from '../contracts/define/definition.ts';
import { placeOf, visitId } from '../contracts/verbs.ts';
import type { CompensationView, StepState, StepView, VisitView } from './instance-view.ts';
import { type IncidentDraft, outcomeOf, type People, type TaskDraft } from './people.ts';
import type { Messages } from './messages.ts';
import type { SubProcesses } from './sub-processes.ts';
import type { Timers } from './timers.ts';
import type { ActivityVisits } from './visits.ts';

/** What steps are told from. */
export interface Told {
  readonly description: temporal.api.workflowservice.v1.IDescribeWorkflowExecutionResponse;
  readonly visits: ActivityVisits;
  readonly people: People;
  readonly timers: Timers;
  readonly messages: Messages;
  readonly subProcesses: SubProcesses;
  /** When the instance ended. */
  readonly closedAt: string | null;
}

/** A visit of a step, or of a step's compensation. */
export interface Place {
  readonly step: string;
  readonly visit: number;
  readonly of: 'step' | 'compensation';
}

const undo = 'undo:';

/** The ids under which a visit asks a system: its own, or that under which it places what a person is to be shown. */
export const activityIds = ({ step, visit, of }: Place): readonly string[] => {
  const id = visitId({ step, visit });
  return of === 'compensation' ? [`${undo}${id}`] : [id, `show:${id}`];
};

export function stepView({ step: { step, title, kind, of }, told }: { step: StepDefinition; told: Told }): StepView {
  const visits = visitsOf({ step, told }).flatMap((visit) => visitView({ step, visit, told }) ?? []);
  return { step, title, kind, of, state: visits.at(-1)?.state ?? 'notReached', visits };
}

/** In their order; of many members of a `forEach` some may be missing that were never reached. */
function visitsOf({ step, told: { visits, people, timers, messages, subProcesses } }: { step: string; told: Told }): readonly number[] {
  const asked = visits.ids().map((id) => placeOf(id.startsWith('show:') ? id.slice('show:'.length) : id));
  const memos = [...people.tasks.values(), ...people.incidents.values()].map(({ memo }) => memo);
  const numbers = [...asked, ...memos].filter((place) => place.step === step).map(({ visit }) => visit);
  return [...new Set([...numbers, ...timers.visits(step), ...messages.visits(step), ...subProcesses.visits(step)])].sort((a, b) => a - b);
}

function visitView({ step, visit, told }: { step: string; visit: number; told: Told }): VisitView | undefined {
  const task = told.people.tasks.get(visitId({ step, visit }));
  return task ? leftBehind({ view: taskView(task), told }) : askedView({ place: { step, visit, of: 'step' }, told });
}

export function compensationViews({ told, steps }: { told: Told; steps: ReadonlyMap<string, StepDefinition> }): readonly CompensationView[] {
  return told.visits.ids().flatMap((id) => {
    if (!id.startsWith(undo)) return [];
    const { step, visit } = placeOf(id.slice(undo.length));
    const view = askedView({ place: { step, visit, of: 'compensation' }, told });
    if (!view) return [];
    const { output } = view;
    const effect = steps.get(step)?.effect;
    // That of a sub-process's step stands in another definition.
    const title = typeof effect === 'object' && effect !== null ? effect.compensation.title : (told.visits.title(id) ?? `Undo ${step}`);
    const undone = typeof output === 'object' && output !== null && 'undone' in output ? output.undone === true : view.state === 'failed' ? false : null;
    return [{ ...view, step, title, undone }];
  });
}

/** What the events of its activity or timer tell of a visit, and what people made of its incidents. */
function askedView({ place, told }: { place: Place; told: Told }): VisitView | undefined {
  const { description, visits, people, timers, messages, subProcesses } = told;
  const { step, visit, of } = place;
  const id = visitId({ step, visit });
  const incident = [...people.incidents.values()].filter(({ memo }) => memo.step === step && memo.visit === visit && memo.of === of).at(-1);
  const asked = activityIds(place)
    .map((id) => visits.view({ id, visit, pending: description.pendingActivities?.find(({ activityId }) => activityId === id) ?? undefined }))
    .find((view) => view !== undefined) ?? (of === 'step' ? (timers.view({ id, visit }) ?? messages.view({ id }) ?? subProcesses.view({ id, visit })) : undefined);
  if (!incident) return asked && leftBehind({ view: asked, told });
  const view = asked ?? neverAsked({ visit, incident });
  const failure = view.failure ?? { ...incident.memo.failure, evidence: incident.evidence };
  return leftBehind({ view: { ...view, failure, state: stateAfter(incident) ?? view.state }, told });
}

/** What an incident makes of its step's state; nothing when the step was tried again. */
function stateAfter({ closedAt, resolution }: IncidentDraft): StepState | null {
  if (closedAt === null) return 'incident';
  if (resolution?.verb === 'retry') return null;
  return resolution === null ? 'cancelled' : ends[resolution.verb];
}

const ends = { fail: 'failed', skip: 'skipped', cancelled: 'cancelled' } as const;

/** A step whose input was unfit: there is an incident, but nobody was asked. */
const neverAsked = ({ visit, incident }: { visit: number; incident: IncidentDraft }): VisitView => ({
  visit,
  state: 'running',
  scheduledAt: incident.memo.openedAt,
  startedAt: null,
  closedAt: null,
  attempts: 0,
  nextAttemptAt: null,
  input: undefined,
  output: undefined,
  failure: null,
  evidence: [],
  decision: null,
});

const taskView = ({ memo, decision, closedAt, claimedAt }: TaskDraft): VisitView => ({
  visit: memo.visit,
  state: decision ? 'completed' : closedAt === null ? 'waiting' : 'cancelled',
  scheduledAt: memo.openedAt,
  startedAt: claimedAt,
  closedAt: decision?.decidedAt ?? closedAt,
  attempts: 1,
  nextAttemptAt: null,
  input: 'value' in memo.shown ? memo.shown.value : memo.shown,
  output: decision ? { ...(decision.decision as object), decidedBy: decision.decidedBy } : undefined,
  failure: null,
  evidence: [],
  decision: decision && { by: decision.decidedBy, at: decision.decidedAt, via: decision.via, outcome: outcomeOf(decision.decision) },
});

const open: readonly StepState[] = ['running', 'retrying', 'waiting', 'incident'];

/** What an ended instance left behind does not run any more. */
function leftBehind({ view, told: { closedAt } }: { view: VisitView; told: Told }): VisitView {
  if (closedAt === null || !open.includes(view.state)) return view;
  return { ...view, state: 'cancelled', closedAt: view.closedAt ?? closedAt, nextAttemptAt: null };
}
