import type { temporal } from '@temporalio/proto';
import { type ProcessDefinition, type StepDefinition, systemOf } from '../contracts/define/definition.ts';
import { memoKeys, visitId } from '../contracts/verbs.ts';
import { fieldsOf, firstOf, timeOf } from './decode.ts';
import { createEnding, type Ending } from './ending.ts';
import type { CompensationView, IncidentView, InstanceView, StepView, TaskView, VisitView, WaitView } from './instance-view.ts';
import { createPeople, outcomeOf, type People, type TaskDraft } from './people.ts';
import { createActivityStory } from './story.ts';
import { type ActivityVisits, createActivityVisits } from './visits.ts';

type Event = temporal.api.history.v1.IHistoryEvent;
type Description = temporal.api.workflowservice.v1.IDescribeWorkflowExecutionResponse;

/** Where a view comes from: `describe` first, then the whole history of the same run, so that the history is never the older of the two. */
export interface Sources {
  readonly description: Description;
  readonly events: readonly Event[];
  readonly definition: ProcessDefinition;
}

/** Everything that is to be said of an instance. Pure: the same sources give the same view. */
export function viewInstance({ description, events, definition }: Sources): InstanceView {
  const visits = createActivityVisits();
  const people = createPeople();
  const ending = createEnding();
  const steps = new Map(definition.steps.map((step) => [step.step, step]));

  const started = events[0]?.workflowExecutionStartedEventAttributes;
  const startedAt = timeOf(events[0]?.eventTime) ?? '';
  const startMemo = fieldsOf(started?.memo?.fields);
  people.remember(startMemo, startedAt);
  people.tell(startedAt, `${people.memo[memoKeys.startedBy] ?? 'Somebody'} started “${definition.title}”.`);
  const activities = createActivityStory({ steps, tell: people.tell });
  for (const event of events) {
    visits.apply(event);
    people.apply(event);
    ending.apply({ event, tell: people.tell });
    activities.apply(event);
  }

  const context: Context = { description, visits, people };
  const tasks = openTasks(people);
  const incidents = incidentViews(context);
  const info = description.workflowExecutionInfo;
  return {
    id: info?.execution?.workflowId ?? '',
    runId: info?.execution?.runId ?? '',
    process: info?.type?.name ?? definition.name,
    title: definition.title,
    definition: textOrNull(people.memo[memoKeys.definition]),
    generation: people.memo[memoKeys.generation] === undefined ? (started?.firstExecutionRunId ?? '1') : String(people.memo[memoKeys.generation]),
    status: ending.status(),
    startedAt,
    startedBy: textOrNull(people.memo[memoKeys.startedBy]),
    closedAt: ending.closedAt(),
    input: firstOf(started?.input),
    output: ending.output(),
    failure: ending.failure(),
    cancelRequest: ending.cancelRequest(),
    waitingFor: ending.status() === 'running' ? waits({ tasks, incidents }) : [],
    steps: definition.steps.map((step) => stepView({ step, context, ending })),
    compensations: compensationViews({ context, steps }),
    tasks: ending.status() === 'running' ? tasks : [],
    incidents,
    problem: problemOf({ description, ending }),
    story: people.story,
  };
}

interface Context {
  readonly description: Description;
  readonly visits: ActivityVisits;
  readonly people: People;
}

function stepView({ step, context, ending }: { step: StepDefinition; context: Context; ending: Ending }): StepView {
  const visits = step.kind === 'human' ? taskVisits({ step, context }) : activityVisits({ step, context });
  const newest = visits.at(-1);
  const incident = troubleOf({ context, step: step.step, visit: 1, of: 'step' });
  const state = newest?.state ?? incident ?? 'notReached';
  // What an ended instance left behind does not run any more.
  const over = ending.status() !== 'running' && (state === 'running' || state === 'retrying' || state === 'waiting' || state === 'incident');
  return { step: step.step, title: step.title, kind: step.kind, of: step.of, state: over ? 'cancelled' : state, visits };
}

