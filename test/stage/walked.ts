import { join } from 'node:path';
import type { temporal } from '@temporalio/proto';
import type { ProcessDefinition } from '../../contracts/define/definition.ts';
import type { ProcessMap } from '../../contracts/process-map.ts';
import { createModules } from '../../map/reader/modules.ts';
import { readFlow } from '../../map/reader/read-flow.ts';
import { repository } from '../../platform/repository.ts';
import { movesOf } from '../../visibility/moves.ts';
import { startWalk } from '../../visibility/walk.ts';

const modules = createModules();
const maps = new Map<string, ProcessMap>();

/** The map of a process, from the module that exports its flow. */
export function mapOf({ entry, process }: { entry: string; process: string }): ProcessMap {
  const known = maps.get(`${entry} ${process}`);
  if (known) return known;
  const map = readFlow({ modules, file: join(repository, entry), process });
  maps.set(`${entry} ${process}`, map);
  return map;
}

/** What an instance did that its map does not allow; `null` where it walked on it from its start to its end. */
export function offTheMap({ map, events, definition }: { map: ProcessMap; events: readonly temporal.api.history.v1.IHistoryEvent[]; definition: ProcessDefinition }): string | null {
  const { told, last } = movesOf({ events, definition });
  let walk = startWalk(map);
  for (const { moves, restarts, aborts, event } of told) {
    if (restarts) walk = startWalk(map);
    if (aborts) walk.abort();
    if (!walk.moves(moves)) return `at event ${event} ${JSON.stringify(moves)} is no move from ${walk.where().join(', ') || 'nowhere'}`;
  }
  // Whoever terminates an instance, or lets its time run out, asks nobody.
  if (['running', 'terminated', 'timedOut'].includes(last.status) || walk.mayEnd(last.status === 'completed' ? 'completed' : 'failed')) return null;
  return `it ended as ${last.status} at ${walk.where().join(', ') || 'nowhere'}`;
}
