import { conflict } from '../contracts/failures.ts';
import { pathOf } from '../contracts/ids.ts';
import { describe, executionOf } from './executions.ts';
import { isCode } from './grpc.ts';
import type { Temporal } from './temporal.ts';

interface Wish {
  readonly id: string;
  readonly reason: string;
  readonly user: string;
}

/** The run that was meant, and whether it was to be cancelled before. */
export interface Requested {
  readonly runId: string;
  readonly requestedBefore: boolean;
}

/** Temporal's own cancel request; the same `requestId` asks once. @throws NotFound, Conflict */
export const requestCancel = (temporal: Temporal, { id, reason, user, requestId }: Wish & { readonly requestId: string }): Promise<Requested> =>
  end(temporal, { id, done: 'cancelled' }, (firstExecutionRunId) =>
    temporal.ask((service) => service.requestCancelWorkflowExecution({ namespace: temporal.namespace, workflowExecution: { workflowId: id }, firstExecutionRunId, reason, identity: user, requestId })),
  );

/** Ends it at once; its code is not asked. @throws NotFound, Conflict */
export const terminate = (temporal: Temporal, { id, reason, user }: Wish): Promise<Requested> =>
  end(temporal, { id, done: 'terminated' }, (firstExecutionRunId) =>
    temporal.ask((service) => service.terminateWorkflowExecution({ namespace: temporal.namespace, workflowExecution: { workflowId: id }, firstExecutionRunId, reason, identity: user })),
  );

/** Of the chain of runs that was looked at: one that is restarted in between must not be ended by a decision about the former. */
async function end(temporal: Temporal, { id, done }: { id: string; done: string }, request: (firstExecutionRunId: string) => Promise<unknown>): Promise<Requested> {
  const { workflowExecutionInfo, workflowExtendedInfo } = await describe(temporal, id);
  const { status, closedAt, runId } = executionOf(workflowExecutionInfo ?? {});
  const ended = conflict(`instance "${id}" cannot be ${done}: it ended${closedAt === null ? '' : ` at ${closedAt} as ${status}`}. GET ${pathOf(id)} shows how.`);
  if (status !== 'running') throw ended;
  try {
    await request(workflowExecutionInfo?.firstRunId ?? '');
  } catch (error) {
    if (isCode(error, 'notFound')) throw ended;
    throw error;
  }
  return { runId, requestedBefore: workflowExtendedInfo?.cancelRequested ?? false };
}
