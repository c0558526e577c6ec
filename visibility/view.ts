import type { temporal } from '@temporalio/proto';
import { type ProcessDefinition, systemOf } from '../contracts/define/definition.ts';
import { visitId, visitOf } from '../contracts/ids.ts';
import { memoKeys, type ParentMemo, type PauseMemo } from '../contracts/verbs.ts';
import { fieldsOf, firstOf, timeOf } from './decode.ts';
import { createEnding, type Ending } from './ending.ts';
import type { CompensationView, IncidentView, InstanceView, TaskView, WaitView } from './instance-view.ts';
import { createMessages, type Messages } from './messages.ts';
import { createPeople, type People } from './people.ts';
import { compensationViews, pendingOf, stepView, type Told } from './steps.ts';
import { createActivityStory } from './story.ts';
import { createSubProcesses, outputOfSub, type SubProcesses } from './sub-processes.ts';
import { createTimers, type Timers } from './timers.ts';
import { createActivityVisits } from './visits.ts';

type Event = temporal.api.history.v1.IHistoryEvent;
type Description = temporal.api.workflowservice.v1.IDescribeWorkflowExecutionResponse;

/** Where a view comes from: `describe` first, then the whole history of the instance, so that the history is never the older of the two. */
export interface Sources {
  readonly description: Description;
  /** Of all its runs, where it continued as new, in their order. */
  readonly events: readonly Event[];
  readonly definition: ProcessDefinition;
}

/** Everything that is to be said of an instance. Pure: the same sources give the same view. */
export function viewInstance({ description, events, definition }: Sources): InstanceView {
  const growing = growView(definition);
  events.forEach(growing.apply);
  return growing.view(description);
}

export interface GrowingView {
  /** Takes the history's next event. */
  readonly apply: (event: Event) => void;
  /** What is to be said after the events so far. It shares parts with later views: keep a copy. */
  view(description: Description): InstanceView;
}

/** A view that takes the history event by event, for those who look again after each. */
export function growView(definition: ProcessDefinition): GrowingView {
  const visits = createActivityVisits();
  const people = createPeople({ forget, failedOf: (id) => ({ input: visits.input(id) ?? subProcesses.input(id), evidence: visits.failure(id)?.evidence ?? [], rounds: visits.rounds(id), failedAttempts: (round) => visits.failedAttempts({ id, round, pending: undefined }), recovered: visits.succeeded(id) }) });
  const ending = createEnding();
  const steps = new Map(definition.steps.map((step) => [step.step, step]));
  const activities = createActivityStory({ steps, tell: people.tell });
  const timers = createTimers({ steps, tell: people.tell });
  const messages = createMessages({ steps, tell: people.tell });
  const subProcesses = createSubProcesses({ steps, tell: people.tell });
  const undoneOnTheWay: CompensationView[] = [];
  function forget(dropped: readonly string[]): void {
    const told: Told = { description: {}, visits, people, timers, messages, subProcesses, closedAt: null };
    undoneOnTheWay.push(...compensationViews({ told, steps }).filter((one) => dropped.includes(visitOf(visitId(one)))));
    for (const kind of [visits, timers, messages, subProcesses]) kind.forget(dropped);
  }
  let started: Event['workflowExecutionStartedEventAttributes'];
  let startedAt = '';

  const begin = (first: Event): void => {
    started = first.workflowExecutionStartedEventAttributes;
    startedAt = timeOf(first.eventTime) ?? '';
    Object.assign(people.memo, fieldsOf(started?.memo?.fields));
    people.tell(startedAt, `${textOrNull(people.memo[memoKeys.startedBy]) ?? 'Somebody'} started “${definition.title}”.`);
  };

  return {
    apply(event) {
      if (startedAt === '') begin(event);
      visits.apply(event);
      people.apply(event);
      ending.apply({ event, tell: people.tell });
      activities.apply(event);
      timers.apply(event);
      messages.apply(event);
      subProcesses.apply(event);
    },
    view(description) {
      const closedAt = ending.closedAt();
      const told: Told = { description, visits, people, timers, messages, subProcesses, closedAt };
      const tasks = closedAt === null ? openTasks(people) : [];
      const incidents = incidentViews(told);
      const info = description.workflowExecutionInfo;
      const parent = people.memo[memoKeys.parent] as ParentMemo | null | undefined;
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
        closedAt,
        input: firstOf(started?.input),
        output: parent ? outputOfSub(ending.output()) : ending.output(),
        failure: ending.failure(),
        parent: parent ? { id: parent.id, step: parent.step, visit: parent.visit } : null,
        cancelRequest: ending.cancelRequest(),
        priority: info?.priority?.priorityKey || ordinaryPriority,
        paused: closedAt === null ? ((people.memo[memoKeys.paused] as PauseMemo | null | undefined) ?? null) : null,
        waitingFor: waits({ tasks, incidents, timers: closedAt === null ? timers.waiting() : [], messages: closedAt === null ? messages.waiting() : [], subProcesses: closedAt === null ? subProcesses.running() : [] }),
        steps: definition.steps.map((step) => stepView({ step, told })),
        compensations: [...undoneOnTheWay, ...compensationViews({ told, steps })],
        tasks,
        incidents,
        problem: problemOf({ description, ending }),
        story: people.story,
      };
    },
  };
}

