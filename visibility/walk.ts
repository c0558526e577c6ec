import type { ProcessMap } from '../contracts/process-map.ts';
import { createMoves, keyOf, type Move, type Standing } from './standing.ts';

export interface Walk {
  /** Makes moves that a history tells of at once, in whatever order the map allows; says whether it does. After what it does not allow, it stays where it was. */
  moves(moves: readonly Move[]): boolean;
  /** From here on somebody ends the instance from outside: steps that have begun end, and none begins. */
  abort(): void;
  /** Whether the instance may end so where it stands now. */
  mayEnd(how: 'completed' | 'failed'): boolean;
  /** The nodes at which it may stand, for a message. */
  where(): readonly string[];
}

/** Follows one instance on the map of its process, as far as a history tells of it. */
export function startWalk(map: ProcessMap): Walk {
  const steps = createMoves(map);
  let standings: readonly Standing[] = [steps.begin()];
  let isAborted = false;
  const after = (from: readonly Standing[], move: Move): readonly Standing[] => {
    if (!isAborted) return unique(from.flatMap((one) => steps.make(one, move)));
    return move.what === 'end' ? unique(from.flatMap((one) => steps.endAnyhow(one, move))) : [];
  };
  const inSomeOrder = (from: readonly Standing[], left: readonly Move[]): readonly Standing[] => {
    if (left.length === 0) return from;
    for (const move of left) {
      const next = after(from, move);
      const end = next.length > 0 ? inSomeOrder(next, left.filter((one) => one !== move)) : [];
      if (end.length > 0) return end;
    }
    return [];
  };
  return {
    moves(moves) {
      const next = inSomeOrder(standings, moves);
      if (next.length > 0) standings = next;
      return next.length > 0;
    },
    abort: () => void (isAborted = true),
    mayEnd: (how) => (isAborted ? standings.some(({ tokens }) => tokens.every(({ visit }) => visit === undefined)) : standings.some((one) => steps.mayEnd(one, how))),
    where: () => [...new Set(standings.flatMap(({ tokens }) => tokens.map(({ at, visit }) => (visit === undefined ? at : `${at} (visit ${visit})`))))],
  };
}

const unique = (standings: readonly Standing[]): readonly Standing[] => [...new Map(standings.map((one) => [keyOf(one), one])).values()];
