import { CancellationScope } from '@temporalio/workflow';
import type { Compensations } from './compensations.ts';
import type { Instance } from './instance.ts';
import type { Visits } from './visits.ts';

/** Where in its flow an instance is: what a step that is called there counts and registers with. */
export interface Context {
  readonly instance: Instance;
  readonly visits: Visits;
  readonly compensations: Compensations;
}

const contexts = new WeakMap<CancellationScope, Context>();

/** Runs work, and all that it calls, in a context of its own. */
export function runIn<R>({ scope, context }: { scope: CancellationScope; context: Context }, work: () => Promise<R>): Promise<R> {
  contexts.set(scope, context);
  return scope.run(work);
}

/** The context of the code that is running. */
export function here(): Context {
  for (let scope: CancellationScope | undefined = CancellationScope.current(); scope; scope = scope.parent) {
    const context = contexts.get(scope);
    if (context) return context;
  }
  throw new Error('this belongs into the body of a flow');
}
