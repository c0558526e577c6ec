import { z } from 'zod';
import { instanceId } from '../../contracts/ids.ts';
import type { Definitions } from '../definitions/definitions.ts';
import type { Cursors } from '../http/cursor.ts';
import { refusal } from '../problems/problem.ts';
import { ScheduleId } from '../schedules/schedule.ts';
import { describeIfThere, type Execution, executionOf } from '../../engine/executions.ts';
import { listExecutions } from '../../engine/list.ts';
import { allOf, among, quote } from '../../engine/query.ts';
import { startedBySchedule } from '../temporal/schedule-times.ts';
import type { Temporal } from '../../engine/temporal.ts';
import { BusinessKey } from './business-key.ts';
import { InstanceRow } from './row.ts';
import { InstanceStatusSchema, whereStatus } from './status.ts';

/** How many rows an answer has: a number from 1 to 200. */
export const Limit = z
  .string()
  .regex(/^([1-9]|[1-9][0-9]|1[0-9][0-9]|200)$/, 'is a number from 1 to 200')
  .default('50');

export const ListQuery = z.strictObject({
  process: z.string().max(200).optional(),
  status: InstanceStatusSchema.optional(),
  waitingFor: z
    .string()
    .regex(/^[A-Za-z0-9][A-Za-z0-9-]{0,62}$/, 'is the name of a group or a system: letters, digits and "-"')
    .optional()
    .describe('A group that has an open task, or a system that has an open incident.'),
  businessKey: BusinessKey.optional(),
  schedule: ScheduleId.optional().describe('What this schedule has started.'),
  limit: Limit,
  cursor: z.string().max(2_000).optional().describe('`next` of the previous answer.'),
});
export type ListQuery = z.infer<typeof ListQuery>;

export const InstanceList = z.object({
  instances: z.array(InstanceRow).readonly(),
  next: z.string().nullable().describe('The cursor of what follows; null at the end. An answer may hold fewer rows than its limit before the end.'),
});
type InstanceList = z.infer<typeof InstanceList>;

interface Deps {
  readonly temporal: Temporal;
  readonly definitions: Definitions;
  readonly cursors: Cursors;
  readonly rowOf: (execution: Execution) => InstanceRow;
}

export function createList({ temporal, definitions, cursors, rowOf }: Deps): (query: ListQuery) => Promise<InstanceList> {
  /** One instance is asked for by its id: that does not lag behind, and takes any character. */
  async function byBusinessKey({ processes, filters }: { processes: readonly string[]; filters: Filters }): Promise<InstanceList> {
    const found = await Promise.all(processes.map((name) => describeIfThere(temporal, instanceId({ process: name, businessKey: filters.businessKey ?? '' }))));
    const executions = found.flatMap((description) => (description?.workflowExecutionInfo ? [executionOf(description.workflowExecutionInfo)] : []));
    const fits = ({ status, waitingFor, schedule }: Execution): boolean =>
      (filters.status === undefined || filters.status === status) &&
      (filters.waitingFor === undefined || waitingFor.includes(filters.waitingFor)) &&
      (filters.schedule === undefined || filters.schedule === schedule);
    return { instances: executions.filter(fits).map(rowOf), next: null };
  }

  return async ({ limit, cursor, ...filters }) => {
    const processes = processesOf({ process: filters.process, names: definitions.names });
    if (processes.length === 0) return { instances: [], next: null };
    if (filters.businessKey !== undefined) return byBusinessKey({ processes, filters });
    const query = queryOf({ filters, processes });
    const after = cursor === undefined ? null : cursors.open({ list: query, text: cursor });
    const { executions, next } = await listExecutions(temporal, { query, limit: Number(limit), after });
    return { instances: executions.map(rowOf), next: next === null ? null : cursors.seal({ list: query, at: next }) };
  };
}

type Filters = Omit<ListQuery, 'limit' | 'cursor'>;

/** A process that does not exist is a slip of the caller, which an empty list would hide. */
export function processesOf({ process, names }: { process: string | undefined; names: readonly string[] }): readonly string[] {
  if (process === undefined) return names;
  if (names.includes(process)) return [process];
  const message = `there is no process "${process}"; processes: ${names.join(', ') || 'none'}`;
  throw refusal({ kind: 'malformed-request', detail: `process: ${message}.`, errors: [{ path: 'process', message }] });
}

function queryOf({ filters: { status, waitingFor, schedule }, processes }: { filters: Filters; processes: readonly string[] }): string {
  return allOf(
    // Other workflows may live in the same namespace; they are no instances.
    among('WorkflowType', processes),
    status === undefined ? "ExecutionStatus != 'ContinuedAsNew'" : whereStatus(status),
    waitingFor === undefined ? undefined : `ExecutionStatus = 'Running' AND WaitingFor = ${quote(waitingFor)}`,
    schedule === undefined ? undefined : startedBySchedule(schedule),
  );
}
