import { setTimeout as pause } from 'node:timers/promises';
import type { temporal } from '@temporalio/proto';
import { type Description, type Execution, executionOf } from '../../engine/executions.ts';
import { isCode, isPassing } from '../../engine/grpc.ts';
import type { Temporal } from '../../engine/temporal.ts';

type HistoryEvent = temporal.api.history.v1.IHistoryEvent;

interface Place {
  readonly id: string;
  readonly runId: string;
  /** Where the last answer ended; `undefined` begins with the first event. */
  readonly after: Uint8Array | undefined;
  readonly signal: AbortSignal;
}

export interface Growth {
  readonly events: readonly HistoryEvent[];
  /** `undefined` when the run has ended and this was all of it. */
  readonly after: Uint8Array | undefined;
}

/** Milliseconds: Temporal itself answers after 20 s, with nothing, when nothing has come. */
const longPoll = 30_000;

/**
 * What a run's history has after a place; waits where that is nothing yet. An answer holds whole transactions. At its end may stand a workflow task
 * (scheduled, started) that is being tried again: Temporal shows it, does not keep it, and gives its number to the next event.
 */
export async function growthOf({ askOnce, namespace }: Temporal, { id, runId, after, signal }: Place): Promise<Growth> {
  const { history, nextPageToken } = await askOnce(
    (service) =>
      service.getWorkflowExecutionHistory({ namespace, execution: { workflowId: id, runId }, waitNewEvent: true, ...(after === undefined ? {} : { nextPageToken: after }) }),
    { within: longPoll, signal },
  );
  return { events: history?.events ?? [], after: nextPageToken && nextPageToken.length > 0 ? nextPageToken : undefined };
}

/** One run, which need not be the newest; `undefined` when it is not kept (any more). */
export async function describeRun({ ask, namespace }: Temporal, execution: { id: string; runId: string }): Promise<Description | undefined> {
  try {
    return await ask((service) => service.describeWorkflowExecution({ namespace, execution: { workflowId: execution.id, runId: execution.runId } }));
  } catch (error) {
    if (isCode(error, 'notFound')) return undefined;
    throw error;
  }
}

/** Rejects when Temporal does not answer at once. */
export async function requireAnswer({ askOnce, namespace }: Temporal, signal: AbortSignal): Promise<void> {
  await askOnce((service) => service.describeNamespace({ namespace }), { within: 2_000, signal });
}

/** Settles as soon as Temporal answers, or rejects when the signal is aborted. */
export async function untilItAnswers(temporal: Temporal, signal: AbortSignal): Promise<void> {
  for (;;) {
    await pause(500, undefined, { signal });
    try {
      await requireAnswer(temporal, signal);
      return;
    } catch (error) {
      if (!isPassing(error)) throw error;
    }
  }
}

/** A page of the runs that a visibility query finds, older runs of an instance and such that continued as new included. */
export async function pageOfRuns(
  { askOnce, namespace }: Temporal,
  { query, limit, after, signal }: { query: string; limit: number; after: Uint8Array | undefined; signal: AbortSignal },
): Promise<{ readonly executions: readonly Execution[]; readonly after: Uint8Array | undefined }> {
  const { executions, nextPageToken } = await askOnce(
    (service) => service.listWorkflowExecutions({ namespace, query, pageSize: limit, ...(after === undefined ? {} : { nextPageToken: after }) }),
    { within: 10_000, signal },
  );
  return { executions: (executions ?? []).map(executionOf), after: nextPageToken && nextPageToken.length > 0 ? nextPageToken : undefined };
}
