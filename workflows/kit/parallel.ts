import { isTemporalFailure } from './failure.ts';
import { cancellable, cancelRunning, kept } from './scopes.ts';

/** A branch is a step that was called, or a function that calls several. Only what runs in a scope of its own can be cancelled when another branch fails. */
type Branch = Promise<unknown> | (() => Promise<unknown>);
type Branches = readonly Branch[] | Readonly<Record<string, Branch>>;
type Result<B> = B extends () => Promise<infer R> ? R : Awaited<B>;
type Joined<B extends Branches> = { -readonly [K in keyof B]: Result<B[K]> };

/**
 * Forks and joins: gives the branches' results under the same keys. When a branch fails, the others are cancelled and settled first, so that
 * nothing goes on unseen, and then its failure is thrown. A branch of several steps is given as a function; a bare promise that is not a step's own
 * cannot be cancelled, only waited for.
 */
export const parallel = <const B extends Branches>(branches: B): Promise<Joined<B>> => kept(joined(branches));

async function joined<const B extends Branches>(branches: B): Promise<Joined<B>> {
  const keys = Object.keys(branches);
  const running = Object.values<Branch>(branches).map((branch) => (typeof branch === 'function' ? cancellable(branch) : branch));
  try {
    const values = await Promise.all(running);
    return (Array.isArray(branches) ? values : Object.fromEntries(keys.map((key, at) => [key, values[at]]))) as Joined<B>;
  } catch (failure) {
    // A bug in a branch ends the workflow task here and now: cancelled steps would stay in the history when mended code goes on.
    if (!isTemporalFailure(failure)) throw failure;
    running.forEach(cancelRunning);
    for (const end of await Promise.allSettled(running)) {
      if (end.status === 'rejected' && !isTemporalFailure(end.reason)) throw end.reason;
    }
    throw failure;
  }
}
