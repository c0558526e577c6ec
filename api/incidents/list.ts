import { z } from 'zod';
import type { Caller } from '../access/caller.ts';
import type { Definitions } from '../definitions/definitions.ts';
import type { Cursors } from '../http/cursor.ts';
import { IncidentGroup as IncidentGroupName } from '../../contracts/incident-group.ts';
import { Limit, processesOf } from '../instances/list.ts';
import { listExecutions } from '../../engine/list.ts';
import { allOf } from '../../engine/query.ts';
import { runningWhere } from '../../engine/running.ts';
import type { Temporal } from '../../engine/temporal.ts';
import { IncidentRow, rowsOf } from './incident.ts';

/** Instances of which groups are made, and those that one question to Temporal is about. */
const [most, atOnce] = [20_000, 1_000];

const process = z.string().max(200).optional();

export const IncidentQuery = z.strictObject({
  process,
  group: IncidentGroupName.optional().describe('As `GET /api/incident-groups` names it.'),
  of: z.enum(['mine', 'nobody', 'all']).default('all').describe('`mine`: assigned to me. `nobody`: assigned to nobody.'),
  overdue: z.enum(['true', 'false']).default('false').describe('Only those whose due date has passed.'),
  limit: Limit,
  cursor: z.string().max(2_000).optional().describe('`next` of the previous answer.'),
});
export type IncidentQuery = z.infer<typeof IncidentQuery>;

export const IncidentList = z.object({
  incidents: z.array(IncidentRow).readonly(),
  next: z.string().nullable().describe('The cursor of what follows; `limit` counts instances, of which one may have several incidents.'),
});
type IncidentList = z.infer<typeof IncidentList>;

export const GroupQuery = z.strictObject({ process });
export type GroupQuery = z.infer<typeof GroupQuery>;

const IncidentGroup = z.object({
  group: z.string().describe('The system that does not answer, or the activity that failed, and the kind of failure: `ledger/Unavailable`, `ledger.reserveBudget/Unexpected`.'),
  incidents: z.int(),
  instances: z.int(),
  activities: z.array(z.string()).readonly(),
  processes: z.array(z.string()).readonly(),
  since: z.iso.datetime().describe('When the oldest opened.'),
  newest: z.iso.datetime(),
  message: z.string().describe('What the newest says.'),
  links: z.object({ incidents: z.string() }),
});
export type IncidentGroup = z.infer<typeof IncidentGroup>;

export const IncidentGroups = z.object({
  groups: z.array(IncidentGroup).readonly().describe('The largest first.'),
  complete: z.boolean().describe(`\`false\` where more than ${most} instances have incidents, and the rest was not counted.`),
});
type IncidentGroups = z.infer<typeof IncidentGroups>;

export interface OpenIncidents {
  list(request: { readonly query: IncidentQuery; readonly caller: Caller }): Promise<IncidentList>;
  groups(query: GroupQuery): Promise<IncidentGroups>;
}

interface Deps {
  readonly temporal: Temporal;
  readonly definitions: Definitions;
  readonly cursors: Cursors;
}

/** The open incidents of all instances, read from Temporal's visibility. */
export function createOpenIncidents({ temporal, definitions, cursors }: Deps): OpenIncidents {
  const queryOf = ({ process: name, group }: { process?: string | undefined; group?: string | undefined }): string | undefined => {
    const processes = processesOf({ process: name, names: definitions.names });
    if (processes.length === 0) return undefined;
return group === undefined ? allOf(runningWhere({ processes }), 'Incidents IS NOT NULL') : runningWhere({ processes, group });
  };

  return {
    async list({ query: { limit, cursor, ...filters }, caller }) {
      const query = queryOf(filters);
      if (query === undefined) return { incidents: [], next: null };
      const list = `${filters.of} ${filters.overdue} ${caller.user} ${query}`;
      const after = cursor === undefined ? null : cursors.open({ list, text: cursor });
      const { executions, next } = await listExecutions(temporal, { query, limit: Number(limit), after });
      const now = Date.now();
      const fits = ({ group, assignee, dueAt }: IncidentRow): boolean =>
        (filters.group === undefined || filters.group === group) &&
        (filters.of === 'all' || assignee === (filters.of === 'mine' ? caller.user : null)) &&
        (filters.overdue === 'false' || (dueAt !== null && Date.parse(dueAt) < now));
      return { incidents: executions.flatMap(rowsOf).filter(fits), next: next === null ? null : cursors.seal({ list, at: next }) };
    },

    async groups(filters) {
      const query = queryOf(filters);
      const groups = new Map<string, IncidentRow[]>();
      let after: Uint8Array | null = null;
      for (let seen = 0; query !== undefined && seen < most; ) {
        const { executions, next } = await listExecutions(temporal, { query, limit: atOnce, after });
        for (const row of executions.flatMap(rowsOf)) {
          const members = groups.get(row.group);
          if (members) members.push(row);
          else groups.set(row.group, [row]);
        }
        after = next;
        if (next === null) break;
        seen += atOnce;
      }
      return { groups: [...groups.values()].map(groupOf).sort((one, other) => other.incidents - one.incidents), complete: after === null };
    },
  };
}

function groupOf(rows: readonly IncidentRow[]): IncidentGroup {
  const ordered = [...rows].sort((one, other) => Date.parse(one.openedAt) - Date.parse(other.openedAt));
  const [oldest, newest] = [ordered[0], ordered.at(-1)];
  if (!oldest || !newest) throw new Error('a group has members');
  const distinct = (of: (row: IncidentRow) => string): readonly string[] => [...new Set(rows.map(of))].sort();
  const { group } = oldest;
  return {
    group,
    incidents: rows.length,
    instances: distinct(({ instance }) => instance).length,
    activities: distinct(({ activity }) => activity),
    processes: distinct(({ process }) => process),
    since: oldest.openedAt,
    newest: newest.openedAt,
    message: newest.failure.message,
    links: { incidents: `/api/incidents?group=${encodeURIComponent(group)}` },
  };
}
