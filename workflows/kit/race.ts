import { visitId } from '../../contracts/ids.ts';
import { here } from './context.ts';
import { isTemporalFailure } from './failure.ts';
import { learnedOfRaces } from './journal.ts';
import { cancellable, cancelRunning, kept } from './scopes.ts';

/** A branch is a step that was called, or a function that calls several. */
type Branch = Promise<unknown> | (() => Promise<unknown>);
type Branches = Readonly<Record<string, Branch>>;
type Result<B> = B extends () => Promise<infer R> ? R : Awaited<B>;
/** Which branch was first, and what it gave. */
type First<B extends Branches> = { readonly [K in keyof B]: { readonly first: K; readonly value: Result<B[K]> } }[keyof B];

/**
 * The first branch to settle decides: its result is given with its key, or its failure is thrown. The others are cancelled and settled first, so that nothing goes on unseen. What
 * took effect in them by then stays, as all does that a flow did, until the flow fails.
 */
export const race = <const B extends Branches>(branches: B): Promise<First<B>> => kept(firstAmong(branches));

async function firstAmong<const B extends Branches>(branches: B): Promise<First<B>> {
  const { instance, visits } = here();
  const keys = Object.keys(branches);
  const running = Object.values<Branch>(branches).map((branch) => (typeof branch === 'function' ? cancellable(branch) : branch));
  // Two branches may settle in one moment. Which of them was first is learned, and told again like the answer of a step, when the instance has continued as a new run.
  const id = visitId({ step: learnedOfRaces, visit: visits.next(learnedOfRaces) });
  const former = instance.journal.recall(id);
  const at = former ? keys.indexOf((await former.answer) as string) : await firstOf(running);
  if (at < 0) throw new Error(`race: the branch that was first when this instance ran on other code is none of ${keys.join(', ')}`);
  if (!former) instance.journal.keep(id, { output: keys[at] });
  running.forEach((branch, index) => {
    if (index !== at) cancelRunning(branch);
  });
  for (const end of await Promise.allSettled(running)) {
    if (end.status === 'rejected' && !isTemporalFailure(end.reason)) throw end.reason;
  }
  return { first: keys[at], value: await running[at] } as First<B>;
}

/** The place of the branch that settles first. A bug in a branch ends the workflow task here and now: cancelled steps would stay in the history when mended code goes on. */
const firstOf = (running: readonly Promise<unknown>[]): Promise<number> =>
  new Promise((resolve, reject) => {
    if (running.length === 0) reject(new Error('race: there is no branch, so that none could ever be the first'));
    running.forEach((branch, at) => {
      branch.then(
        () => resolve(at),
        (error: unknown) => (isTemporalFailure(error) ? resolve(at) : reject(error as Error)),
      );
    });
  });
