import type { temporal } from '@temporalio/proto';
import type { FailedAttempts } from '../contracts/attempts.ts';
import { visitOf } from '../contracts/ids.ts';
import { decideSignal, type Decision, type IncidentMemo, type IncidentVerb, memoKeys, type PauseMemo, PauseSignal, pauseSignals, type SignalVerdict, type TaskMemo, type UpdateAnswers, type UpdateName } from '../contracts/verbs.ts';
import type { Evidence } from '../contracts/documents.ts';
import { fieldsOf, firstOf, timeOf } from './decode.ts';
import type { CommentView, ResolutionView, StoryLine } from './instance-view.ts';
import { difference } from './json-patch.ts';

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
  readonly activityId: string;
  memo: IncidentMemo;
  readonly comments: CommentView[];
  /** As they were when the incident opened. */
  readonly evidence: readonly Evidence[];
  readonly input: unknown;
  /** Which round of its activity it is about, from 1; 0 where nobody was asked. */
  readonly round: number;
  /** As it was when the instance went back to before it: what is told of its step since is not told of this. */
  past: { readonly failedAttempts: readonly FailedAttempts[] } | null;
  closedAt: string | null;
  resolution: ResolutionView | null;
}

type Verb = { readonly input: Record<string, unknown>; readonly at: string };

export type People = ReturnType<typeof createPeople>;

/** What the history tells of what failed. */
export interface Failed {
  readonly input: unknown;
  readonly evidence: readonly Evidence[];
  /** How many rounds of attempts there were. */
  readonly rounds: number;
  /** Of a round, counted from 1, what is known without asking Temporal about attempts that go on. */
  readonly failedAttempts: (round: number) => readonly FailedAttempts[];
  /** Whether it has succeeded after all. */
  readonly recovered: boolean;
}

