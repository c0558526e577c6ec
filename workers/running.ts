import type { Worker } from '@temporalio/worker';

/** One worker or several that are ended as one. */
export interface Running {
  /** Asks it to finish what it has and to end. */
  stop(): void;
  /** Settles when it has ended; rejects when it failed. */
  readonly ended: Promise<void>;
}

export function run(worker: Worker): Running {
  const ended = worker.run();
  // Whoever waits for it may not wait yet.
  ended.catch(() => undefined);
  return {
    stop() {
      if (worker.getState() === 'RUNNING') worker.shutdown();
    },
    ended,
  };
}
