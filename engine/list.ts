import { describeIfThere, type Execution, executionOf } from './executions.ts';
import { allOf, among, canBeQueried } from './query.ts';
import type { Temporal } from './temporal.ts';

/** A stretch of a list, and where the next one begins; `null` at the end. */
export interface Stretch {
  readonly executions: readonly Execution[];
  readonly next: Uint8Array | null;
}

interface Wanted {
  readonly query: string;
  readonly limit: number;
  readonly after: Uint8Array | null;
}

/**
 * The runs that a visibility query finds, open ones first, then by the time of their end. Where an instance has several runs (restarts, resets), only
 * the newest stands for it: an older one that fits the query is left out, so a stretch may hold fewer than asked for. Lists lag behind by up to
 * about a second.
 */
export async function listExecutions(temporal: Temporal, { query, limit, after }: Wanted): Promise<Stretch> {
  for (let token = after; ; ) {
    const page = await pageOf(temporal, { query, limit, after: token });
    const executions = await withoutOlderRuns(temporal, page.executions);
    if (executions.length > 0 || page.next === null) return { executions, next: page.next };
    token = page.next;
  }
}

/** A run that was continued as new is a part of its instance's history, and no instance. */
const noPart = "ExecutionStatus != 'ContinuedAsNew'";

async function pageOf({ ask, namespace }: Temporal, { query, limit, after }: Wanted): Promise<Stretch> {
  const { executions, nextPageToken } = await ask((service) =>
    service.listWorkflowExecutions({ namespace, query: allOf(query, noPart), pageSize: limit, ...(after === null ? {} : { nextPageToken: after }) }),
  );
  return { executions: (executions ?? []).map(executionOf), next: nextPageToken && nextPageToken.length > 0 ? nextPageToken : null };
}

/** Ids that one query may ask for: each may have 800 bytes. */
const idsAtOnce = 50;

/** An open run is always the newest of its id; a closed one may have a successor that the query does not show. */
async function withoutOlderRuns(temporal: Temporal, executions: readonly Execution[]): Promise<readonly Execution[]> {
  const ids = [...new Set(executions.filter(({ status }) => status !== 'running').map(({ id }) => id))];
  const newest = new Map<string, Execution>();
  const consider = (execution: Execution): void => {
    const known = newest.get(execution.id);
    if (!known || isNewer(execution, known)) newest.set(execution.id, execution);
  };
  executions.forEach(consider);
  const asked = ids.filter(canBeQueried);
  for (let from = 0; from < asked.length; from += idsAtOnce) {
    const query = among('WorkflowId', asked.slice(from, from + idsAtOnce));
    for (let after: Uint8Array | null = null; ; ) {
      const page: Stretch = await pageOf(temporal, { query, limit: 1_000, after });
      page.executions.forEach(consider);
      if (page.next === null) break;
      after = page.next;
    }
  }
  const others = await Promise.all(ids.filter((id) => !canBeQueried(id)).map((id) => describeIfThere(temporal, id)));
  for (const found of others) if (found?.workflowExecutionInfo) consider(executionOf(found.workflowExecutionInfo));
  return executions.filter(({ id, runId }) => newest.get(id)?.runId === runId);
}

/** A run that was reset ends when its successor begins, in the same millisecond perhaps; then the one that is open, or ended last, is the newer. */
function isNewer(one: Execution, other: Execution): boolean {
  if (one.startedAt !== other.startedAt) return one.startedAt > other.startedAt;
  return (one.closedAt ?? '9') > (other.closedAt ?? '9');
}
