import type { CompensationContract } from '../../contracts/define/activity.ts';

/** An effect that may have to be undone. */
export interface Entry {
  /** Of a sub-process's effect it is led by the visits that lead to it: `orderLaptop:2/pay`. */
  readonly step: string;
  readonly visit: number;
  readonly activityId: string;
  /** Under which the system was asked. */
  readonly forwardKey: string;
  readonly contract: CompensationContract;
  readonly input: unknown;
  /** Set when the forward step answered. */
  output?: unknown;
}

/** Where what a step did stands among what other steps did: in the order in which they were begun. */
export type Place = Entry[];

export type Compensations = ReturnType<typeof createCompensations>;

/** What the instance did and can undo, in the order in which it was begun. */
export function createCompensations() {
  const places: Place[] = [];
  return {
    /** Before the step runs: a call that timed out may have taken effect. */
    register(entry: Entry): Entry {
      places.push([entry]);
      return entry;
    },
    /** For a step whose effects are known only later. */
    reserve(): Place {
      const place: Place = [];
      places.push(place);
      return place;
    },
    /** For a step that certainly took no effect. */
    drop(entry: Entry): void {
      const at = places.findIndex((place) => place.includes(entry));
      if (at >= 0) places.splice(at, 1);
    },
    all: (): readonly Entry[] => places.flat(),
    /** Newest first; each is handed out once. */
    *takeNewestFirst(): Generator<Entry> {
      for (let place = places.at(-1); place; place = places.at(-1)) {
        const entry = place.pop();
        if (entry) yield entry;
        else places.splice(places.lastIndexOf(place), 1);
      }
    },
  };
}
