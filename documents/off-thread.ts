import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Worker } from 'node:worker_threads';

export interface ThreadCall {
  readonly name: string;
  readonly argument: unknown;
  /** Milliseconds that this call may run; after it the thread is ended, whatever it does. */
  readonly within: number;
  /** Ends the thread, and with it the call. */
  readonly signal?: AbortSignal;
}

/** What the thread posts: the result, or the name and message of what it threw. */
export interface ThreadAnswer {
  readonly id: number;
  readonly result?: unknown;
  readonly error?: { readonly name: string; readonly message: string };
}

/** The name of the error of a call that took too long, or that its thread died of (for example of too little memory). */
export const threadEnded = 'ThreadEnded';

interface Pending {
  readonly id: number;
  readonly resolve: (result: unknown) => void;
  readonly reject: (reason: unknown) => void;
}

/**
 * A thread for work that may hang, run out of memory or take long, such as the opening of files from outside. One call at a time; the thread is
 * made at the first call, kept for the next ones, ended when a call overruns, and never keeps the process alive.
 *
 * A call rejects with an error of the name and message that the thread threw, with one named `ThreadEnded`, or with the signal's reason.
 */
export function createThread({ entry, memory }: { entry: URL; /** MiB of heap */ memory: number }) {
  let worker: Worker | undefined;
  let pending: Pending | undefined;
  let turn: Promise<unknown> = Promise.resolve();
  let calls = 0;

  function start(): Worker {
    const thread = boot({ entry, memory });
    const gone = (why: string) => {
      if (worker !== thread) return;
      worker = undefined;
      pending?.reject(named(threadEnded, why));
    };
    thread.on('error', (error) => gone(error instanceof Error ? error.message : String(error)));
    thread.on('exit', () => gone('the thread ended'));
    thread.on('message', ({ id, result, error }: ThreadAnswer) => {
      if (pending?.id !== id) return;
      if (error === undefined) pending.resolve(result);
      else pending.reject(named(error.name, error.message));
    });
    return thread;
  }

  async function answerOf({ name, argument, within, signal }: ThreadCall): Promise<unknown> {
    signal?.throwIfAborted();
    const thread = (worker ??= start());
    const id = ++calls;
    let abort: (() => void) | undefined;
    let timer: NodeJS.Timeout | undefined;
    thread.ref();
    try {
      return await new Promise((resolve, reject) => {
        pending = { id, resolve, reject };
        timer = setTimeout(() => end(named(threadEnded, `${name} took longer than ${within / 1000} s`)), within);
        abort = () => end(signal?.reason);
        signal?.addEventListener('abort', abort, { once: true });
        thread.postMessage({ id, name, argument });

        function end(reason: unknown) {
          if (worker === thread) worker = undefined;
          void thread.terminate();
          reject(reason);
        }
      });
    } finally {
      clearTimeout(timer);
      if (abort) signal?.removeEventListener('abort', abort);
      pending = undefined;
      thread.unref();
    }
  }

  return {
    call(request: ThreadCall): Promise<unknown> {
      const answer = turn.then(() => answerOf(request));
      turn = answer.catch(() => undefined);
      return answer;
    },
    /** Ends the thread, and the call that it is at; a later call starts a new one. */
    async close(): Promise<void> {
      await worker?.terminate();
    },
  };
}

const named = (name: string, message: string) => Object.assign(new Error(message), { name });

/** Threads do not inherit tsx from the process (nor does Jest have it), so the thread loads it before the TypeScript entry. */
function boot({ entry, memory }: { entry: URL; memory: number }): Worker {
  const tsx = join(dirname(createRequire(import.meta.url).resolve('tsx/package.json')), 'dist/esm/api/index.mjs');
  const code = `import(${JSON.stringify(pathToFileURL(tsx).href)}).then(({ register }) => { register(); return import(${JSON.stringify(entry.href)}); })`;
  return new Worker(code, { eval: true, execArgv: [], resourceLimits: { maxOldGenerationSizeMb: memory } });
}
