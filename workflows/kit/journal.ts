import { CancellationScope, condition } from '@temporalio/workflow';
import type { Answer } from './carried.ts';
import { failureOf, plainOf } from './failure.ts';
import { everythingFollowedUp } from './followed-up.ts';
import type { Outcome } from './scopes.ts';

interface Listener {
  resolve(output: unknown): void;
  reject(failure: Error): void;
}

/** In place of a step's name, since which branch of a race was first is learned like the answer of a step; none has such a name. */
export const learnedOfRaces = '@race';

export type Journal = ReturnType<typeof createJournal>;

/**
 * Remembers what the flow learned from its steps, in that order, and tells it again in that order when the instance has continued as a new run: the next answer is told
 * when the flow has drawn all conclusions from the one before.
 */
export function createJournal(carried: readonly Answer[]) {
  const answers: Answer[] = [...carried];
  const learned = new Map(carried.map((answer) => [answer.id, answer]));
  const listening = new Map<string, Listener>();
  let untold = carried.length;

  /** A flow that goes another way than it went has a bug; its workflow task fails until mended code comes. */
  const diverged = (id: string): void => {
    const bug = new Error(
      `the flow did not come to step "${id}" again, as it did before this instance continued as a new run: it depends on something else than its input and its steps, such as the time. Let a step tell it that.`,
    );
    if (listening.size === 0) throw bug;
    for (const { reject } of listening.values()) reject(bug);
  };

  const lastOfAll = async <R>(work: () => Promise<R>): Promise<R> => {
    try {
      return await work();
    } finally {
      await CancellationScope.nonCancellable(() => condition(() => untold === 0));
    }
  };

  return {
    /**
     * Tells the flow what it has learned in former runs. There may be thousands of answers, all of which are told within one workflow task: each promise costs, for the
     * SDK keeps its stack trace, so there are as few as can be, here and in the calls of steps.
     */
    tell: (): Promise<void> =>
      CancellationScope.nonCancellable(async () => {
        for (const { id, output, failure } of carried) {
          await everythingFollowedUp();
          const flow = listening.get(id);
          if (!flow) return diverged(id);
          listening.delete(id);
          untold -= 1;
          if (failure) flow.reject(failureOf(failure));
          else flow.resolve(output);
        }
      }),
    /** Whether all of that has been told. */
    isTold: (): boolean => untold === 0,
    /**
     * Work that the flow has not learned the end of, which it then learns after all that it learned before: a message, a decision or a cancellation that came between two runs is
     * there from the beginning, and would otherwise lead the flow another way than it went.
     */
    inTurn: <R>(work: () => Promise<R>): (() => Promise<R>) => (untold === 0 ? work : () => lastOfAll(work)),
    /** What the flow learned of this step in a former run, and, once its turn has come, its answer; `undefined` when it learned nothing. */
    recall(id: string): { readonly learned: Answer; readonly answer: Promise<unknown> } | undefined {
      const former = learned.get(id);
      if (!former) return undefined;
      const answer = new Promise((resolve, reject) => listening.set(id, { resolve, reject }));
      // The flow may wait for it only later.
      if (former.failure) answer.catch(() => undefined);
      return { learned: former, answer };
    },
    keep(id: string, outcome: Outcome): void {
      if (learned.has(id)) return;
      if ('error' in outcome) answers.push({ id, failure: plainOf(outcome.error) });
      else answers.push(outcome.output === undefined ? { id } : { id, output: outcome.output });
    },
    all: (): readonly Answer[] => answers,
    knows: (id: string): boolean => answers.some((answer) => answer.id === id),
  };
}
