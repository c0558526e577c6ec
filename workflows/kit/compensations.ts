import type { CompensationContract } from '../../contracts/define/activity.ts';

/** An effect that may have to be undone. */
export interface Entry {
  readonly step: string;
  readonly visit: number;
  readonly activityId: string;
  readonly contract: CompensationContract;
  readonly input: unknown;
  /** Set when the forward step answered. */
  output?: unknown;
}

export type Compensations = ReturnType<typeof createCompensations>;

/** What the instance did and can undo, in the order in which it was begun. */
export function createCompensations() {
  const entries: Entry[] = [];
  return {
    /** Before the step runs: a call that timed out may have taken effect. */
    register(entry: Entry): Entry {
      entries.push(entry);
      return entry;
    },
    /** For a step that certainly took no effect. */
    drop(entry: Entry): void {
      const at = entries.indexOf(entry);
      if (at >= 0) entries.splice(at, 1);
    },
    /** Newest first; each is handed out once. */
    *takeNewestFirst(): Generator<Entry> {
      for (let entry = entries.pop(); entry; entry = entries.pop()) yield entry;
    },
  };
}
