import { z } from 'zod';
import { systemOf } from './define/definition.ts';
import type { FailureType } from './failures.ts';
import type { IncidentMemo } from './verbs.ts';

/**
 * What incidents have in common that one cause may have, and one remedy may mend: the same kind of failure of the same activity; or, where a system does not answer, that system,
 * whatever it is asked. `ledger/Unavailable`, `ledger.reserveBudget/Unexpected`.
 */
export function incidentGroup({ activity, failure: { type } }: Pick<IncidentMemo, 'activity' | 'failure'>): string {
  const isSilent = type === ('Unavailable' satisfies FailureType) && activity.includes('.');
  // Whoever throws an error may call it what they like; a query could not hold that.
  return `${isSilent ? systemOf(activity) : activity}/${type.replaceAll(/[^\w.-]/g, '-').slice(0, 60)}`;
}
export const IncidentGroup = z.string().max(200).regex(/^[\w.-]+\/[\w.-]*$/, 'is the name of a system or an activity, "/", and a kind of failure: ledger/Unavailable');