/** Temporal's own, where nothing was said. */
const ordinaryPriority = 3;

const openTasks = ({ tasks }: People): readonly TaskView[] =>
  [...tasks.values()].filter(({ closedAt, decision }) => closedAt === null && !decision).map(({ id, memo }) => ({ id, ...memo }));

/** What an instance that ended did not resolve ended with it. */
function incidentViews({ description, visits, people, closedAt }: Told): readonly IncidentView[] {
  const withInstance: IncidentView['resolution'] = closedAt === null ? null : { verb: 'cancelled', by: null, at: closedAt, comment: null, changes: null };
  return [...people.incidents.values()].map(({ id, activityId, memo, comments, input, round, past, evidence, resolution }) => ({
    id,
    ...memo,
    assignee: memo.assignee ?? null,
    dueAt: memo.dueAt ?? null,
    comments,
    input,
    failedAttempts: past?.failedAttempts ?? visits.failedAttempts({ id: activityId, round, pending: pendingOf({ description, id: activityId }) }),
    evidence,
    resolution: resolution ?? withInstance,
  }));
}

interface Open {
  readonly tasks: readonly TaskView[];
  readonly incidents: readonly IncidentView[];
  readonly timers: ReturnType<Timers['waiting']>;
  readonly messages: ReturnType<Messages['waiting']>;
  readonly subProcesses: ReturnType<SubProcesses['running']>;
}

function waits({ tasks, incidents, timers, messages, subProcesses }: Open): readonly WaitView[] {
  return [
    ...tasks.flatMap(({ candidateGroups, step, openedAt, title }) =>
      candidateGroups.map((name): WaitView => ({ kind: 'group', name, step, since: openedAt, why: title })),
    ),
    ...incidents
      .filter(({ resolution }) => resolution === null)
      .map(({ activity, step, openedAt, failure }): WaitView => ({ kind: 'system', name: activity.includes('.') ? systemOf(activity) : activity, step, since: openedAt, why: failure.message })),
    ...timers.map(({ step, startedAt, until }): WaitView => ({ kind: 'timer', name: until, step: step.step, since: startedAt, why: step.title })),
    ...messages.map(({ step, title, openedAt, name }): WaitView => ({ kind: 'message', name, step, since: openedAt, why: title })),
    ...subProcesses.map(({ step, scheduledAt, instance }): WaitView => ({ kind: 'process', name: instance, step: step.step, since: scheduledAt, why: step.title })),
  ];
}

/** A bug in the flow's code: Temporal tries the workflow task again until mended code is deployed. */
function problemOf({ description, ending }: { description: Description; ending: Ending }): InstanceView['problem'] {
  const problem = ending.problem();
  if (!problem || ending.status() !== 'running') return null;
  return { ...problem, attempt: description.pendingWorkflowTask?.attempt ?? 1 };
}

const textOrNull = (value: unknown): string | null => (typeof value === 'string' ? value : null);
