import type { temporal } from '@temporalio/proto';
import { decideSignal, type Decision, type IncidentMemo, type IncidentVerb, memoKeys, type SignalVerdict, type TaskMemo, type UpdateName } from '../contracts/verbs.ts';
import type { Evidence } from '../contracts/documents.ts';
import { fieldsOf, firstOf, timeOf } from './decode.ts';
import type { IncidentView, StoryLine } from './instance-view.ts';

type Event = temporal.api.history.v1.IHistoryEvent;

/** A task as the history tells it, open or closed. */
export interface TaskDraft {
  readonly id: string;
  memo: TaskMemo;
  closedAt: string | null;
  claimedAt: string | null;
  decision: (Decision & { readonly via: 'update' | 'signal' }) | null;
}

export interface IncidentDraft {
  readonly id: string;
  readonly memo: IncidentMemo;
  /** As it was when the incident opened. */
  readonly evidence: readonly Evidence[];
  closedAt: string | null;
  resolution: IncidentView['resolution'];
}

type Verb = { readonly name: UpdateName; readonly input: Record<string, unknown>; readonly at: string };

export type People = ReturnType<typeof createPeople>;

/** Collects what the history tells of tasks, incidents and those who acted on them. `evidenceOf`: what the failed activity left. */
export function createPeople(evidenceOf: (memo: IncidentMemo) => readonly Evidence[]) {
  const tasks = new Map<string, TaskDraft>();
  const incidents = new Map<string, IncidentDraft>();
  const accepted = new Map<string, Verb>();
  const signals: { readonly decision: unknown }[] = [];
  let heard = 0;
  const memo: Record<string, unknown> = {};
  const story: StoryLine[] = [];
  /** The lines that say that a task was withdrawn. */
  const withdrawals = new Map<string, StoryLine | undefined>();

  const tell = (at: string, text: string): void => void story.push({ at, text });

  const remember = (fields: Record<string, unknown>, at: string): void => {
    Object.assign(memo, fields);
    const told = fields[memoKeys.signals];
    if (Array.isArray(told)) hear(told as SignalVerdict[], at);
    for (const [key, value] of Object.entries(fields)) {
      const [kind, ...rest] = key.split(':');
      const id = rest.join(':');
      if (kind === 'task') noteTask(id, value as TaskMemo | null | undefined, at);
      if (kind === 'incident') noteIncident(id, value as IncidentMemo | null | undefined, at);
    }
  };

  const noteTask = (id: string, value: TaskMemo | null | undefined, at: string): void => {
    const known = tasks.get(id);
    if (!value) {
      if (known) known.closedAt = at;
      if (known && !known.decision) {
        tell(at, `“${known.memo.title}” was withdrawn.`);
        withdrawals.set(id, story.at(-1));
      }
    } else if (!known) {
      tasks.set(id, { id, memo: value, closedAt: null, claimedAt: null, decision: null });
      tell(at, `“${value.title}” waits for ${value.candidateGroups.join(' or ')}.`);
    } else {
      if (value.escalated && !known.memo.escalated) tell(at, `“${value.title}” is overdue and was escalated to ${value.candidateGroups.join(' and ')}.`);
      known.memo = value;
    }
  };

  const noteIncident = (id: string, value: IncidentMemo | null | undefined, at: string): void => {
    const known = incidents.get(id);
    if (value && !known) {
      incidents.set(id, { id, memo: value, evidence: evidenceOf(value), closedAt: null, resolution: null });
      tell(at, `Incident ${id}: “${value.title}” needs an operator: ${value.failure.message}`);
    } else if (!value && known) {
      known.closedAt = at;
      known.resolution ??= { verb: 'cancelled', by: null, at, comment: null };
    }
  };

  /** Each signal writes its verdict once, as the last of the list: the nth writing is about the nth signal. */
  const hear = (told: readonly SignalVerdict[], at: string): void => {
    const signal = signals[heard++];
    const verdict = told.at(-1);
    if (!signal || !verdict) return;
    const { task, user, refused } = verdict;
    const draft = tasks.get(task);
    if (refused) tell(at, `A decision by signal in the name of ${user} on “${draft?.memo.title ?? task}” was refused: ${refused.message}`);
    else if (draft) decide(draft, { task, decidedBy: user, decidedAt: at, decision: signal.decision, via: 'signal' });
  };

  const decide = (draft: TaskDraft, decision: NonNullable<TaskDraft['decision']>): void => {
    if (draft.decision) return;
    draft.decision = decision;
    // A task closes some events before it is told that a decision closed it.
    const withdrawn = withdrawals.get(draft.id);
    if (withdrawn) story.splice(story.indexOf(withdrawn), 1);
    const by = decision.via === 'signal' ? `${decision.decidedBy} (by signal)` : decision.decidedBy;
    tell(decision.decidedAt, `${by} decided “${draft.memo.title}”: ${outcomeOf(decision.decision) ?? 'done'}${reasonOf(decision.decision)}.`);
  };

  /** What a verb did, once the instance has answered it. */
  const done: { readonly [N in UpdateName]: (verb: Verb, answer: unknown) => void } = {
    'task.claim': ({ input, at }) => {
      const draft = tasks.get(String(input.task));
      if (draft) draft.claimedAt = at;
      tell(at, `${userOf(input)} claimed “${draft?.memo.title ?? String(input.task)}”.`);
    },
    'task.release': ({ input, at }) => {
      const draft = tasks.get(String(input.task));
      if (draft) draft.claimedAt = null;
      tell(at, `${userOf(input)} released “${draft?.memo.title ?? String(input.task)}”.`);
    },
    'task.complete': (_verb, answer) => {
      const decision = answer as Decision;
      const draft = tasks.get(decision.task);
      if (draft) decide(draft, { ...decision, via: 'update' });
    },
    'incident.retry': (verb) => resolve(verb, 'retry'),
    'incident.skip': (verb) => resolve(verb, 'skip'),
    'incident.fail': (verb) => resolve(verb, 'fail'),
  };

  const resolve = ({ input, at }: Verb, verb: IncidentVerb): void => {
    const incident = incidents.get(String(input.incident));
    const words = input.reason ?? input.comment;
    const comment = typeof words === 'string' ? words : null;
    if (incident) incident.resolution = { verb, by: userOf(input), at, comment };
    tell(at, `${userOf(input)} resolved incident ${String(input.incident)} with ${verb}${comment === null ? '' : `: ${comment}`}.`);
  };

  const apply = (event: Event): void => {
    const at = timeOf(event.eventTime) ?? '';
    const { workflowPropertiesModifiedEventAttributes: upsert, workflowExecutionSignaledEventAttributes: signal } = event;
    const { workflowExecutionUpdateAcceptedEventAttributes: accept, workflowExecutionUpdateCompletedEventAttributes: complete } = event;
    if (upsert) remember(fieldsOf(upsert.upsertedMemo?.fields), at);
    if (signal?.signalName === decideSignal) {
      const input = firstOf(signal.input);
      signals.push({ decision: typeof input === 'object' && input !== null && 'decision' in input ? input.decision : undefined });
    }
    if (accept) {
      const { name, args } = accept.acceptedRequest?.input ?? {};
      const input = firstOf(args);
      if (name && Object.hasOwn(done, name) && typeof input === 'object' && input !== null) {
        accepted.set(accept.protocolInstanceId ?? '', { name: name as UpdateName, input: input as Record<string, unknown>, at });
      }
    }
    if (complete) {
      const verb = accepted.get(complete.meta?.updateId ?? '');
      if (verb && complete.outcome?.success) done[verb.name](verb, firstOf(complete.outcome.success));
    }
  };

  return { apply, tell, tasks, incidents, memo, story };
}

const userOf = (input: Record<string, unknown>): string => {
  const { actor } = input;
  return typeof actor === 'object' && actor !== null && 'user' in actor ? String(actor.user) : 'somebody';
};

/** By custom, decisions are told apart by their field `outcome`. */
export const outcomeOf = (decision: unknown): string | null =>
  typeof decision === 'object' && decision !== null && 'outcome' in decision ? String(decision.outcome) : null;

const reasonOf = (decision: unknown): string =>
  typeof decision === 'object' && decision !== null && 'reason' in decision ? ` (${String(decision.reason)})` : '';
