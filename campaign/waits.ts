import { milliseconds } from '../contracts/define/duration.ts';
import type { Cell } from './cells.ts';
import { isUndoing, undoneAt } from '../contracts/ids.ts';
import { asksOf, faultOf, type Order } from './faults.ts';

/** These cells in parts, none of which waits longer than `longest` milliseconds, if it has more than one cell. */
export function inShortParts(cells: readonly Cell[], longest: number): readonly (readonly Cell[])[] {
  const parts: Cell[][] = [];
  for (const cell of cells) {
    const part = parts.find((one) => waitOf([...one, cell]) <= longest);
    if (part) part.push(cell);
    else parts.push([cell]);
  }
  return parts;
}

/** Of these Temporal hears no more. */
const silent: readonly Order[] = ['fall silent', 'act late', 'die'];

/** Milliseconds that pass until Temporal takes the attempts for lost that go wrong; without end where there is no attempt to lose. */
export function waitOf(cells: readonly Pick<Cell, 'sample' | 'place' | 'fault'>[]): number {
  return cells.reduce((sum, { sample, place, fault }) => sum + (silent.includes(faultOf(fault).order) ? boundAt(sample, place) : 0), 0);
}

function boundAt({ process: { steps } }: Cell['sample'], place: Cell['place']): number {
  const named = steps[isUndoing(place) ? undoneAt(place) : place];
  const step = named && asksOf(named);
  if (step?.contract !== 'activity') return Infinity;
  const { heartbeatTimeout, startToCloseTimeout } = (isUndoing(place) ? step.compensation : undefined) ?? step;
  return milliseconds(heartbeatTimeout ?? startToCloseTimeout);
}
