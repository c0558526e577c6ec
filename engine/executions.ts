import proto from '@temporalio/proto';
import type { temporal } from '@temporalio/proto';
import type { InstanceStatus } from '../visibility/instance-view.ts';
import { type IncidentMemo, memoKeys, type ParentMemo, type TaskMemo } from '../contracts/verbs.ts';
import { notFound } from '../contracts/failures.ts';
import { decodeMap, isoOf } from './payloads.ts';
import { isCode } from './grpc.ts';
import type { Temporal } from './temporal.ts';

export type Description = temporal.api.workflowservice.v1.IDescribeWorkflowExecutionResponse;
type ExecutionInfo = temporal.api.workflow.v1.IWorkflowExecutionInfo;

const { ContinueAsNewInitiator, WorkflowExecutionStatus: statusOf } = proto.temporal.api.enums.v1;

/** Temporal's status; `rejected` is a failure whose `Outcome` says so. */
const statuses: ReadonlyMap<number, InstanceStatus> = new Map([
  [statusOf.WORKFLOW_EXECUTION_STATUS_RUNNING, 'running'],
  [statusOf.WORKFLOW_EXECUTION_STATUS_PAUSED, 'running'],
  [statusOf.WORKFLOW_EXECUTION_STATUS_CONTINUED_AS_NEW, 'running'],
  [statusOf.WORKFLOW_EXECUTION_STATUS_COMPLETED, 'completed'],
  [statusOf.WORKFLOW_EXECUTION_STATUS_FAILED, 'failed'],
  [statusOf.WORKFLOW_EXECUTION_STATUS_CANCELED, 'cancelled'],
  [statusOf.WORKFLOW_EXECUTION_STATUS_TERMINATED, 'terminated'],
  [statusOf.WORKFLOW_EXECUTION_STATUS_TIMED_OUT, 'timedOut'],
]);

/** What Temporal's `describe` and its lists say of one run, in the product's words. */
export interface Execution {
  readonly id: string;
  readonly runId: string;
  readonly process: string;
  readonly status: InstanceStatus;
  readonly startedAt: string;
  readonly closedAt: string | null;
  readonly startedBy: string | null;
  /** The digest of the definition it runs by. */
  readonly definition: string | null;
  /** That of its start: a rewind adds to it. */
  readonly generation: number | null;
  /** Of a sub-process: the instance that runs it. */
  readonly parent: string | null;
  /** Whether it continues a run whose history was long: a beginning that is none of the instance. */
  readonly continues: boolean;
  /** The schedule that started it, and the time that it was started for. */
  readonly schedule: string | null;
  readonly scheduledFor: string | null;
  readonly waitingFor: readonly string[];
  /** The open ones, by id; none once the run has ended. */
  readonly tasks: ReadonlyMap<string, TaskMemo>;
  readonly incidents: ReadonlyMap<string, IncidentMemo>;
}

export function executionOf(info: ExecutionInfo): Execution {
  const memo = decodeMap(info.memo?.fields);
  const attributes = decodeMap(info.searchAttributes?.indexedFields);
  const ended = statuses.get(info.status ?? 0) ?? 'running';
  const status = ended === 'failed' && [attributes.Outcome].flat()[0] === 'rejected' ? 'rejected' : ended;
  const open = status === 'running' ? Object.entries(memo) : [];
  return {
    id: info.execution?.workflowId ?? '',
    runId: info.execution?.runId ?? '',
    process: info.type?.name ?? '',
    status,
    startedAt: isoOf(info.startTime) ?? '',
    closedAt: isoOf(info.closeTime),
    startedBy: textOr(memo[memoKeys.startedBy]),
    definition: textOr(memo[memoKeys.definition]),
    generation: memo[memoKeys.generation] === undefined ? null : Number.parseFloat(String(memo[memoKeys.generation])),
    parent: (memo[memoKeys.parent] as ParentMemo | undefined)?.id ?? null,
    continues: memo[memoKeys.firstRun] !== undefined,
    schedule: textOr(attributes.TemporalScheduledById),
    scheduledFor: textOr(attributes.TemporalScheduledStartTime),
    waitingFor: status === 'running' ? [attributes.WaitingFor ?? []].flat().map(String) : [],
    tasks: under<TaskMemo>(open, memoKeys.task('')),
    incidents: under<IncidentMemo>(open, memoKeys.incident('')),
  };
}

const textOr = (value: unknown): string | null => (typeof value === 'string' ? value : null);

const under = <T>(entries: readonly (readonly [string, unknown])[], prefix: string): ReadonlyMap<string, T> =>
  new Map(entries.filter(([key]) => key.startsWith(prefix)).map(([key, value]) => [key.slice(prefix.length), value as T]));

/**
 * The newest run of an instance, as Temporal's `describe` tells it; that never lags behind.
 *
 * @throws NotFound
 */
export async function describe(temporal: Temporal, id: string): Promise<Description> {
  const found = await describeIfThere(temporal, id);
  if (!found) throw notFound(`there is no instance "${id}". Ids look like supplierInvoice/4711, in a path with "/" as %2F; closed instances are kept for the namespace's retention only.`);
  return found;
}

export async function describeIfThere({ ask, namespace }: Temporal, id: string): Promise<Description | undefined> {
  try {
    return await ask((service) => service.describeWorkflowExecution({ namespace, execution: { workflowId: id } }));
  } catch (error) {
    if (isCode(error, 'notFound')) return undefined;
    throw error;
  }
}

type Event = temporal.api.history.v1.IHistoryEvent;

/** All events of an instance: those of the run, after those of the runs that it continues. */
export const historyOf = async (temporal: Temporal, execution: { id: string; runId: string }): Promise<readonly Event[]> =>
  (await runsOf(temporal, execution)).flatMap(({ events }) => events);

export interface RunHistory {
  readonly runId: string;
  readonly events: readonly Event[];
}

/** The run, after the runs that it continues, each with all its events. */
export async function runsOf(temporal: Temporal, { id, runId }: { id: string; runId: string }): Promise<readonly RunHistory[]> {
  const runs: RunHistory[] = [];
  for (let run = runId; run !== ''; ) {
    const events = await eventsOf(temporal, { id, runId: run });
    runs.unshift({ runId: run, events });
    const { continuedExecutionRunId, initiator } = events[0]?.workflowExecutionStartedEventAttributes ?? {};
    run = initiator === ContinueAsNewInitiator.CONTINUE_AS_NEW_INITIATOR_WORKFLOW ? (continuedExecutionRunId ?? '') : '';
  }
  return runs;
}

async function eventsOf({ ask, namespace }: Temporal, execution: { id: string; runId: string }): Promise<readonly Event[]> {
  const events: Event[] = [];
  let nextPageToken: Uint8Array | null | undefined;
  do {
    const token = nextPageToken;
    const page = await ask((service) =>
      service.getWorkflowExecutionHistory({ namespace, execution: { workflowId: execution.id, runId: execution.runId }, nextPageToken: token }),
    );
    events.push(...(page.history?.events ?? []));
    nextPageToken = page.nextPageToken;
  } while (nextPageToken && nextPageToken.length > 0);
  return events;
}
