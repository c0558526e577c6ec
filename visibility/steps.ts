import type { temporal } from '@temporalio/proto';
import type { StepDefinition } from '../contracts/define/definition.ts';
import { isUndoing, placeOf, undoneAt, visitId } from '../contracts/ids.ts';
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

/** The ids under which a visit asks a system: its own, or that under which it places what a person is to be shown. */
const activityIds = (id: string): readonly string[] => [id, `show:${id}`];

export function stepView({ step: { step, title, kind, of }, told }: { step: StepDefinition; told: Told }): StepView {
  const visits = visitsOf({ step, told }).flatMap((visit) => visitView({ step, visit, told }) ?? []);
  return { step, title, kind, of, state: visits.at(-1)?.state ?? 'notReached', visits };
}

/** In their order; of many members of a `forEach` some may be missing that were never reached. */
function visitsOf({ step, told: { visits, people, timers, messages, subProcesses } }: { step: string; told: Told }): readonly number[] {
  const asked = visits.ids().map((id) => placeOf(id.startsWith('show:') ? id.slice('show:'.length) : id));
  const memos = [...people.tasks.values(), ...present(people)].map(({ memo }) => memo);
  const numbers = [...asked, ...memos].filter((place) => place.step === step).map(({ visit }) => visit);
  return [...new Set([...numbers, ...timers.visits(step), ...messages.visits(step), ...subProcesses.visits(step)])].sort((a, b) => a - b);
}

function visitView({ step, visit, told }: { step: string; visit: number; told: Told }): VisitView | undefined {
  const { people, timers, messages, subProcesses } = told;
  const id = visitId({ step, visit });
  const task = people.tasks.get(id);
  if (task) return leftBehind({ view: taskView(task), told });
  return askedView({ visit, ids: activityIds(id), told, other: timers.view({ id, visit }) ?? messages.view({ id }) ?? subProcesses.view({ id, visit }) });
}

export function compensationViews({ told, steps }: { told: Told; steps: ReadonlyMap<string, StepDefinition> }): readonly CompensationView[] {
  const ids = new Set([...told.visits.ids(), ...[...told.people.incidents.values()].map(({ activityId }) => activityId)]);
  return [...ids].flatMap((id) => {
    if (!isUndoing(id)) return [];
    const { step, visit } = placeOf(undoneAt(id));
    const view = askedView({ visit, ids: [id], told });
    if (!view) return [];
    const { output } = view;
    const effect = steps.get(step)?.effect;
    // That of a sub-process's step stands in another definition.
    const title = typeof effect === 'object' && effect !== null ? effect.compensation.title : (told.visits.title(id) ?? `Undo ${step}`);
    const undone = typeof output === 'object' && output !== null && 'undone' in output ? output.undone === true : view.state === 'failed' ? false : null;
    return [{ ...view, step, title, undone, by: byHand(incidentOf({ people: told.people, ids: [id] })) }];
  });
}

export const pendingOf = ({ description: { pendingActivities }, id }: Pick<Told, 'description'> & { id: string }): temporal.api.workflow.v1.IPendingActivityInfo | undefined =>
  pendingActivities?.find(({ activityId }) => activityId === id) ?? undefined;

/** The incidents that say something of how a step stands. */
const present = ({ incidents }: People): readonly IncidentDraft[] => [...incidents.values()].filter(({ past }) => past === null);

/** The newest that says how a visit stands. */
const incidentOf = ({ people, ids }: { people: People; ids: readonly string[] }): IncidentDraft | undefined => present(people).filter(({ activityId }) => ids.includes(activityId)).at(-1);

const byHand = (incident: IncidentDraft | undefined): string | null => (incident?.resolution?.verb === 'supply' || incident?.resolution?.verb === 'fail' ? incident.resolution.by : null);

/** What the events of its activities tell of a visit, or `other` where it asks none, and what people made of its incidents. */
function askedView({ visit, ids, told, other }: { visit: number; ids: readonly string[]; told: Told; other?: VisitView | undefined }): VisitView | undefined {
  const { description, visits, people } = told;
  const incident = incidentOf({ people, ids });
  const asked = ids
    .map((id) => visits.view({ id, visit, pending: pendingOf({ description, id }) }))
    .find((view) => view !== undefined) ?? other;
  if (!incident) return asked && leftBehind({ view: asked, told });
  const view = asked ?? neverAsked({ visit, incident });
  const failure = view.failure ?? { ...incident.memo.failure, evidence: incident.evidence };
  return leftBehind({ view: { ...view, failure, ...endIn(incident) }, told });
}

/** What an incident makes of its step; nothing when the step was tried again. */
function endIn({ closedAt, resolution }: IncidentDraft): Partial<VisitView> {
  if (closedAt === null) return { state: 'incident' };
  if (resolution?.verb === 'retry' || resolution?.verb === 'recovered') return {};
  if (resolution?.verb === 'supply') return { state: 'completed', output: resolution.output, closedAt };
  return { state: resolution === null ? 'cancelled' : ends[resolution.verb] };
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
  input: incident.input,
  output: undefined,
  failure: null,
  failedAttempts: [],
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
  failedAttempts: [],
  evidence: [],
  decision: decision && { by: decision.decidedBy, at: decision.decidedAt, via: decision.via, outcome: outcomeOf(decision.decision) },
});

const open: readonly StepState[] = ['running', 'retrying', 'waiting', 'incident'];

/** What an ended instance left behind does not run any more. */
function leftBehind({ view, told: { closedAt } }: { view: VisitView; told: Told }): VisitView {
  if (closedAt === null || !open.includes(view.state)) return view;
  return { ...view, state: 'cancelled', closedAt: view.closedAt ?? closedAt, nextAttemptAt: null };
}
