import type { FailedAttempts } from '../contracts/attempts.ts';
import type { Evidence } from '../contracts/documents.ts';
import type { StepKind } from '../contracts/define/process.ts';
import type { IncidentMemo, IncidentVerb, TaskMemo } from '../contracts/verbs.ts';
import type { PatchOperation } from './json-patch.ts';

/** Times are ISO 8601 in UTC throughout. */

export type InstanceStatus = 'running' | 'completed' | 'rejected' | 'failed' | 'cancelled' | 'terminated' | 'timedOut';

/** Everything that is to be said of one instance, computed from its history and `describe` alone. */
export interface InstanceView {
  readonly id: string;
  readonly runId: string;
  readonly process: string;
  readonly title: string;
  /** The digest of the definition that the instance runs by; `null` when it was started without one and has not run yet. */
  readonly definition: string | null;
  readonly generation: string;
  readonly status: InstanceStatus;
  readonly startedAt: string;
  readonly startedBy: string | null;
  readonly closedAt: string | null;
  readonly input: unknown;
  readonly output: unknown;
  /** Why it ended, where it did not complete. */
  readonly failure: FailureView | null;
  /** The step of another instance that runs this one. */
  readonly parent: { readonly id: string; readonly step: string; readonly visit: number } | null;
  readonly cancelRequest: { readonly reason: string; readonly by: string; readonly at: string } | null;
  /** Of its tasks among those of other instances: from 1, the most urgent, to 5. */
  readonly priority: number;
  /** Where it is paused: no further step of its flow begins. */
  readonly paused: { readonly by: string; readonly at: string; readonly reason: string } | null;
  readonly waitingFor: readonly WaitView[];
  /** Every step of the definition, in its order, those not reached included. */
  readonly steps: readonly StepView[];
  /** Newest undone first, as they ran. */
  readonly compensations: readonly CompensationView[];
  readonly tasks: readonly TaskView[];
  readonly incidents: readonly IncidentView[];
  /** The workflow task's own failure, where the flow's code has a bug that waits for mended code. */
  readonly problem: { readonly message: string; readonly attempt: number; readonly since: string } | null;
  readonly story: readonly StoryLine[];
}

export interface FailureView {
  readonly type: string;
  readonly message: string;
  readonly evidence: readonly Evidence[];
}

export interface WaitView {
  readonly kind: 'group' | 'system' | 'timer' | 'message' | 'process';
  /** The name of the group, system or message; the time that a timer waits for; the id of a sub-process. */
  readonly name: string;
  readonly step: string;
  readonly since: string;
  readonly why: string;
}

export type StepState =
  | 'notReached'
  /** Scheduled or running. */
  | 'running'
  /** An attempt failed, the next is due. */
  | 'retrying'
  /** For a person, a time or a message. */
  | 'waiting'
  | 'incident'
  | 'completed'
  | 'rejected'
  | 'failed'
  | 'skipped'
  | 'cancelled';

export interface StepView {
  readonly step: string;
  readonly title: string;
  readonly kind: StepKind;
  /** The system of an activity, the candidate groups of a task; of a timer nobody. */
  readonly of: readonly string[];
  /** The state of the newest visit. */
  readonly state: StepState;
  readonly visits: readonly VisitView[];
}

export interface VisitView {
  readonly visit: number;
  readonly state: StepState;
  /** When the step was reached. */
  readonly scheduledAt: string;
  /** The last attempt's start, of a person the claim; `null` when there was none, and between two attempts, when Temporal does not tell it. */
  readonly startedAt: string | null;
  readonly closedAt: string | null;
  /** Attempts of all rounds together; an incident's retry begins a new round. 1 for a person. Of a sub-process the rounds. */
  readonly attempts: number;
  readonly nextAttemptAt: string | null;
  readonly input: unknown;
  readonly output: unknown;
  /** The failure that ended the visit, or the newest that was overcome or is being retried. */
  readonly failure: FailureView | null;
  /** The attempts of the newest round that failed, the newest where they are many. */
  readonly failedAttempts: readonly FailedAttempts[];
  readonly evidence: readonly Evidence[];
  readonly decision: DecisionView | null;
  /** Of a sub-process: the id of its instance. */
  readonly instance?: string;
}

export interface DecisionView {
  readonly by: string;
  readonly at: string;
  readonly via: 'update' | 'signal';
  readonly outcome: string | null;
}

export interface CompensationView extends VisitView {
  readonly step: string;
  readonly title: string;
  /** `null` while it has not ended; `false` when there was nothing to undo or it was given up (see `state`). */
  readonly undone: boolean | null;
  /** Who undid it by hand, or gave it up; `null` where it was left to the system. */
  readonly by: string | null;
}

export interface TaskView extends TaskMemo {
  readonly id: string;
}

export interface IncidentView extends Omit<IncidentMemo, 'given' | 'assignee' | 'dueAt'> {
  readonly id: string;
  readonly assignee: string | null;
  readonly dueAt: string | null;
  readonly comments: readonly CommentView[];
  /** What the step was asked with, or, where that was unfit, would have been. */
  readonly input: unknown;
  /** The attempts that led to it, and those that failed since where it is tried on; the newest where they are many. */
  readonly failedAttempts: readonly FailedAttempts[];
  readonly evidence: readonly Evidence[];
  /** `null` while it is open. */
  readonly resolution: ResolutionView | null;
}

export interface CommentView {
  readonly by: string;
  readonly at: string;
  readonly text: string;
}

export interface ResolutionView {
  /** `recovered`: the system answered after all, while nobody had decided; `cancelled`: nobody waited for it any more. */
  readonly verb: IncidentVerb | 'recovered' | 'cancelled';
  readonly by: string | null;
  readonly at: string;
  readonly comment: string | null;
  /** What makes of `input` that with which it was tried again (RFC 6902); `null` where it was not changed. */
  readonly changes: readonly PatchOperation[] | null;
  /** What was supplied in the system's place. */
  readonly output?: unknown;
}

export interface StoryLine {
  readonly at: string;
  readonly text: string;
}
