import { Context } from '@temporalio/activity';
import { ApplicationFailure, CancelledFailure } from '@temporalio/common';
import { type FailedAttempts, failedAttemptsIn, type Heartbeat, joined, silent } from '../contracts/attempts.ts';
import { brief } from '../contracts/define/issues.ts';
import { utf8Length } from '../contracts/define/limits.ts';
import type { FailureDetail } from '../contracts/failures.ts';
import { errorMessage } from '../platform/errors.ts';

/** Of what one attempt said. */
const longestMessage = 200;
/** Bytes of JSON. Of a failure that is over 4 KB, Temporal shows only the message while the activity is tried on. */
const mostBytes = 2_000;

export interface Counted {
  /** From 1. */
  readonly attempt: number;
  /** The first that Temporal counts: 2 where a quick step has been tried before. */
  readonly first: number;
}

/**
 * One attempt, whose failure tells of those before it too: Temporal's history keeps the last one's only. The heartbeat takes them to the next attempt, on whichever worker it
 * is made.
 */
export async function remembering<R>({ attempt, first }: Counted, make: (heartbeat: (detail?: unknown) => void) => Promise<R>): Promise<R> {
  const context = Context.current();
  const before = formerAttempts(context.info.heartbeatDetails, { attempt, first });
  const beat = (heartbeat: Heartbeat): void => context.heartbeat(heartbeat);
  try {
    return await make((detail) => beat({ failed: before, detail }));
  } catch (error) {
    if (error instanceof CancelledFailure) throw error;
    const failure = ApplicationFailure.fromError(error);
    const now = new Date().toISOString();
    const failed = newest(joined(before, { from: attempt, to: attempt, since: now, until: now, type: failure.type ?? 'Error', message: brief(errorMessage(error), longestMessage) }));
    beat({ failed });
    const [detail] = (failure.details ?? []) as FailureDetail[];
    throw ApplicationFailure.fromError(failure, { details: [{ ...detail, attempt, attempts: failed } satisfies FailureDetail] });
  }
}

/** Those before, with those that ended without a word. */
function formerAttempts(heartbeat: unknown, { attempt, first }: Counted): readonly FailedAttempts[] {
  const told = failedAttemptsIn(heartbeat, 'failed');
  const next = (told.at(-1)?.to ?? first - 1) + 1;
  return next < attempt ? joined(told, silent({ from: next, to: attempt - 1 })) : told;
}

function newest(failed: readonly FailedAttempts[]): readonly FailedAttempts[] {
  return failed.length > 1 && utf8Length(JSON.stringify(failed)) > mostBytes ? newest(failed.slice(1)) : failed;
}
