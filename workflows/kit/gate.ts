import { CancellationScope, condition, getExternalWorkflowHandle, workflowInfo } from '@temporalio/workflow';
import { conflict } from '../../contracts/failures.ts';
import { memoKeys, type PauseAnswer, type PauseMemo, PauseSignal, pauseSignals, type UpdateInput } from '../../contracts/verbs.ts';
import { isTemporalFailure } from './failure.ts';
import { everythingThatCameFollowedUp } from './followed-up.ts';
import { inTime } from './in-time.ts';
import { onSignal } from './signals.ts';
import type { Wait, Waits } from './waits.ts';

export type Gate = ReturnType<typeof createGate>;

/** What every step of an instance passes before it begins; while it is shut, the instance is paused. It is handed on to sub-processes. */
export function createGate({ id, waits }: { id: string; waits: Waits }) {
  // A run that continues another has its memo; a sub-process that was begun while its parent was paused has it from there.
  let paused = workflowInfo().memo?.[memoKeys.paused] as PauseMemo | null | undefined;
  let closed = false;
  /** The instances of the sub-processes that run. */
  const within = new Set<string>();
  const listeners: ((milliseconds: number) => void)[] = [];

  const waitOf = (memo: PauseMemo): Wait => ({ key: memoKeys.paused, memo, of: [], line: `Paused by ${memo.by}: ${memo.reason}` });
  if (paused) waits.restore(waitOf(paused));

  /**
   * Not in the verb itself: Temporal may give it to a worker that has lost the instance together with what came before, the end of a sub-process for example, and to another one after that; what the
   * verb leads to must be the same.
   */
  const handOn = async (signal: keyof typeof pauseSignals, said: PauseSignal): Promise<void> => {
    await CancellationScope.nonCancellable(everythingThatCameFollowedUp);
    for (const sub of within) {
      // One that ends in this moment needs nothing.
      getExternalWorkflowHandle(sub).signal(pauseSignals[signal], said).catch((error: unknown) => {
        if (!isTemporalFailure(error)) throw error;
      });
    }
  };
  const shut = ({ by, reason }: PauseSignal): PauseMemo => {
    const memo = { by, reason, at: new Date().toISOString() };
    paused = memo;
    waits.show(waitOf(memo));
    void handOn('pause', { by, reason });
    return memo;
  };
  const open = ({ by, reason }: PauseSignal): void => {
    if (!paused) return;
    const length = Date.now() - Date.parse(paused.at);
    paused = undefined;
    waits.close(memoKeys.paused);
    for (const tell of listeners) tell(length);
    void handOn('resume', { by, reason });
  };

  const requirePaused = (): void => {
    if (!paused) throw conflict(`instance "${id}" is not paused`);
  };
  const requireRunning = (): void => {
    if (paused) throw conflict(`instance "${id}" is paused already, by ${paused.by} since ${paused.at}: ${paused.reason}`);
    if (closed) throw conflict(`instance "${id}" is about to end: no step of its flow begins any more. What it undoes is not paused.`);
  };

  for (const name of ['pause', 'resume'] as const) {
    onSignal({
      name: pauseSignals[name],
      description: name === 'pause' ? 'Begin no further step: { by, reason }' : 'Go on: { by, reason }',
      act(read) {
        const said = PauseSignal.safeParse(orNothing(read));
        if (!said.success || closed || (name === 'pause') === Boolean(paused)) return;
        if (name === 'pause') shut(said.data);
        else open(said.data);
      },
    });
  }

  return {
    isPaused: (): boolean => Boolean(paused),
    passed: (): Promise<void> => condition(() => !paused),
    /** Told for how many milliseconds the instance was paused. */
    onResume: (tell: (milliseconds: number) => void): void => void listeners.push(tell),
    /** From now on no step begins any more. */
    close(): void {
      closed = true;
    },
    /** A sub-process runs, until what is returned is called. */
    runs(sub: string): () => void {
      within.add(sub);
      return () => void within.delete(sub);
    },
    /** What a sub-process that is begun now has to know. */
    memo: (): Record<string, unknown> => (paused ? { [memoKeys.paused]: paused } : {}),
    verbs: {
      checkPause({ validUntil }: UpdateInput<'instance.pause'>): void {
        inTime(validUntil);
        requireRunning();
      },
      pause({ actor, reason }: UpdateInput<'instance.pause'>): PauseAnswer {
        requireRunning();
        return { paused: true, ...shut({ by: actor.user, reason }) };
      },
      checkResume({ validUntil }: UpdateInput<'instance.resume'>): void {
        inTime(validUntil);
        requirePaused();
      },
      resume({ actor, comment }: UpdateInput<'instance.resume'>): PauseAnswer {
        requirePaused();
        const reason = comment ?? '';
        open({ by: actor.user, reason });
        return { paused: false, by: actor.user, reason, at: new Date().toISOString() };
      },
    },
  };
}

/** What a signal carries; nothing where that cannot be read. */
function orNothing(read: () => unknown): unknown {
  try {
    return read();
  } catch (error) {
    if (!isTemporalFailure(error)) throw error;
    return undefined;
  }
}
