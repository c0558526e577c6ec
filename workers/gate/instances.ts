import { defaultPayloadConverter } from '@temporalio/common';
import type { temporal } from '@temporalio/proto';
import type { NativeConnection } from '@temporalio/worker';
import { taskQueues } from '../../contracts/verbs.ts';
import { errorCode } from '../../platform/errors.ts';
import type { ToReplay } from './replay.ts';

type History = temporal.api.history.v1.IHistory;

export interface Instance {
  readonly id: string;
  readonly runId: string;
  readonly process: string;
  readonly running: boolean;
  /** The build that it is pinned to. */
  readonly build: string | undefined;
}

export interface Server {
  readonly connection: NativeConnection;
  readonly namespace: string;
}

interface Wanted {
  /** Finished instances, the newest of each process; beside all that run. */
  readonly sample: number;
  readonly processes: readonly string[];
  /** Only what is pinned to this build. */
  readonly build?: string | undefined;
  /** Only these. */
  readonly ids?: readonly string[] | undefined;
}

const notFound = 5;
const pageSize = 500;
/** Histories that are fetched ahead of the one that is replayed. */
const ahead = 8;

/** All running instances and a sample of the finished ones. Lists lag behind by up to about a second. */
export async function* instancesIn({ connection, namespace }: Server, { sample, processes, build, ids = [] }: Wanted): AsyncGenerator<Instance> {
  const ours = [`TaskQueue = '${taskQueues.workflows}'`, ...(build === undefined ? [] : [`TemporalWorkerDeploymentVersion = 'throughline:${build}'`])].join(' AND ');
  const list = async function* (query: string, most: number): AsyncGenerator<Instance> {
    let nextPageToken: Uint8Array | undefined;
    for (let left = most; left > 0; ) {
      const page = await connection.workflowService.listWorkflowExecutions({ namespace, query, pageSize: Math.min(left, pageSize), ...(nextPageToken ? { nextPageToken } : {}) });
      for (const info of page.executions ?? []) yield instanceOf(info);
      left -= page.executions?.length ?? 0;
      if (!page.nextPageToken?.length) return;
      nextPageToken = page.nextPageToken;
    }
  };
  if (ids.length > 0) {
    // The newest run of each, which lists may not know yet.
    for (const workflowId of ids) yield instanceOf((await connection.workflowService.describeWorkflowExecution({ namespace, execution: { workflowId } })).workflowExecutionInfo ?? {});
    return;
  }
  yield* list(`${ours} AND ExecutionStatus = 'Running'`, Infinity);
  for (const process of processes) yield* list(`${ours} AND ExecutionStatus != 'Running' AND WorkflowType = '${process}'`, sample);
}

function instanceOf({ execution, type, status, searchAttributes }: temporal.api.workflow.v1.IWorkflowExecutionInfo): Instance {
  const version = searchAttributes?.indexedFields?.TemporalWorkerDeploymentVersion;
  return {
    id: execution?.workflowId ?? '',
    runId: execution?.runId ?? '',
    process: type?.name ?? '',
    // enums.v1.WorkflowExecutionStatus: 1 is RUNNING.
    running: status === 1,
    build: version ? defaultPayloadConverter.fromPayload<string>(version).split(':')[1] : undefined,
  };
}

/** The instances with their histories, some of which are fetched while others are replayed. One whose retention has ended meanwhile is left out. */
export async function* withHistories(server: Server, instances: AsyncIterable<Instance>): AsyncGenerator<Instance & ToReplay> {
  const fetching: { instance: Instance; history: Promise<History | undefined> }[] = [];
  const next = async function* (): AsyncGenerator<Instance & ToReplay> {
    const first = fetching.shift();
    const history = await first?.history;
    if (first && history) yield { ...first.instance, history };
  };
  for await (const instance of instances) {
    const history = historyOf(server, instance);
    // It is awaited later.
    history.catch(() => undefined);
    fetching.push({ instance, history });
    if (fetching.length >= ahead) yield* next();
  }
  while (fetching.length > 0) yield* next();
}

export async function historyOf({ connection, namespace }: Server, { id, runId }: Pick<Instance, 'id' | 'runId'>): Promise<History | undefined> {
  const events: temporal.api.history.v1.IHistoryEvent[] = [];
  let nextPageToken: Uint8Array | undefined;
  try {
    do {
      const page = await connection.workflowService.getWorkflowExecutionHistory({ namespace, execution: { workflowId: id, runId }, ...(nextPageToken ? { nextPageToken } : {}) });
      events.push(...(page.history?.events ?? []));
      nextPageToken = page.nextPageToken?.length ? page.nextPageToken : undefined;
    } while (nextPageToken);
    return { events };
  } catch (error) {
    if (errorCode(error) === notFound) return undefined;
    throw error;
  }
}