function activityVisits({ step, context }: { step: StepDefinition; context: Context }): readonly VisitView[] {
  const views: VisitView[] = [];
  for (let visit = 1; ; visit++) {
    const view = activityVisit({ id: visitId({ step: step.step, visit }), step: step.step, visit, of: 'step', context });
    if (!view) return views;
    views.push(view);
  }
}

function activityVisit({ id, step, visit, of, context }: { id: string; step: string; visit: number; of: 'step' | 'compensation'; context: Context }): VisitView | undefined {
  const pending = context.description.pendingActivities?.find(({ activityId }) => activityId === id);
  return context.visits.view({ id, visit, pending: pending ?? undefined, trouble: troubleOf({ context, step, visit, of }) });
}

/** The newest incident of a visit decides, unless its step was tried again since. */
function troubleOf({ context, step, visit, of }: { context: Context; step: string; visit: number; of: 'step' | 'compensation' }): 'incident' | 'failed' | null {
  const newest = [...context.people.incidents.values()].filter(({ memo }) => memo.step === step && memo.visit === visit && memo.of === of).at(-1);
  if (!newest) return null;
  if (newest.closedAt === null) return 'incident';
  return newest.resolution?.verb === 'fail' ? 'failed' : null;
}

function taskVisits({ step, context }: { step: StepDefinition; context: Context }): readonly VisitView[] {
  return [...context.people.tasks.values()].filter(({ memo }) => memo.step === step.step).map(taskVisit);
}

function taskVisit({ memo, decision, closedAt, claimedAt }: TaskDraft): VisitView {
  return {
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
  };
}

function compensationViews({ context, steps }: { context: Context; steps: ReadonlyMap<string, StepDefinition> }): readonly CompensationView[] {
  return context.visits.ids().flatMap((id) => {
    const [prefix, step = '', nth = '1'] = id.split(':');
    if (prefix !== 'undo') return [];
    const view = activityVisit({ id, step, visit: Number(nth), of: 'compensation', context });
    if (!view) return [];
    const { output } = view;
    const effect = steps.get(step)?.effect;
    const title = typeof effect === 'object' && effect !== null ? effect.compensation.title : `Undo ${step}`;
    const undone = typeof output === 'object' && output !== null && 'undone' in output ? output.undone === true : view.state === 'failed' ? false : null;
    return [{ ...view, step, title, undone }];
  });
}

const openTasks = ({ tasks }: People): readonly TaskView[] =>
  [...tasks.values()].filter(({ closedAt, decision }) => closedAt === null && !decision).map(({ id, memo }) => ({ id, ...memo }));

function incidentViews(context: Context): readonly IncidentView[] {
  return [...context.people.incidents.values()].map(({ id, memo, resolution }) => {
    const activityId = `${memo.of === 'compensation' ? 'undo:' : ''}${visitId(memo)}`;
    const visit = activityVisit({ id: activityId, step: memo.step, visit: memo.visit, of: memo.of, context });
    return { id, ...memo, evidence: visit?.failure?.evidence ?? [], resolution };
  });
}

function waits({ tasks, incidents }: { tasks: readonly TaskView[]; incidents: readonly IncidentView[] }): readonly WaitView[] {
  return [
    ...tasks.flatMap(({ candidateGroups, step, openedAt, title }) =>
      candidateGroups.map((name): WaitView => ({ kind: 'group', name, step, since: openedAt, why: title })),
    ),
    ...incidents
      .filter(({ resolution }) => resolution === null)
      .map(({ activity, step, openedAt, failure }): WaitView => ({ kind: 'system', name: activity.includes('.') ? systemOf(activity) : activity, step, since: openedAt, why: failure.message })),
  ];
}

/** A bug in the flow's code: Temporal tries the workflow task again until mended code is deployed. */
function problemOf({ description, ending }: { description: Description; ending: Ending }): InstanceView['problem'] {
  const problem = ending.problem();
  if (!problem || ending.status() !== 'running') return null;
  return { ...problem, attempt: description.pendingWorkflowTask?.attempt ?? 1 };
}

const textOrNull = (value: unknown): string | null => (typeof value === 'string' ? value : null);
