import { CancellationScope, isCancellation, sleep } from '@temporalio/workflow';
import type { Patience } from '../../contracts/define/activity.ts';
import { unavailable } from '../../contracts/failures.ts';
import { causeOf, failureOf } from './failure.ts';
import type { Supplied, Trouble } from './incident.ts';
import type { Instance } from './instance.ts';

interface Watched {
  readonly instance: Instance;
  readonly trouble: Trouble;
  readonly patience: Patience;
}

/** What a system answered, or the decision on the incident that opened meanwhile: it settles, or rejects, as the incident's does. */
export type Outcome = { readonly answer: unknown } | { readonly decision: Promise<Supplied | undefined> };

/**
 * Asks a system, and opens an incident when that takes longer than its contract's patience, while the attempts go on. Whatever comes first holds: the answer closes the
 * incident, a decision ends the attempts. Where those are used up, the incident just stays.
 */
export async function askWatched({ instance, trouble, patience: { after } }: Watched, ask: () => Promise<unknown>): Promise<Outcome> {
  const asking = new CancellationScope();
  const watching = new CancellationScope();
  let decided = false;
  let decision: Promise<Supplied | undefined> | undefined;
  const open = (error: unknown): void => {
    if (decision) return;
    const end = (): void => {
      decided = true;
      asking.cancel();
    };
    decision = watching.run(() => instance.holdUp(trouble, { error }));
    decision.then(end, (how: unknown) => (isCancellation(how) ? undefined : end()));
  };
  const deaf = instance.alarms.listen(trouble.activityId, ({ type, message }) => open(failureOf({ type, message })));
  if (after !== undefined) {
    const tooLong = watching.run(() => sleep(after, { summary: `${trouble.title}: takes too long` }));
    tooLong.then(
      () => open(unavailable(`no answer within ${after}; it is tried on`)),
      () => undefined,
    );
  }
  try {
    const answer = await asking.run(ask);
    watching.cancel();
    return { answer };
  } catch (error) {
    const waits = decision && (decided || (!isCancellation(error) && causeOf(error).type !== 'Rejected'));
    if (decision && waits) return { decision };
    watching.cancel();
    throw error;
  } finally {
    deaf();
  }
}
