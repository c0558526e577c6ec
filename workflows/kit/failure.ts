import { ActivityFailure, ApplicationFailure, CancellationScope, CancelledFailure, isCancellation, TemporalFailure, TerminatedFailure, TimeoutFailure } from '@temporalio/workflow';

/** What went wrong, without Temporal's wrapping. */
export interface Cause {
  /** A type of the catalogue, or the name of the error that nobody foresaw. */
  readonly type: string;
  readonly message: string;
  /** The attempt that failed last, where it is known. */
  readonly attempt?: number;
}

/** The innermost telling failure of a chain: the application's own words, or the timeout that ended it. */
export function causeOf(error: unknown): Cause {
  if (error instanceof ApplicationFailure) {
    return { type: error.type ?? 'Error', message: error.message, ...attemptIn(error) };
  }
  if (error instanceof TimeoutFailure) {
    // A whole that ran out of time while attempts failed carries the last attempt's own failure.
    if (error.cause instanceof ApplicationFailure) return causeOf(error.cause);
    return { type: 'Unavailable', message: `no answer in time (${error.timeoutType})` };
  }
  if (error instanceof TerminatedFailure) return { type: 'Unexpected', message: 'somebody terminated it: what it had done is not undone' };
  if (error instanceof TemporalFailure && error.cause !== undefined) return causeOf(error.cause);
  return { type: 'Unexpected', message: error instanceof Error ? error.message : String(error) };
}

/** A failure as it is carried into the next run. */
export interface PlainFailure {
  readonly type: string;
  readonly message: string;
  readonly cancelled?: true;
}

export function plainOf(error: unknown): PlainFailure {
  const { type, message } = causeOf(error);
  return isCancellation(error) ? { type, message, cancelled: true } : { type, message };
}

export const failureOf = ({ type, message, cancelled }: PlainFailure): TemporalFailure => (cancelled ? new CancelledFailure(message) : ApplicationFailure.nonRetryable(message, type));

/** Whether the failure is one of Temporal's world; anything else is a bug in the flow's own code and is left to Temporal. */
export const isTemporalFailure = (error: unknown): error is TemporalFailure => error instanceof TemporalFailure;

const skippedType = 'Skipped';
/** Tells the step that an operator skipped it; no flow ever sees it. */
export const skipped = (message: string): ApplicationFailure => ApplicationFailure.nonRetryable(message, skippedType);
export const isSkipped = (error: unknown): boolean => error instanceof ApplicationFailure && error.type === skippedType;

/** What is reached after its branch or its instance was cancelled is not begun: nobody waits for it any more. */
export function stopIfCancelled(what: string): void {
  if (CancellationScope.current().consideredCancelled) throw new CancelledFailure(`${what} was cancelled`);
}

/** Whether the business said no, at a first attempt: then nothing took effect. A later attempt's refusal says nothing of an earlier one's effect. */
export const refusedAtOnce = (error: unknown): boolean => {
  const { type, attempt } = causeOf(error);
  return type === 'Rejected' && attempt === 1 && error instanceof ActivityFailure;
};

function attemptIn(failure: ApplicationFailure): { attempt?: number } {
  const [detail] = failure.details ?? [];
  return typeof detail === 'object' && detail !== null && 'attempt' in detail && typeof detail.attempt === 'number' ? { attempt: detail.attempt } : {};
}
