import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { conflict } from '../../contracts/failures.ts';
import type { Caller } from '../access/caller.ts';
import { describe, executionOf } from '../temporal/executions.ts';
import { isCode } from '../temporal/grpc.ts';
import type { Temporal } from '../temporal/temporal.ts';
import { pathOf } from './business-key.ts';

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
  const { ask, namespace } = temporal;

  /** Of the chain of runs that was looked at: one that is restarted in between must not be ended by a decision about the former. */
  async function end({ id, ending, request }: { id: string; ending: Ending['ending']; request: (firstExecutionRunId: string) => Promise<unknown> }) {
    const { workflowExecutionInfo, workflowExtendedInfo } = await describe(temporal, id);
    const { status, closedAt, runId } = executionOf(workflowExecutionInfo ?? {});
    const ended = conflict(`instance "${id}" cannot be ${ending === 'cancel' ? 'cancelled' : 'terminated'}: it ended${closedAt === null ? '' : ` at ${closedAt} as ${status}`}. GET ${pathOf(id)} shows how.`);
    if (status !== 'running') throw ended;
    try {
      await request(workflowExecutionInfo?.firstRunId ?? '');
    } catch (error) {
      if (isCode(error, 'notFound')) throw ended;
      throw error;
    }
    return { runId, requestedBefore: workflowExtendedInfo?.cancelRequested ?? false };
  }

  return {
    async cancel({ id, reason, caller: { user } }) {
      const requestId = randomUUID();
      const { runId, requestedBefore } = await end({
        id,
        ending: 'cancel',
        request: (firstExecutionRunId) =>
          ask((service) => service.requestCancelWorkflowExecution({ namespace, workflowExecution: { workflowId: id }, firstExecutionRunId, reason, identity: user, requestId })),
      });
      const then = 'Steps in flight are settled, what took effect is compensated, newest first; then the instance ends as cancelled.';
      const detail = requestedBefore ? `A cancellation was requested before, and its reason stays. ${then}` : `The cancellation is recorded. ${then}`;
      return { id, runId, ending: 'cancel', compensates: true, detail, links: { self: pathOf(id) } };
    },
    async terminate({ id, reason, caller: { user } }) {
      const { runId } = await end({
        id,
        ending: 'terminate',
        request: (firstExecutionRunId) => ask((service) => service.terminateWorkflowExecution({ namespace, workflowExecution: { workflowId: id }, firstExecutionRunId, reason, identity: user })),
      });
      const detail = 'The instance was ended at once and NOTHING WAS COMPENSATED: what its steps did in other systems stays there until somebody undoes it by hand. Its steps are in the link.';
      return { id, runId, ending: 'terminate', compensates: false, detail, links: { self: pathOf(id) } };
    },
  };
}
