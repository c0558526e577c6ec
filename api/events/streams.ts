import { Readable } from 'node:stream';
import { StreamableFile } from '@nestjs/common';
import { unavailable } from '../../contracts/failures.ts';
import { errorMessage } from '../../platform/errors.ts';
import { type Answer, answer } from '../http/answer.ts';
import type { Log } from '../log.ts';
import { heartbeat, retryAfter } from './message.ts';

/** Somebody who reads a stream. */
export interface Listener {
  send(message: Buffer): void;
  /** What it gets with the next heartbeats beside the comment. */
  beat(message: () => Buffer | undefined): void;
  /** Ends the stream once all is read. */
  end(): void;
  /** Called once, when the stream has ended, whoever ended it. */
  onGone(then: () => void): void;
}

interface Wish {
  /** Whether the token that opened the stream still does. */
  readonly stillAllowed: () => Promise<boolean>;
  /** Begins to tell the listener. What it throws, or answers, is answered instead of a stream. */
  readonly attach: (listener: Listener) => Promise<Answer | undefined>;
}

export interface Streams {
  /** @throws Unavailable when this process has as many as it may have, or is closing */
  open(wish: Wish): Promise<Answer>;
  /** Ends all of them; nobody gets another. */
  close(): void;
}

interface Options {
  /** Streams at once. */
  readonly atMost: number;
  readonly log: Log;
}

const beatEvery = 10_000;
/** Bytes that may wait for a reader, beside what it asked for by connecting. */
const patience = 1_000_000;

/** `x-accel-buffering`: nginx would collect the messages otherwise. */
const headers = { 'content-type': 'text/event-stream; charset=utf-8', 'cache-control': 'no-store', 'x-accel-buffering': 'no' };

/** The streams of this process. All are resumable, so any of them may be ended at any time. */
export function createStreams({ atMost, log }: Options): Streams {
  const open = new Set<ReturnType<typeof createStream>>();
  let closing = false;
  const timer = setInterval(() => {
    for (const stream of open) void stream.beat();
  }, beatEvery).unref();

  return {
    async open({ stillAllowed, attach }) {
      if (closing) throw unavailable('the API is closing: connect again');
      if (open.size >= atMost) throw unavailable(`this API process has ${atMost} event streams, as many as it may have. Close some, ask another API process, or raise API_STREAMS.`);
      const stream = createStream({ stillAllowed, log });
      open.add(stream);
      stream.listener.onGone(() => open.delete(stream));
      try {
        stream.listener.send(retryAfter);
        const instead = await attach(stream.listener);
        if (instead) {
          stream.readable.destroy();
          return instead;
        }
        stream.attached();
        return answer({ headers, body: new StreamableFile(stream.readable) });
      } catch (error) {
        stream.readable.destroy();
        throw error;
      }
    },
    close() {
      closing = true;
      clearInterval(timer);
      for (const stream of open) stream.listener.end();
      // Those who do not read would keep the process from ending.
      setTimeout(() => open.forEach(({ readable }) => readable.destroy()), 1_000);
    },
  };
}

function createStream({ stillAllowed, log }: { stillAllowed: () => Promise<boolean>; log: Log }) {
  const queue: Buffer[] = [];
  const gone: (() => void)[] = [];
  let [waiting, allowed] = [0, Infinity];
  let [wanted, ended] = [false, false];
  let more: () => Buffer | undefined = () => undefined;

  const pump = (): void => {
    while (wanted) {
      const next = queue.shift();
      if (next === undefined) break;
      waiting -= next.length;
      wanted = readable.push(next);
    }
    if (ended && queue.length === 0 && !readable.readableEnded) readable.push(null);
  };

  const readable = new Readable({
    read() {
      wanted = true;
      pump();
    },
  });
  readable.once('close', () => {
    ended = true;
    queue.length = 0;
    gone.forEach((then) => then());
  });

  const send = (message: Buffer): void => {
    if (ended) return;
    // One message may be larger than all patience; it is the reader who lets a second one wait who is too slow.
    if (waiting > allowed) {
      log.info('a listener was too slow and was cut off', { waiting });
      return void readable.destroy();
    }
    queue.push(message);
    waiting += message.length;
    pump();
  };

  const listener: Listener = {
    send,
    beat(message) {
      more = message;
    },
    end() {
      ended = true;
      pump();
    },
    onGone(then) {
      if (readable.closed) then();
      else gone.push(then);
    },
  };

  return {
    readable,
    listener,
    /** From here on what waits is for want of reading. */
    attached(): void {
      allowed = waiting + patience;
    },
    async beat(): Promise<void> {
      try {
        if (!(await stillAllowed())) return listener.end();
      } catch (error) {
        log.error('the token behind a stream could not be looked up, so the stream was ended', { cause: errorMessage(error) });
        return listener.end();
      }
      send(heartbeat);
      const extra = more();
      if (extra) send(extra);
    },
  };
}
