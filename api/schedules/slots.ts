import { secondsOf } from './duration.ts';

/** A time of a schedule. */
export interface Slot {
  /** The time before, or the beginning of the stretch; Temporal finds the slot's time, whatever its jitter, between the two. */
  readonly after: string;
  readonly time: string;
  /** Whether an instance was started for it. */
  readonly taken: boolean;
}

interface Known {
  /** In order, with jitter. */
  readonly times: readonly string[];
  readonly startAt: string;
  readonly jitter: string | undefined;
  /** Times, without jitter, for which an instance was started. */
  readonly started: readonly string[];
}

/**
 * Which times have had their instance. The time without jitter lies up to the jitter before the one with it; a start that was triggered by hand in
 * just that time is taken for it.
 */
export function slotsOf({ times, startAt, jitter, started }: Known): readonly Slot[] {
  const putOff = secondsOf(jitter ?? '0 seconds') * 1_000;
  const moments = started.map((time) => Date.parse(time));
  return times.map((time, at) => {
    const after = times[at - 1] ?? new Date(Date.parse(startAt) - 1).toISOString();
    const [latest, earliest] = [Date.parse(time), Math.max(Date.parse(after) + 1, Date.parse(time) - putOff)];
    return { after, time, taken: moments.some((moment) => moment >= earliest && moment <= latest) };
  });
}

/** The slots that are not taken, those that follow one another as one stretch; both ends included. */
export function stretchesOf(slots: readonly Slot[]): readonly { readonly startAt: string; readonly endAt: string }[] {
  const stretches: { startAt: string; endAt: string }[] = [];
  for (const [at, { after, time, taken }] of slots.entries()) {
    const open = at > 0 && slots[at - 1]?.taken === false ? stretches.at(-1) : undefined;
    if (taken) continue;
    if (open) open.endAt = time;
    else stretches.push({ startAt: new Date(Date.parse(after) + 1).toISOString(), endAt: time });
  }
  return stretches;
}
