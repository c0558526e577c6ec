import type { Drawing, OpenEnd } from './drawing.ts';
import type { FollowedFunction, Value } from './values.ts';

export interface Loop {
  readonly kind: 'loop';
  readonly label: string | undefined;
  readonly breaks: OpenEnd[];
  readonly continues: OpenEnd[];
}
interface Finally {
  readonly kind: 'finally';
  readonly run: () => void;
}
interface Switch {
  readonly kind: 'switch';
  readonly breaks: OpenEnd[];
}

/** A function that is followed: where its `return`s lead, and what stands around the place that is read. */
export interface Frame {
  readonly of: FollowedFunction;
  readonly returns: OpenEnd[];
  readonly values: Value[];
  around: readonly (Loop | Switch | Finally)[];
  /** Names of caught errors, innermost last. */
  readonly caught: string[];
}

export const frameOf = (of: FollowedFunction): Frame => ({ of, returns: [], values: [], around: [], caught: [] });

/** Reads what is written within a loop, a switch or a `try` with its `finally`. */
export function inside<A extends Loop | Switch | Finally>(frame: Frame, one: A, work: () => void): A {
  const before = frame.around;
  frame.around = [...before, one];
  try {
    work();
  } finally {
    frame.around = before;
  }
  return one;
}

/** Leaves by way of each `finally` out to where `isTarget` holds, or the function: what is open then is put with the target's own. */
export function leave({ frame, drawing, isTarget, to }: { frame: Frame; drawing: Drawing; isTarget: (one: Loop | Switch) => boolean; to: (one: Loop | Switch | undefined) => OpenEnd[] }): void {
  const before = frame.around;
  let target: Loop | Switch | undefined;
  for (let at = before.length - 1; at >= 0; at--) {
    const one = before[at];
    if (one?.kind === 'finally') {
      frame.around = before.slice(0, at);
      one.run();
    } else if (one && isTarget(one)) {
      target = one;
      break;
    }
  }
  frame.around = before;
  to(target).push(...drawing.take());
}
