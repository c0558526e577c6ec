import { allHandlersFinished, CancellationScope, condition, makeContinueAsNewFunc, workflowInfo } from '@temporalio/workflow';
import { compensatedLimit, utf8Length } from '../../contracts/define/limits.ts';
import { memoKeys } from '../../contracts/verbs.ts';
import type { Carried } from './carried.ts';
import { everythingFollowedUp } from './followed-up.ts';

/** Milliseconds for which other branches wait for an activity that is under way, so that the instance can go on in a new run. */
const patience = 60_000;
/** Events; beyond, they wait as long as it takes. Temporal ends a history at some 50,000. */
const longestHistory = 20_000;

/**
 * Milliseconds that Temporal gives a worker for one workflow task of the next run, ten seconds by default. The first one, and each after a worker has lost the instance, tells the flow
 * what it has learned, at some 0.8 ms an answer on a machine that has nothing else to do: where that did not fit in, it would begin again for ever.
 */
const timeToTell = (answers: number): number => Math.min(10_000 + 8 * answers, 90_000);

export type Seam = ReturnType<typeof createSeam>;

interface SeamOptions {
  /** Whether the flow has been told what it learned in former runs. */
  readonly isTold: () => boolean;
  readonly carry: () => Carried;
}

/**
 * Where an instance with a long history goes on in a new run, under the same id: at a moment when no system works for it. From when Temporal suggests it, steps that are about to
 * begin wait for such a moment.
 */
export function createSeam({ isTold, carry }: SeamOptions) {
  const whole = CancellationScope.current();
  const working = new Set<{ readonly since: number }>();
  let input: unknown;
  let cross: ((crossing: unknown) => void) | undefined;
  let closed = false;

  /** One that is being cancelled ends in this run too: the next would know nothing of it. */
  const isClosed = (): boolean => closed || whole.consideredCancelled;
  const isNear = (): boolean => !isClosed() && cross !== undefined && workflowInfo().continueAsNewSuggested;
  const isQuiet = (): boolean => working.size === 0 && isTold() && allHandlersFinished();
  /** Not while an activity that has been under way for long, perhaps retrying, would keep all others from going on. */
  const holds = (): boolean => isNear() && (workflowInfo().historyLength > longestHistory || [...working].every(({ since }) => Date.now() - since < patience));

  const goOn = (): void => {
    if (!cross) return;
    const carried = carry();
    if (utf8Length(JSON.stringify([input, carried])) > compensatedLimit) {
      // What it has learned fits into no single payload: the history just grows on.
      closed = true;
      return;
    }
    const { memo, firstExecutionRunId } = workflowInfo();
    const goOnAs = makeContinueAsNewFunc<(input: unknown, carried: Carried) => Promise<unknown>>({
      memo: { ...memo, [memoKeys.firstRun]: firstExecutionRunId },
      workflowTaskTimeout: timeToTell(carried.answers.length),
    });
    goOnAs(input, carried).catch(cross);
  };

  const quiet = async (): Promise<void> => {
    do {
      await condition(() => isClosed() || isQuiet());
      // What came just now, a decision perhaps, is to reach its step first.
      await everythingFollowedUp();
    } while (!isClosed() && !isQuiet());
  };
  let awaited = false;
  const awaitQuiet = (): void => {
    if (awaited) return;
    awaited = true;
    void CancellationScope.nonCancellable(quiet).then(() => {
      awaited = false;
      if (!isClosed()) goOn();
    });
  };

  return {
    /**
     * Runs the body of the flow until it ends, which is then concluded, or is to go on in a new run: then the promise rejects with what tells Temporal so.
     *
     * @param conclude of what the body returned, or threw
     */
    until<R, O>({ given, body, conclude }: { readonly given: unknown; body(): Promise<R>; conclude(returned: () => R): O | Promise<O> }): Promise<O> {
      return new Promise<O>((resolve, reject) => {
        let crossed = false;
        const over = (returned: () => R): void => {
          if (crossed) return;
          try {
            resolve(conclude(returned));
          } catch (error) {
            reject(error);
          }
        };
        input = given;
        cross = (crossing) => {
          crossed = true;
          reject(crossing);
        };
        body().then(
          (result) => over(() => result),
          (error: unknown) =>
            over(() => {
              throw error;
            }),
        );
      });
    },
    /** From now on the instance ends in this run. */
    close(): void {
      closed = true;
    },
    isNear,
    /** Lets a step begin when it may. */
    async passed(): Promise<void> {
      awaitQuiet();
      await condition(() => !holds());
    },
    /** A system works for the instance from now on, until what is returned is called. */
    work(): () => void {
      const one = { since: Date.now() };
      working.add(one);
      return () => void working.delete(one);
    },
  };
}
