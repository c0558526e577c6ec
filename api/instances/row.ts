import { partsOf, pathOf } from '../../contracts/ids.ts';
import { z } from 'zod';
import type { Definitions } from '../definitions/definitions.ts';
import type { Execution } from '../../engine/executions.ts';
import { InstanceStatusSchema } from './status.ts';

/** An instance as lists show it. */
export const InstanceRow = z.object({
  id: z.string(),
  process: z.string(),
  businessKey: z.string(),
  title: z.string(),
  status: InstanceStatusSchema,
  startedAt: z.iso.datetime(),
  closedAt: z.iso.datetime().nullable(),
  startedBy: z.string().nullable(),
  waitingFor: z.array(z.string()).readonly(),
  openTasks: z.int(),
  openIncidents: z.int(),
  links: z.object({ self: z.string(), webUi: z.string().nullable() }),
});
export type InstanceRow = z.infer<typeof InstanceRow>;

interface Deps {
  readonly definitions: Definitions;
  readonly webUi: (execution: { id: string; runId: string }) => string | null;
}

export function createRows({ definitions, webUi }: Deps): (execution: Execution) => InstanceRow {
  return (execution) => {
    const { id, process, status, startedAt, closedAt, startedBy, waitingFor, tasks, incidents, definition: digest } = execution;
    return {
      id,
      process,
      businessKey: partsOf(id).businessKey,
      title: definitions.of({ process, digest })?.title ?? process,
      status,
      startedAt,
      closedAt,
      startedBy,
      waitingFor,
      openTasks: tasks.size,
      openIncidents: incidents.size,
      links: { self: pathOf(id), webUi: webUi(execution) },
    };
  };
}
