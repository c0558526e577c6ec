import { createRequire } from 'node:module';
import { dirname, extname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Worker } from 'node:worker_threads';
import { moduleFile } from '../platform/repository.ts';

export interface ThreadCall {
  readonly name: string;
  readonly argument: unknown;
  /** Milliseconds that this call may run, once its turn has come and the thread is up; after it the thread is ended, whatever it does. */
  readonly within: number;
  /** Ends the thread, and with it the call. */
  readonly signal?: AbortSignal;
}

/** What the thread posts: the result, or the name and message of what it threw; with id 0 only that it is up. */
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

interface Thread {
  readonly worker: Worker;
  /** Settles once the thread has loaded its code. */
  readonly up: Promise<void>;
}

/** Milliseconds to load the code of a thread: a second, unless the machine is busy with something else. */
const upWithin = 60_000;

/**
 * A thread for work that may hang, run out of memory or take long, such as the opening of files from outside. One call at a time; the thread is
 * made at the first call, kept for the next ones, ended when a call overruns, and never keeps the process alive.
 *
 * A call rejects with an error of the name and message that the thread threw, with one named `ThreadEnded`, or with the signal's reason.
 */
export function createThread({ entry, memory }: { /** The module's name, as `moduleFile` takes it. */ entry: string; /** MiB of heap */ memory: number }) {
  let thread: Thread | undefined;
  let pending: Pending | undefined;
  let turn: Promise<unknown> = Promise.resolve();
  let calls = 0;

  function start(): Thread {
    const worker = boot({ entry, memory });
    let up: () => void = () => undefined;
    const started: Thread = { worker, up: new Promise((resolve) => (up = resolve)) };
    const gone = (why: string) => {
      if (thread !== started) return;
      thread = undefined;
      pending?.reject(named(threadEnded, why));
    };
    worker.on('error', (error) => gone(error instanceof Error ? error.message : String(error)));
    worker.on('exit', () => gone('the thread ended'));
    worker.on('message', ({ id, result, error }: ThreadAnswer) => {
      if (id === 0) up();
      if (pending?.id !== id) return;
      if (error === undefined) pending.resolve(result);
      else pending.reject(named(error.name, error.message));
    });
    return started;
  }

  async function answerOf({ name, argument, within, signal }: ThreadCall): Promise<unknown> {
    signal?.throwIfAborted();
    const called = (thread ??= start());
    const id = ++calls;
    let abort: (() => void) | undefined;
    let timer: NodeJS.Timeout | undefined;
    called.worker.ref();
    try {
      return await new Promise((resolve, reject) => {
        pending = { id, resolve, reject };
        abort = () => end(signal?.reason);
        signal?.addEventListener('abort', abort, { once: true });
        const bound = (milliseconds: number, what: string) => {
          clearTimeout(timer);
          timer = setTimeout(() => end(named(threadEnded, `${what} took longer than ${milliseconds / 1000} s`)), milliseconds);
        };
        bound(upWithin, 'the start of the thread');
        void called.up.then(() => {
          if (pending?.id !== id) return;
          bound(within, name);
          called.worker.postMessage({ id, name, argument });
        });

        function end(reason: unknown) {
          if (thread === called) thread = undefined;
          void called.worker.terminate();
          reject(reason);
        }
      });
    } finally {
      clearTimeout(timer);
      if (abort) signal?.removeEventListener('abort', abort);
      pending = undefined;
      called.worker.unref();
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
      await thread?.worker.terminate();
    },
  };
}

const named = (name: string, message: string) => Object.assign(new Error(message), { name });

/** In the repository the thread loads tsx before its entry: it does not inherit it from the process, nor does Jest have it. The build needs none. */
function boot({ entry, memory }: { entry: string; memory: number }): Worker {
  const file = moduleFile(entry);
  const load = `import(${JSON.stringify(pathToFileURL(file).href)})`;
  const code = `
    ${extname(file) === '.ts' ? `import(${JSON.stringify(tsx())}).then(({ register }) => { register(); return ${load}; })` : load}
      .then(() => require('node:worker_threads').parentPort.postMessage({ id: 0 }))`;
  return new Worker(code, { eval: true, execArgv: [], resourceLimits: { maxOldGenerationSizeMb: memory } });
}

/** Its entry for CommonJS, which `require` would find, does not work in tsx 4.23. */
const tsx = () => pathToFileURL(join(dirname(createRequire(import.meta.url).resolve('tsx/package.json')), 'dist/esm/api/index.mjs')).href;
