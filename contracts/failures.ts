import { ApplicationFailure } from '@temporalio/common';
import type { FailedAttempts } from './attempts.ts';
import type { Evidence } from './documents.ts';

/**
 * Every failure that the product itself raises, named by who must act. A failure is told apart by its `type`, never by its class: types survive
 * Temporal's wire, classes do not. `retry` says whether asking again can help.
 */
export const failures = {
  /** The caller must send something else. */
  InvalidInput: { retry: false, actor: 'the caller' },
  /** Nobody: the business said no. A flow may catch it; uncaught it compensates and ends the instance as rejected. */
  Rejected: { retry: false, actor: 'nobody' },
  /** Wait; if it lasts, an operator. */
  Unavailable: { retry: true, actor: 'time, then an operator' },
  /** An operator: a bug, an answer nobody foresaw, a broken contract. */
  Unexpected: { retry: false, actor: 'an operator' },
  /** Escalation: nobody decided in time. */
  TaskExpired: { retry: false, actor: 'escalation' },
  /** The caller asked for something that is not there (any more). */
  NotFound: { retry: false, actor: 'the caller' },
  /** The caller may not do this. */
  NotPermitted: { retry: false, actor: 'the caller' },
  /** Somebody else was first, or the state no longer allows it. */
  Conflict: { retry: false, actor: 'the caller' },
} as const;

export type FailureType = keyof typeof failures;

/** What a failure carries beside its message. */
export interface FailureDetail {
  /** Where in the input or the answer, and what is wrong there. */
  readonly issues?: readonly { readonly path: string; readonly message: string }[];
  /** What can be looked at: screenshots, traces, responses. */
  readonly evidence?: readonly Evidence[];
  /** The attempt of the activity that failed, from 1. */
  readonly attempt?: number;
  /** This attempt and those before it, the newest where they are many. */
  readonly attempts?: readonly FailedAttempts[];
  /** Facts for machines, for example the HTTP status. */
  readonly facts?: Readonly<Record<string, string | number | boolean | null>>;
}

/** Milliseconds to wait before the next attempt, where the other side said so (Retry-After). */
type Options = FailureDetail & { readonly nextRetryDelay?: number; readonly cause?: Error };

function failure(type: FailureType) {
  return (message: string, { nextRetryDelay, cause, ...detail }: Options = {}): ApplicationFailure =>
    ApplicationFailure.create({
      type,
      message,
      nonRetryable: !failures[type].retry,
      details: Object.keys(detail).length > 0 ? [detail] : [],
      ...(nextRetryDelay === undefined ? {} : { nextRetryDelay }),
      ...(cause === undefined ? {} : { cause }),
    });
}

export const invalidInput = failure('InvalidInput');
export const rejected = failure('Rejected');
export const unavailable = failure('Unavailable');
export const unexpected = failure('Unexpected');
export const taskExpired = failure('TaskExpired');
export const notFound = failure('NotFound');
export const notPermitted = failure('NotPermitted');
export const conflict = failure('Conflict');
