import { ApplicationFailure } from '@temporalio/common';
import type { Evidence } from '../contracts/documents.ts';
import type { Call } from './implement.ts';

/** The failure itself is what counts: where evidence cannot be had, a page that is stuck or a store that is down, it goes without. */
export async function keepIfPossible(call: Call, what: () => Promise<Evidence>): Promise<Evidence[]> {
  // What failed may have used up most of the time between two heartbeats.
  call.heartbeat({ page: '(keeping evidence)' });
  try {
    return [await what()];
  } catch (error) {
    call.log.warn('a piece of evidence could not be kept', { error: firstLine(error) });
    return [];
  }
}

/** The same failure, which carries this evidence. */
export function withEvidence(failure: ApplicationFailure, evidence: readonly Evidence[]): ApplicationFailure {
  const [detail] = (failure.details ?? []) as readonly object[];
  const { type, message, nonRetryable, nextRetryDelay } = failure;
  return ApplicationFailure.create({ type: type ?? undefined, message, nonRetryable: nonRetryable ?? undefined, nextRetryDelay: nextRetryDelay ?? undefined, details: [{ ...detail, evidence }] });
}

export const firstLine = (error: unknown): string => String(error).split('\n', 1)[0] ?? '';
