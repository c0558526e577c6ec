import { setTimeout as pause } from 'node:timers/promises';
import { unavailable } from '../../contracts/failures.ts';
import { errorMessage } from '../../platform/errors.ts';
import { type Answer, answer } from '../http/answer.ts';
import type { Log } from '../log.ts';
import { growthOf, untilItAnswers } from '../temporal/follow.ts';
import { isPassing } from '../../engine/grpc.ts';
import type { Temporal } from '../../engine/temporal.ts';
import { messageOf, temporalMessage } from './message.ts';
import { createMemory, isBehind } from './memory.ts';
import { createPending } from './pending.ts';
import { endMark, idOf, type Position } from './position.ts';
import type { DescribedRun, Runs } from './runs.ts';
import type { Listener } from './streams.ts';
import { tellAll, type Told } from './telling.ts';

export interface Follower {
  /** Tells a listener what it has not got, then what comes. Answers where there is nothing more to tell. */
  attach(request: { readonly listener: Listener; readonly position: Position | undefined }): Promise<Answer | undefined>;
  stop(): void;
}

interface Deps {
  readonly temporal: Temporal;
  readonly runs: Runs;
  readonly id: string;
  readonly log: Log;
  /** Called when it tells nobody any more, and when it cannot go on. */
  readonly onIdle: () => void;
}

/** A listener, and how far ahead of this follower it was told elsewhere. */
interface Seat {
  readonly listener: Listener;
  readonly ahead: Position | undefined;
}

/** Milliseconds for which a follower outlives its last listener: most come back. */
const linger = 5_000;
/** Milliseconds for which an instance that ended is taken as over without another look: many come back at once, and it may be started anew. */
const overFor = 1_000;

/**
 * Follows one instance in Temporal for all who listen to it: one long poll on its history, whatever their number, and a `describe` now and then while
 * an activity runs. Goes on to the next run where one follows.
 *
 * @throws NotFound
 */
export async function startFollower({ temporal, runs, id, log, onIdle }: Deps): Promise<Follower> {
  const first = await runs.newest(id);
  const stop = new AbortController();
  const { signal } = stop;
  const seats = new Set<Seat>();
  const memory = createMemory({ runs, id });
  const length = Number(first.description.workflowExecutionInfo?.historyLength ?? 0);
  // Nobody listens yet: what those want who come back is made anew when they come.
  let telling = await runs.begin({ ...first, quietUntil: length });
  let { runId } = first.run;
  let [begun, answers] = [false, true];
  let end: { readonly position: Position; readonly message: Buffer } | undefined;

  const toAll = (message: Buffer): void => seats.forEach(({ listener }) => listener.send(message));
  const pending = createPending({ temporal, id, current: () => ({ telling, runId }), tell: toAll, signal, log });

  const tell = (told: Told): void => {
    memory.keep(told);
    pending.forget();
    for (const { listener, ahead } of seats) if (!isBehind(told.position, ahead)) listener.send(told.message);
  };

  /** Asks until Temporal answers, and tells the listeners when it does not. */
  async function patiently<R>(question: () => Promise<R>): Promise<R> {
    for (;;) {
      try {
        return await question();
      } catch (error) {
        signal.throwIfAborted();
        if (!begun || !isPassing(error)) throw error;
        toAll(temporalMessage({ answers: (answers = false) }));
        await untilItAnswers(temporal, signal);
        toAll(temporalMessage({ answers: (answers = true) }));
      }
    }
  }

  async function followRun(onGrowth: (newest: number) => void): Promise<void> {
    for (let after: Uint8Array | undefined; telling.end() === undefined; ) {
      const from = after;
      const { events, after: next } = await patiently(() => growthOf(temporal, { id, runId, after: from, signal }));
      await tellAll({ telling, events, tell });
      pending.grown(events);
      onGrowth(Number(events.at(-1)?.eventId ?? 0));
      after = next;
      // Temporal has nothing more of a run that has not ended: it was removed, or is about to be.
      if (after === undefined && telling.end() === undefined) await pause(1_000, undefined, { signal });
    }
  }

  /** Goes on with the run that follows the one that has ended, if any. */
  async function goOn(): Promise<DescribedRun | undefined> {
    const ended = telling.end();
    const next = await patiently(() => runs.following({ id, runId, next: ended?.next ?? null }));
    if (!next) return undefined;
    if (ended?.goesOn && ended.next === next.run.runId) telling.enter(next.run);
    else telling = await patiently(() => runs.begin({ ...next, quietUntil: 0 }));
    runId = next.run.runId;
    return next;
  }

  async function follow(onBegun: () => void): Promise<void> {
    for (let next: DescribedRun | undefined = first; next; ) {
      await followRun((newest) => {
        if (newest >= length && telling.end() === undefined) onBegun();
      });
      next = await goOn();
      if (next) onBegun();
    }
    const position: Position = { runId, event: telling.event(), mark: endMark };
    end = { position, message: messageOf({ event: 'end', id: idOf(position), data: { status: telling.instance()?.status } }) };
    for (const { listener } of seats) finish({ listener, message: end.message });
    // Not before it is certain that no other run follows: who was told all of it is to be told so.
    onBegun();
    setTimeout(leave, overFor).unref();
  }

  const leave = (): void => {
    stop.abort();
    onIdle();
  };

  let held = 0;
  let idle = setTimeout(leave, linger).unref();
  /** Keeps the follower going until the listener is gone. */
  const hold = (listener: Listener): void => {
    held += 1;
    clearTimeout(idle);
    listener.onGone(() => {
      held -= 1;
      if (held === 0) idle = setTimeout(leave, linger).unref();
    });
  };

  await new Promise<void>((resolve, reject) => {
    const onBegun = (): void => {
      begun = true;
      resolve();
    };
    follow(onBegun).catch((error: unknown) => {
      reject(error);
      if (signal.aborted) return;
      if (begun) log.error('an instance cannot be followed any more; its listeners will connect again', { id, cause: errorMessage(error) });
      seats.forEach(({ listener }) => listener.end());
      leave();
    });
  });
  pending.begin(first.description);

  return {
    async attach({ listener, position }) {
      hold(listener);
      if (end && position && idOf(position) === idOf(end.position)) return answer({ status: 204, body: undefined });
      const recalled = position && (await memory.recall({ position, current: () => runId }));
      // Of an instance that has ended all is known here, and stays so.
      if (signal.aborted && !end) throw unavailable(`instance "${id}" is not followed any more: connect again`);
      // No waiting from here on: what is told meanwhile would be lost.
      const missed = position && recalled && memory.missed({ position, recalled });
      const messages = missed ? missed.told.map(({ message }) => message) : [telling.whole()];
      const now = [...messages, pending.message(), ...(answers ? [] : [temporalMessage({ answers })])];
      for (const message of now) if (message) listener.send(message);
      if (end) finish({ listener, message: end.message });
      const seat: Seat = { listener, ahead: missed?.ahead };
      seats.add(seat);
      listener.onGone(() => seats.delete(seat));
      return undefined;
    },
    stop: () => stop.abort(),
  };
}

function finish({ listener, message }: { listener: Listener; message: Buffer }): void {
  listener.send(message);
  listener.end();
}
