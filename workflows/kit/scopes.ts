import { CancellationScope } from '@temporalio/workflow';

export type Outcome = { readonly output: unknown } | { readonly error: unknown };

const running = new WeakMap<Promise<unknown>, Scope>();
const idle = new WeakMap<CancellationScope, Scope[]>();

/**
 * A scope that gives back the very promise of its work, where the SDK's makes two more that follow it. Of what a step costs in a workflow most is promises, since the SDK keeps
 * each one's stack trace.
 */
export class Scope extends CancellationScope {
  /** It never has a time limit, which is all that the SDK's does besides. */
  protected override runInContext<T>(work: () => Promise<T>): Promise<T> {
    try {
      return work();
    } catch (error) {
      return Promise.reject(error);
    }
  }
}

/**
 * Runs work in a scope of its own, so that it can be cancelled alone; `settled` is told how it ended. A rejection that nobody waits
 * for yet does not fail the workflow task.
 *
 * A scope whose work has ended serves the next, since a new one is three promises.
 */
export function cancellable<R>(work: () => Promise<R>, settled?: (promise: Promise<R>, outcome: Outcome) => void): Promise<R> {
  const parent = CancellationScope.current();
  const free = idle.get(parent) ?? [];
  idle.set(parent, free);
  // A cancellation reaches idle scopes only in a microtask; a new one is born with it.
  const scope = (parent.consideredCancelled ? undefined : free.pop()) ?? new Scope();
  const promise = scope.run(work);
  running.set(promise, scope);
  const end = (outcome: Outcome): void => {
    running.delete(promise);
    if (!scope.consideredCancelled) free.push(scope);
    settled?.(promise, outcome);
  };
  promise.then(
    (output) => end({ output }),
    (error: unknown) => end({ error }),
  );
  return promise;
}

/** The same promise; that it fails before anybody waits for it does not fail the workflow task. */
export function kept<R>(promise: Promise<R>): Promise<R> {
  promise.catch(() => undefined);
  return promise;
}

/** Cancels what `cancellable` runs, unless it has ended. */
export const cancelRunning = (promise: Promise<unknown>): void => running.get(promise)?.cancel();
