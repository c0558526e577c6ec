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

export interface Compensations {
  /** Before the step runs: a call that timed out may have taken effect. */
  register(entry: Entry): Entry;
  /** For what does several things: its effects stand together, where it began, and can be undone alone. */
  branch(): Compensations;
  /** For a step that certainly took no effect, or whose effect is undone. */
  drop(entry: Entry): void;
  all(): readonly Entry[];
  /** Newest first; each is handed out once, and is gone when the next is taken. */
  takeNewestFirst(): Generator<Entry>;
}

/** What was done and can be undone, in the order in which it was begun. */
export function createCompensations(): Compensations {
  const begun: ({ readonly entry: Entry } | { readonly branch: Compensations })[] = [];
  return {
    register(entry) {
      begun.push({ entry });
      return entry;
    },
    branch() {
      const branch = createCompensations();
      begun.push({ branch });
      return branch;
    },
    drop(entry) {
      const at = begun.findIndex((one) => 'entry' in one && one.entry === entry);
      if (at >= 0) begun.splice(at, 1);
      else for (const one of begun) if ('branch' in one) one.branch.drop(entry);
    },
    all: () => begun.flatMap((one) => ('entry' in one ? one.entry : one.branch.all())),
    *takeNewestFirst() {
      for (let newest = begun.at(-1); newest; newest = begun.at(-1)) {
        if ('entry' in newest) yield newest.entry;
        else yield* newest.branch.takeNewestFirst();
        begun.splice(begun.lastIndexOf(newest), 1);
      }
    },
  };
}
