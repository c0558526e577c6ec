import { z } from 'zod';
import { incidentGroup } from '../../contracts/incident-group.ts';
import { partsOf, pathOf } from '../../contracts/ids.ts';
import type { IncidentMemo } from '../../contracts/verbs.ts';
import type { Execution } from '../../engine/executions.ts';

/** An open incident as lists show it. */
export const IncidentRow = z.object({
  id: z.string().describe('To act on it: `/api/instances/{instance}/incidents/{id}`, percent-encoded.'),
  instance: z.string(),
  process: z.string(),
  businessKey: z.string(),
  group: z.string(),
  step: z.string(),
  visit: z.int(),
  title: z.string(),
  of: z.enum(['step', 'compensation']),
  activity: z.string(),
  failure: z.object({ type: z.string(), message: z.string() }),
  optional: z.boolean().describe('Whether the step may be skipped.'),
  openedAt: z.iso.datetime(),
  assignee: z.string().nullable(),
  dueAt: z.iso.datetime().nullable(),
  links: z.object({ self: z.string(), instance: z.string() }),
});
export type IncidentRow = z.infer<typeof IncidentRow>;

/** The open incidents of an instance. */
export const rowsOf = ({ id: instance, process, incidents }: Execution): readonly IncidentRow[] => [...incidents].map(([id, memo]) => rowOf({ id, instance, process, memo }));

function rowOf({ id, instance, process, memo }: { id: string; instance: string; process: string; memo: IncidentMemo }): IncidentRow {
  const { step, visit, title, of, activity, failure, optional = false, openedAt, assignee = null, dueAt = null } = memo;
  return {
    id,
    instance,
    process,
    businessKey: partsOf(instance).businessKey,
    group: incidentGroup(memo),
    step,
    visit,
    title,
    of,
    activity,
    failure,
    optional,
    openedAt,
    assignee,
    dueAt,
    links: { self: `${pathOf(instance)}/incidents/${encodeURIComponent(id)}`, instance: pathOf(instance) },
  };
}
