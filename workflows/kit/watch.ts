import { WorkflowExecutionAlreadyStartedError } from '@temporalio/common';
import { CancellationScope, isCancellation, ParentClosePolicy, sleep, startChild } from '@temporalio/workflow';
import { systemOf } from '../../contracts/define/definition.ts';
import type { FailureType } from '../../contracts/failures.ts';
import { memoKeys } from '../../contracts/verbs.ts';
import { product, watch } from '../../contracts/watch.ts';
import type { Trouble } from './incident.ts';

interface Wish {
  /** Of the incidents that are waited over. */
  readonly group: string;
  /** The name of an activity. */
  readonly probe: string;
  readonly perSecond: number;
}

/**
 * Milliseconds until a held-up instance asks for the watch again: one that was about to end when it asked first has not seen it, and one that somebody ended never will. Longer at first
 * than a watch takes from its last look to its end, and Temporal's lists lag behind; then doubling.
 */
const [soonest, latest] = [20_000, 3_600_000];

/** Whether it is known of the system that failed when it answers again. */
export const isProbed = ({ probe }: Pick<Trouble, 'probe'>, failureType: string): boolean => probe !== undefined && failureType === ('Unavailable' satisfies FailureType);

/** Has somebody look whether a system answers again, one for all instances that wait for it; until what is returned is called it is seen to that somebody does. */
export function watchOver(wish: Wish): () => void {
  const asking = new CancellationScope();
  asking.run(() => askAgainAndAgain(wish)).catch((error: unknown) => {
    if (!isCancellation(error)) throw error;
  });
  return () => asking.cancel();
}

async function askAgainAndAgain(wish: Wish): Promise<never> {
  for (let pause = soonest; ; pause = Math.min(pause * 2, latest)) {
    await CancellationScope.nonCancellable(() => begin(wish));
    await sleep(pause, { summary: `Is ${systemOf(wish.probe)} still asked whether it answers?` });
  }
}

/** It goes on when this instance has ended. */
async function begin(wish: Wish): Promise<void> {
  try {
    const handle = await startChild(watch.process, {
      workflowId: watch.id(wish.group),
      args: [wish],
      memo: { [memoKeys.startedBy]: product.user },
      parentClosePolicy: ParentClosePolicy.ABANDON,
    });
    // How it ends is nobody's business here.
    handle.result().catch(() => undefined);
  } catch (error) {
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
  }
}
