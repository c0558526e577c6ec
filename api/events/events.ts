import { z } from 'zod';
import type { Definitions } from '../definitions/definitions.ts';
import type { Answer } from '../http/answer.ts';
import type { HttpRequest } from '../http/fastify.ts';
import { processesOf } from '../instances/list.ts';
import type { InstanceRow } from '../instances/row.ts';
import type { Log } from '../log.ts';
import type { Execution } from '../../engine/executions.ts';
import type { Temporal } from '../../engine/temporal.ts';
import { type Feed, startFeed } from './feed.ts';
import { feedPositionOf } from './feed-log.ts';
import { createFollowers } from './followers.ts';
import { positionOf } from './position.ts';
import { createRuns } from './runs.ts';
import { createStreams, type Listener } from './streams.ts';

export const FeedQuery = z.strictObject({ process: z.string().max(200).optional().describe('Only instances of this process.') });
export type FeedQuery = z.infer<typeof FeedQuery>;

interface Request {
  readonly lastEventId: string | undefined;
  /** Its token is looked at again while the stream lasts. */
  readonly request: HttpRequest;
}

export interface Events {
  /** @throws NotFound, Unavailable, or a malformed request when `Last-Event-ID` is none */
  ofInstance(which: Request & { readonly id: string }): Promise<Answer>;
  ofAll(which: Request & { readonly query: FeedQuery }): Promise<Answer>;
  /** Ends all streams. */
  close(): void;
}

interface Deps {
  readonly temporal: Temporal;
  readonly definitions: Definitions;
  readonly webUi: (execution: { id: string; runId: string }) => string | null;
  readonly rowOf: (execution: Execution) => InstanceRow;
  /** Where the log of all instances' events is kept. */
  readonly directory: string;
  readonly limits: { readonly streams: number; readonly followed: number };
  readonly isStillAllowed: (request: HttpRequest) => Promise<boolean>;
  readonly log: Log;
}

/** Milliseconds for which the feed outlives its last listener. */
const linger = 5_000;

export function createEvents({ temporal, definitions, webUi, rowOf, directory, limits, isStillAllowed, log }: Deps): Events {
  const streams = createStreams({ atMost: limits.streams, log });
  const followers = createFollowers({ temporal, runs: createRuns({ temporal, definitions, webUi }), atMost: limits.followed, log });
  let feed: Promise<Feed> | undefined;
  let listeners = 0;
  let idle: NodeJS.Timeout | undefined;

  const endFeed = (): void => {
    feed?.then(({ stop }) => stop(), () => undefined);
    feed = undefined;
  };

  /** The feed, which goes on until the listener, and all others, are gone. */
  const feedFor = (listener: Listener): Promise<Feed> => {
    listeners += 1;
    clearTimeout(idle);
    listener.onGone(() => {
      listeners -= 1;
      if (listeners === 0) idle = setTimeout(endFeed, linger).unref();
    });
    if (feed) return feed;
    const starting = startFeed({ temporal, names: definitions.names, rowOf, directory, log });
    starting.catch(() => {
      if (feed === starting) feed = undefined;
    });
    feed = starting;
    return starting;
  };

  return {
    async ofInstance({ id, lastEventId, request }) {
      const position = positionOf(lastEventId);
      return streams.open({ stillAllowed: () => isStillAllowed(request), attach: async (listener) => (await followers.of(id)).attach({ listener, position }) });
    },
    async ofAll({ query: { process }, lastEventId, request }) {
      const position = feedPositionOf(lastEventId);
      processesOf({ process, names: definitions.names });
      return streams.open({
        stillAllowed: () => isStillAllowed(request),
        async attach(listener) {
          const all = await feedFor(listener);
          all.attach({ listener, process, position });
          return undefined;
        },
      });
    },
    close() {
      streams.close();
      followers.close();
      endFeed();
    },
  };
}
