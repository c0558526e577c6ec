import { z } from 'zod';
import type { DocumentRef } from './documents.ts';
import type { RewindPlan } from './rewind.ts';

/**
 * What people and systems may say to an instance, and what an instance shows of itself. The names here are in histories, memos and search
 * attributes of running instances: changing one breaks them.
 */

/** Who speaks. The API takes it from the token; a signal's sender vouches for it by having access to Temporal. */
export const Actor = z.strictObject({ user: z.string().min(1).max(100), groups: z.array(z.string()).max(100) });
export type Actor = z.infer<typeof Actor>;

const taskId = z.string().min(1).max(100);
const incidentId = z.string().min(1).max(120);
const comment = z.string().max(1000);
/** Refused after this moment, so that a caller who was told "nothing was recorded" was told the truth even when workers come back late. */
const validUntil = z.iso.datetime().optional();

/** From 1, the most urgent, to 5; 3 where nobody has said anything. */
export const Priority = z.int().min(1).max(5);

/** Updates, by their Temporal name: what they take. */
export const updates = {
  'task.claim': z.strictObject({ task: taskId, actor: Actor, validUntil }),
  'task.release': z.strictObject({ task: taskId, actor: Actor, validUntil }),
  'task.complete': z.strictObject({ task: taskId, actor: Actor, decision: z.unknown(), validUntil }),
  /** `input`, where it is given, takes the place of what the step was asked with. */
  'incident.retry': z.strictObject({ incident: incidentId, actor: Actor, input: z.unknown().optional(), comment: comment.optional(), validUntil }),
  /** All that are open, or of them the members of a group. */
  'incidents.resolve': z.strictObject({ actor: Actor, verb: z.enum(['retry', 'skip', 'fail']), group: z.string().max(200).optional(), reason: comment.min(3), validUntil }),
  'incident.supply': z.strictObject({ incident: incidentId, actor: Actor, output: z.unknown(), reason: comment.min(3), validUntil }),
  'incident.skip': z.strictObject({ incident: incidentId, actor: Actor, reason: comment.min(3), validUntil }),
  'incident.fail': z.strictObject({ incident: incidentId, actor: Actor, reason: comment.min(3), validUntil }),
  /** What is left out stays as it is. */
  'incident.edit': z.strictObject({ incident: incidentId, actor: Actor, assignee: z.string().min(1).max(100).nullable().optional(), dueAt: z.iso.datetime().nullable().optional(), comment: comment.min(1).optional(), validUntil }),
  'instance.pause': z.strictObject({ actor: Actor, reason: comment.min(3), validUntil }),
  'instance.resume': z.strictObject({ actor: Actor, comment: comment.optional(), validUntil }),
  /** Kept in the history only: what it comes to is Temporal's matter. */
  'instance.priority': z.strictObject({ actor: Actor, priority: Priority, reason: comment.min(3), validUntil }),
  /** `visit`: the newest unless told. `confirm`: also where something cannot be undone. */
  'instance.rewind': z.strictObject({ actor: Actor, step: z.string().min(1).max(100), visit: z.int().min(1).optional(), reason: comment.min(3), confirm: z.boolean().optional(), validUntil }),
  'instance.note': z.strictObject({ actor: Actor, text: comment.min(1), validUntil }),
} as const;
export type UpdateName = keyof typeof updates;
export type UpdateInput<N extends UpdateName> = z.infer<(typeof updates)[N]>;

/** What each update answers. */
export interface UpdateAnswers {
  'task.claim': TaskAnswer;
  'task.release': TaskAnswer;
  /** The decision as it was recorded; the same decision by the same person again gets the first answer. */
  'task.complete': Decision;
  'incident.retry': IncidentAnswer;
  'incidents.resolve': { readonly incidents: readonly string[]; readonly resolution: IncidentVerb; readonly resolvedBy: string };
  'incident.supply': IncidentAnswer;
  'incident.skip': IncidentAnswer;
  'incident.fail': IncidentAnswer;
  'incident.edit': IncidentState;
  'instance.pause': PauseAnswer;
  'instance.resume': PauseAnswer;
  'instance.priority': { readonly by: string; readonly at: string; readonly priority: number; readonly reason: string };
  'instance.rewind': RewindPlan & { readonly by: string; readonly at: string };
  'instance.note': NoteAnswer;
}
export interface TaskAnswer {
  readonly task: string;
  readonly state: TaskState;
  readonly assignee: string | null;
}
export interface Decision {
  readonly task: string;
  readonly decidedBy: string;
  readonly decidedAt: string;
  readonly decision: unknown;
}
export const incidentVerbs = ['retry', 'supply', 'skip', 'fail'] as const;
/** How an operator resolves an incident. */
export type IncidentVerb = (typeof incidentVerbs)[number];
export interface IncidentAnswer {
  readonly incident: string;
  readonly resolution: IncidentVerb;
  readonly resolvedBy: string;
}

/** Whose an incident is, and until when it is to be resolved. */
export interface IncidentState {
  readonly incident: string;
  readonly assignee: string | null;
  /** ISO 8601, UTC */
  readonly dueAt: string | null;
}
export interface PauseAnswer {
  readonly paused: boolean;
  readonly by: string;
  readonly at: string;
  readonly reason: string;
}
export interface NoteAnswer {
  readonly by: string;
  readonly at: string;
  readonly text: string;
}

/** The signal by which a worker tells an instance that an activity has failed again and again, and is tried on. */
export const alarmSignal = 'alarm';
export const AlarmSignal = z.object({ activityId: z.string(), attempt: z.int(), type: z.string(), message: z.string() });
export type AlarmSignal = z.infer<typeof AlarmSignal>;

