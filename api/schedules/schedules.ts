import { z } from 'zod';
import type { Definitions } from '../definitions/definitions.ts';
import type { Answer } from '../http/answer.ts';
import type { Cursors } from '../http/cursor.ts';
import { Limit, processesOf } from '../instances/list.ts';
import type { Generations } from '../instances/generations.ts';
import { listSchedules } from '../temporal/list-schedules.ts';
import { readSchedule } from '../temporal/schedules.ts';
import { type Acts, createActs } from './act.ts';
import { type ChangeRequest, createChange, createCreate, type CreateRequest, type Deps as CreateDeps } from './create.ts';
import { type Schedule, ScheduleRow } from './schedule.ts';
import { createShow } from './show.ts';
import { createStartsNow, type StartsNow } from './start-now.ts';
import { createTurns } from './turns.ts';

export const ScheduleQuery = z.strictObject({
  process: z.string().max(200).optional(),
  paused: z.enum(['true', 'false']).optional(),
  limit: Limit,
  cursor: z.string().max(2_000).optional().describe('`next` of the previous answer.'),
});
export type ScheduleQuery = z.infer<typeof ScheduleQuery>;

export const ScheduleList = z.object({
  schedules: z.array(ScheduleRow).readonly(),
  next: z.string().nullable().describe('The cursor of what follows; null at the end. An answer may hold fewer rows than its limit before the end.'),
});
type ScheduleList = z.infer<typeof ScheduleList>;

export interface Schedules extends Acts, StartsNow {
  create(request: CreateRequest): Promise<Answer>;
  change(request: ChangeRequest): Promise<Schedule>;
  list(query: ScheduleQuery): Promise<ScheduleList>;
  /** @throws NotFound */
  read(id: string): Promise<Schedule>;
}

interface Deps extends Omit<CreateDeps, 'show'> {
  readonly definitions: Definitions;
  readonly cursors: Cursors;
  readonly seconds: Generations;
  readonly webUi: (execution: { id: string; runId: string }) => string | null;
  readonly webUiOfSchedule: (id: string) => string | null;
}

/** Temporal keeps the schedules and acts on them; nothing of them is kept here. */
export function createSchedules(deps: Deps): Schedules {
  const { temporal, definitions, cursors } = deps;
  const show = createShow(deps);
  const inTurn = createTurns();
  return {
    ...createActs({ temporal, show, inTurn }),
    ...createStartsNow({ ...deps, show, inTurn }),
    create: createCreate({ ...deps, show }),
    change: createChange({ ...deps, show, inTurn }),
    read: async (id) => show.schedule(await readSchedule(temporal, id)),
    async list({ limit, cursor, ...filters }) {
      processesOf({ process: filters.process, names: definitions.names });
      const list = `schedules ${JSON.stringify(filters)}`;
      const after = cursor === undefined ? null : cursors.open({ list, text: cursor });
      const paused = filters.paused === undefined ? undefined : filters.paused === 'true';
      const { schedules, next } = await listSchedules(temporal, { paused, process: filters.process, limit: Number(limit), after });
      return { schedules: schedules.map(show.row), next: next === null ? null : cursors.seal({ list, at: next }) };
    },
  };
}
