import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { pathOf } from '../../contracts/ids.ts';
import { requestCancel, terminate } from '../../engine/ending.ts';
import type { Temporal } from '../../engine/temporal.ts';
import type { Caller } from '../access/caller.ts';

export const EndBody = z.strictObject({ reason: z.string().min(3).max(1_000).describe('Why; it stays in the history.') });

export const Ending = z.object({
  id: z.string(),
  runId: z.string(),
  ending: z.enum(['cancel', 'terminate']),
  compensates: z.boolean(),
  detail: z.string(),
  links: z.object({ self: z.string() }),
});
type Ending = z.infer<typeof Ending>;

export interface EndRequest {
  readonly id: string;
  readonly reason: string;
  readonly caller: Caller;
}

export interface Endings {
  /** Temporal's own cancel request: the instance settles what is in flight, compensates, and ends as cancelled. */
  cancel(request: EndRequest): Promise<Ending>;
  /** Ends the run at once; its code is not asked. */
  terminate(request: EndRequest): Promise<Ending>;
}

/** Both throw NotFound, and Conflict where the instance has ended. */
export function createEndings({ temporal }: { temporal: Temporal }): Endings {
  return {
    async cancel({ id, reason, caller: { user } }) {
      const { runId, requestedBefore } = await requestCancel(temporal, { id, reason, user, requestId: randomUUID() });
      const then = 'Steps in flight are settled, what took effect is compensated, newest first; then the instance ends as cancelled.';
      const detail = requestedBefore ? `A cancellation was requested before, and its reason stays. ${then}` : `The cancellation is recorded. ${then}`;
      return { id, runId, ending: 'cancel', compensates: true, detail, links: { self: pathOf(id) } };
    },
    async terminate({ id, reason, caller: { user } }) {
      const { runId } = await terminate(temporal, { id, reason, user });
      const detail = 'The instance was ended at once and NOTHING WAS COMPENSATED: what its steps did in other systems stays there until somebody undoes it by hand. Its steps are in the link.';
      return { id, runId, ending: 'terminate', compensates: false, detail, links: { self: pathOf(id) } };
    },
  };
}
