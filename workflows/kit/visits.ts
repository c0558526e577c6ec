/** Numbers the calls of steps, from 1, in one place of a flow. */
export interface Visits {
  next(step: string): number;
  /** How many numbers of the step are taken. */
  taken(step: string): number;
  /** The visit behind this place's nth call of the step; all numbers up to `reserved` are taken with it. */
  visit(step: string, nth: number, reserved: number): number;
}

export function createVisits(): Visits {
  const counts = createCounts();
  return {
    next: (step) => counts.raise(step, counts.of(step) + 1),
    taken: counts.of,
    visit(step, nth, reserved) {
      counts.raise(step, reserved);
      return nth;
    },
  };
}

/**
 * The visits of the members of a `forEach`. They depend on the member's index alone, not on who comes first: the first call of a step is visit `index + 1`,
 * and where a member calls a step again, all members' second calls follow all first ones. `around` numbers the place where the `forEach` stands.
 */
export function createMemberVisits({ around, size }: { around: Visits; size: number }): (index: number) => Visits {
  const bases = new Map<string, number>();
  const baseOf = (step: string): number => {
    const base = bases.get(step) ?? around.taken(step);
    bases.set(step, base);
    return base;
  };
  return (index) => {
    const counts = createCounts();
    const visit = (step: string, nth: number, reserved: number): number => {
      counts.raise(step, reserved);
      const base = baseOf(step);
      return around.visit(step, base + (nth - 1) * size + index + 1, base + reserved * size);
    };
    return {
      next(step) {
        const nth = counts.of(step) + 1;
        return visit(step, nth, nth);
      },
      taken: counts.of,
      visit,
    };
  };
}

function createCounts() {
  const counts = new Map<string, number>();
  const of = (step: string): number => counts.get(step) ?? 0;
  return {
    of,
    raise(step: string, to: number): number {
      counts.set(step, Math.max(of(step), to));
      return to;
    },
  };
}
