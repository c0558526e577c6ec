import { unavailable } from '../../contracts/failures.ts';
import type { Log } from '../log.ts';
import type { Temporal } from '../../engine/temporal.ts';
import { type Follower, startFollower } from './follower.ts';
import type { Runs } from './runs.ts';

export interface Followers {
  /** The one follower of an instance. @throws NotFound, Unavailable */
  of(id: string): Promise<Follower>;
  close(): void;
}

interface Deps {
  readonly temporal: Temporal;
  readonly runs: Runs;
  readonly log: Log;
  /** Instances that may be followed at once. Each is a long poll, of which a Temporal server takes 1,200 from a namespace by default. */
  readonly atMost: number;
}

/** The instances that this process follows, each once, whoever listens. */
export function createFollowers({ temporal, runs, log, atMost }: Deps): Followers {
  const followed = new Map<string, Promise<Follower>>();

  const start = (id: string): Promise<Follower> => {
    if (followed.size >= atMost) throw unavailable(`this API process follows ${atMost} instances, as many as it may. Close some event streams, ask another API process, or raise API_FOLLOWED.`);
    const remove = (): void => {
      if (followed.get(id) === starting) followed.delete(id);
    };
    const starting = startFollower({ temporal, runs, id, log, onIdle: remove });
    starting.catch(remove);
    followed.set(id, starting);
    return starting;
  };

  return {
    of: async (id) => followed.get(id) ?? start(id),
    close() {
      for (const follower of followed.values()) follower.then(({ stop }) => stop(), () => undefined);
      followed.clear();
    },
  };
}
