import { join } from 'node:path';
import { tryLock } from '../../platform/lock.ts';
import type { InstanceRow } from '../instances/row.ts';
import type { Execution } from '../../engine/executions.ts';
import type { Temporal } from '../../engine/temporal.ts';
import type { Batch, FeedLog } from './feed-log.ts';
import { createWatch, lookFirst } from './watch.ts';

/** The right to look at Temporal for all processes that share the log. */
export interface Lead {
  /** Looks once. The batch that was added; `undefined` when nothing changed. */
  look(): Promise<Batch | undefined>;
  release(): Promise<void>;
}

interface Deps {
  readonly temporal: Temporal;
  readonly names: readonly string[];
  readonly rowOf: (execution: Execution) => InstanceRow;
  readonly directory: string;
  readonly feedLog: FeedLog;
  /** Reads what others have added to the log, and tells it. */
  readonly catchUp: () => Promise<void>;
  readonly tell: (batch: Batch) => void;
  readonly signal: AbortSignal;
}

/** `undefined` while another process has it. The log begins anew where it does not tell what was known last. */
export async function takeLead({ temporal, names, rowOf, directory, feedLog, catchUp, tell, signal }: Deps): Promise<Lead | undefined> {
  const taken = await tryLock(join(directory, 'feed.lock'));
  if (!('lock' in taken)) return undefined;
  const { lock } = taken;
  try {
    await catchUp();
    let known = await feedLog.known();
    if (!known) {
      known = await lookFirst({ temporal, names, signal });
      const first = await feedLog.add({ found: [], known, gap: true });
      if (!first) throw new Error(`${directory}: another process writes to the log of events without its lock`);
      tell(first);
    }
    const watch = createWatch({ temporal, names, rowOf, signal, known });
    const noted = known;
    return {
      async look() {
        const found = await watch.look();
        if (found.length === 0) return undefined;
        const batch = await feedLog.add({ found, known: noted });
        if (!batch) throw new Error(`${directory}: another process has taken over the log of events`);
        return batch;
      },
      release: () => lock.release(),
    };
  } catch (error) {
    await lock.release();
    throw error;
  }
}