/** The signals by which an instance hands on to its sub-processes that it is paused, or goes on; whoever has access to Temporal can send them too. */
export const pauseSignals = { pause: 'pause', resume: 'resume' } as const;
export const PauseSignal = z.strictObject({ by: z.string().min(1).max(100), reason: comment });
export type PauseSignal = z.infer<typeof PauseSignal>;

/** The signal that decides a task. */
export const decideSignal = 'decide';
export const DecideSignal = z.strictObject({ task: taskId, actor: Actor, decision: z.unknown() });

/**
 * The signal that brings a message from the outside world. `id` tells one message from another: what comes again under the same name and id is dropped.
 * `from` is who sent it, where the sender says so.
 */
export const messageSignal = 'message';
export const MessageId = z.string().min(1).max(200);
export const MessageSignal = z.strictObject({ name: z.string().min(1).max(60), id: MessageId, payload: z.unknown(), from: z.string().max(100).optional() });
export type MessageSignal = z.infer<typeof MessageSignal>;

export const taskStates = ['ready', 'reserved'] as const;
/** Of an open task (WS-HumanTask's Ready and Reserved). */
export type TaskState = (typeof taskStates)[number];

/** An open task, under the memo key `task:<id>`. The id is the step, with `:<visit>` from the second visit on. */
export interface TaskMemo {
  readonly step: string;
  readonly visit: number;
  readonly title: string;
  readonly state: TaskState;
  readonly assignee: string | null;
  readonly candidateGroups: readonly string[];
  readonly excludedUsers: readonly string[];
  /** ISO 8601, UTC */
  readonly openedAt: string;
  readonly dueAt: string | null;
  readonly escalated: boolean;
  /** The digest of the form's JSON Schema; the schema stands in the process definition. */
  readonly form: string;
  /** What the person is shown, or where it lies when it is over 8 KB. */
  readonly shown: { readonly value: unknown } | { readonly document: z.infer<typeof DocumentRef> };
}

/** An open incident, under the memo key `incident:<id>`. The id is the activity id with `.1`, `.2` … for each incident of that step. */
export interface IncidentMemo {
  readonly step: string;
  readonly visit: number;
  readonly title: string;
  /** Whether the step itself or its compensation failed. */
  readonly of: 'step' | 'compensation';
  readonly activity: string;
  readonly failure: { readonly type: string; readonly message: string };
  /** Whether the step may be skipped. */
  readonly optional?: true;
  readonly openedAt: string;
  readonly assignee?: string | null;
  readonly dueAt?: string | null;
  /** What the step was given, where it was never asked because that is unfit, and no event shows it; left out over 8 KB. */
  readonly given?: unknown;
}

/** That the instance is paused, under the memo key `paused`. */
export interface PauseMemo {
  readonly by: string;
  readonly at: string;
  readonly reason: string;
}

/** A message that is waited for, under the memo key `message:<id>`; the id is that of the step's visit. */
export interface MessageMemo {
  readonly step: string;
  readonly visit: number;
  readonly title: string;
  readonly name: string;
  readonly openedAt: string;
  /** When the waiting ends by itself; `null` for never. */
  readonly until: string | null;
}

/** What became of messages, in the order in which it was found out, under the memo key `messages`. One that came too early is not told until it is taken. */
export interface MessageVerdict {
  readonly at: string;
  readonly name: string;
  /** `null` when the time was over. */
  readonly id: string | null;
  /** The visit that took it, by its id; `null` when it was refused. */
  readonly takenBy: string | null;
  /** Why nobody could take it. */
  readonly refused: string | null;
}

/** What became of each signal `decide`, in the order of their arrival, under the memo key `signals`. */
export interface SignalVerdict {
  readonly task: string;
  readonly user: string;
  readonly at: string;
  /** `null` when the decision was taken. */
  readonly refused: { readonly type: string; readonly message: string } | null;
}

export const memoKeys = {
  /** The digest of the process definition. */
  definition: 'definition',
  /** The number of the restart or rewind, from 1. Part of every idempotency key. */
  generation: 'generation',
  /** The user who started the instance. */
  startedBy: 'startedBy',
  task: (id: string) => `task:${id}`,
  incident: (id: string) => `incident:${id}`,
  signals: 'signals',
  message: (id: string) => `message:${id}`,
  messages: 'messages',
  paused: 'paused',
  /** Of a sub-process: the step that runs it. */
  parent: 'parent',
  /** Of a run that continues another: the first run of them all. */
  firstRun: 'firstRun',
} as const;

/** The step of another instance that runs this one. */
export interface ParentMemo {
  readonly id: string;
  /** The first run of the parent's chain. */
  readonly runId: string;
  readonly step: string;
  readonly visit: number;
}

/** What the workflow of a sub-process returns: its output, and what its parent may have to undo, in the order in which it was begun. */
export interface SubResult {
  readonly output: unknown;
  readonly undo: readonly { readonly activityId: string; readonly forwardKey: string; readonly input: unknown; readonly output?: unknown }[];
}

export const searchAttributes = {
  /** The groups whose open tasks and the systems whose open incidents an instance waits for. */
  WaitingFor: 'KeywordList',
  /** The groups of its open incidents (`incidentGroup`). */
  Incidents: 'KeywordList',
  /** `rejected` where an instance ended so; Temporal's own status knows only Failed. */
  Outcome: 'Keyword',
} as const;

export const taskQueues = { workflows: 'workflows', service: 'services', bot: 'bots', ai: 'ai' } as const;