/** Collects what the history tells of tasks, incidents and those who acted on them. */
export function createPeople({ failedOf, forget }: { failedOf: (activityId: string) => Failed; forget: (visits: readonly string[]) => void }) {
  const tasks = new Map<string, TaskDraft>();
  const incidents = new Map<string, IncidentDraft>();
  /** Of a rewind: forgotten when the next run begins. */
  const dropping: string[] = [];
  const accepted = new Map<string, Verb & { readonly name: UpdateName }>();
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
      if (key === memoKeys.paused && value) tell(at, `${(value as PauseMemo).by} paused the instance: ${(value as PauseMemo).reason}`);
      if (kind === 'incident') noteIncident(id, value as IncidentMemo | null | undefined, at);
    }
  };

  const tellResumed = ({ at, by, reason }: { at: string; by: string; reason: unknown }): void => tell(at, `${by} resumed the instance${typeof reason === 'string' && reason !== '' ? `: ${reason}` : ''}.`);

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
    const { given, ...memo } = value ?? ({} as IncidentMemo);
    if (value && !known) {
      const activityId = id.slice(0, id.lastIndexOf('.'));
      const { input, evidence, rounds } = failedOf(activityId);
      incidents.set(id, { id, activityId, memo, comments: [], evidence, input: given === undefined ? input : given, round: given === undefined ? rounds : 0, past: null, closedAt: null, resolution: null });
      tell(at, `Incident ${id}: “${value.title}” needs an operator: ${value.failure.message}`);
    } else if (value && known) {
      known.memo = memo;
    } else if (!value && known) {
      known.closedAt = at;
      const { recovered } = failedOf(known.activityId);
      if (recovered && !known.resolution) tell(at, `Incident ${id} ended by itself: “${known.memo.title}” was done after all.`);
      known.resolution ??= { verb: recovered ? 'recovered' : 'cancelled', by: null, at, comment: null, changes: null };
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
    'incident.supply': (verb) => resolve(verb, 'supply'),
    'incident.skip': (verb) => resolve(verb, 'skip'),
    'incident.fail': (verb) => resolve(verb, 'fail'),
    'incidents.resolve': ({ input, at }, answer) => {
      const { incidents: ids, resolution } = answer as UpdateAnswers['incidents.resolve'];
      for (const incident of ids) resolve({ input: { ...input, incident }, at }, resolution);
    },
    'incident.edit': (verb) => edited(verb),
    // The memo tells it.
    'instance.pause': () => undefined,
    'instance.resume': ({ input, at }) => tellResumed({ at, by: userOf(input), reason: input.comment }),
    'instance.priority': ({ input, at }) => tell(at, `${userOf(input)} set the priority to ${String(input.priority)}: ${String(input.reason)}.`),
    'instance.rewind': ({ input, at }, answer) => {
      const { to, drops, cannot } = answer as UpdateAnswers['instance.rewind'];
      tell(at, `${userOf(input)} took the instance back to before “${to}”: ${String(input.reason)}.${cannot.length > 0 ? ` What ${cannot.join(', ')} did stays in the world.` : ''}`);
      dropping.push(...drops);
    },
    'instance.note': ({ input, at }) => tell(at, `${userOf(input)} noted: ${String(input.text)}`),
  };

  const edited = ({ input, at }: Verb): void => {
    const by = userOf(input);
    const id = String(input.incident);
    const { assignee, dueAt, comment } = input;
    if (typeof comment === 'string') incidents.get(id)?.comments.push({ by, at, text: comment });
    if (assignee === null) tell(at, `${by} assigned incident ${id} to nobody.`);
    if (typeof assignee === 'string') tell(at, `${by} assigned incident ${id} to ${assignee}.`);
    if (dueAt === null) tell(at, `${by} took back the due date of incident ${id}.`);
    if (typeof dueAt === 'string') tell(at, `${by} wants incident ${id} resolved until ${dueAt}.`);
    if (typeof comment === 'string') tell(at, `${by} commented on incident ${id}: ${comment}`);
  };

  const resolve = ({ input, at }: Verb, verb: IncidentVerb): void => {
    const incident = incidents.get(String(input.incident));
    const words = input.reason ?? input.comment;
    const comment = typeof words === 'string' ? words : null;
    const changes = incident && verb === 'retry' && 'input' in input ? difference(incident.input, input.input) : null;
    if (incident) incident.resolution = { verb, by: userOf(input), at, comment, changes, ...(verb === 'supply' ? { output: input.output } : {}) };
    tell(at, `${userOf(input)} resolved incident ${String(input.incident)} with ${verb}${changes ? ' and a changed input' : ''}${comment === null ? '' : `: ${comment}`}.`);
  };

  /** The instance went back: what is forgotten may come again under the same names. */
  const drop = (): void => {
    const dropped = dropping.splice(0);
    const ended = [...incidents.values()]
      .filter(({ activityId, past }) => past === null && dropped.includes(visitOf(activityId)))
      .map((incident) => ({ incident, past: { failedAttempts: failedOf(incident.activityId).failedAttempts(incident.round) } }));
    forget(dropped);
    for (const id of dropped) tasks.delete(id);
    for (const { incident, past } of ended) incident.past = past;
  };

  const apply = (event: Event): void => {
    const at = timeOf(event.eventTime) ?? '';
    const { workflowPropertiesModifiedEventAttributes: upsert, workflowExecutionSignaledEventAttributes: signal } = event;
    const { workflowExecutionUpdateAcceptedEventAttributes: accept, workflowExecutionUpdateCompletedEventAttributes: complete } = event;
    if (event.workflowExecutionStartedEventAttributes && dropping.length > 0) drop();
    if (upsert) remember(fieldsOf(upsert.upsertedMemo?.fields), at);
    if (signal?.signalName === decideSignal) {
      const input = firstOf(signal.input);
      signals.push({ decision: typeof input === 'object' && input !== null && 'decision' in input ? input.decision : undefined });
    }
    if (signal?.signalName === pauseSignals.resume) {
      const said = PauseSignal.safeParse(firstOf(signal.input));
      if (said.success && memo[memoKeys.paused]) tellResumed({ at, ...said.data });
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
