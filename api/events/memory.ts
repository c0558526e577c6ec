import { setTimeout as pause } from 'node:timers/promises';
import { endMark, type Position } from './position.ts';
import type { ReadRun, Runs } from './runs.ts';
import type { Told } from './telling.ts';

/** What a listener has not got; `ahead` where that ends after the newest message that is kept here. */
export interface Missed {
  readonly told: readonly Told[];
  readonly ahead: Position | undefined;
}

export type Memory = ReturnType<typeof createMemory>;

/** Bytes of messages that a follower keeps for those who come back. */
const keptBytes = 2_000_000;
/** Milliseconds for which a history that was read anew serves others who come back. */
const readFor = 30_000;
/** Milliseconds in which this process must see what another one has told already. */
const lag = 5_000;

/** The newest messages of an instance; older ones are made anew from the history, once for all who ask at about the same time. */
export function createMemory({ runs, id }: { runs: Runs; id: string }) {
  const recent: Told[] = [];
  let bytes = 0;
  const read = new Map<string, { readonly from: number; readonly run: Promise<ReadRun | undefined> }>();

  const readOnce = ({ runId, from, goesOn }: { runId: string; from: number; goesOn: boolean }): Promise<ReadRun | undefined> => {
    const key = `${runId} ${goesOn}`;
    const known = read.get(key);
    if (known && known.from <= from) return known.run;
    // Whoever makes it be read once more makes it be read whole.
    const reading = { from: known ? 0 : from, run: runs.read({ id, runId, from: known ? 0 : from, goesOn }) };
    const forget = (): void => {
      if (read.get(key) === reading) read.delete(key);
    };
    read.set(key, reading);
    setTimeout(forget, readFor).unref();
    reading.run.catch(forget);
    return reading.run;
  };

  /** What is kept here after a position; `undefined` where that is not among it. */
  const since = (position: Position): readonly Told[] | undefined => {
    const at = recent.findLastIndex(({ position: { runId, event } }) => runId === position.runId && event <= position.event);
    const found = recent[at];
    if (!found) return undefined;
    const fits = position.mark === endMark ? recent[at + 1]?.position.runId !== position.runId : isSame(found.position, position);
    return fits ? recent.slice(at + 1) : undefined;
  };

  /** All messages after a position up to the run that is told now, made anew. */
  async function past({ position, current }: { position: Position; current: () => string }): Promise<readonly Told[] | undefined> {
    let run = await readOnce({ runId: position.runId, from: position.event, goesOn: false });
    const at = run?.told.findIndex((told) => isSame(told.position, position)) ?? -1;
    if (!run || (at === -1 && (position.mark !== endMark || !run.end))) return undefined;
    const told = position.mark === endMark ? [] : run.told.slice(at + 1);
    while (run.runId !== current()) {
      // A run that goes on is newer than the one that is told here: another process was faster.
      if (!run.end) return (await comesTo({ runId: run.runId, current })) ? told : undefined;
      run = await readOnce({ runId: run.end.next ?? current(), from: 0, goesOn: run.end.goesOn });
      if (!run) return undefined;
      told.push(...run.told);
    }
    return told;
  }

  return {
    keep(told: Told): void {
      recent.push(told);
      bytes += told.message.length;
      while (bytes > keptBytes && recent.length > 1) bytes -= recent.shift()?.message.length ?? 0;
    },
    /** Makes what is not kept any more anew; `undefined` where the position is of another history, or of none that is there. */
    recall: async (place: { position: Position; current: () => string }): Promise<readonly Told[] | undefined> => (since(place.position) ? [] : past(place)),
    /** Joins what was recalled with what is kept. To be called when the listener is taken in, lest something come between. */
    missed({ position, recalled }: { position: Position; recalled: readonly Told[] }): Missed | undefined {
      const last = recalled.at(-1)?.position ?? position;
      const more = since(last);
      if (more) return { told: [...recalled, ...more], ahead: undefined };
      return isBehind(recent.at(-1)?.position, last) ? { told: recalled, ahead: last } : undefined;
    },
  };
}

const isSame = (one: Position, other: Position): boolean => one.runId === other.runId && one.event === other.event && one.mark === other.mark;

/** Whether a position stands before, or at, another of the same run. */
export const isBehind = (one: Position | undefined, other: Position | undefined): boolean =>
  one !== undefined && other !== undefined && one.runId === other.runId && one.event <= other.event;

async function comesTo({ runId, current }: { runId: string; current: () => string }): Promise<boolean> {
  for (const until = Date.now() + lag; current() !== runId && Date.now() < until; ) await pause(50);
  return current() === runId;
}
