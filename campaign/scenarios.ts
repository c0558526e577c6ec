import { type Cell, isPassing, plannedFor } from './cells.ts';
import { isUndoing } from '../contracts/ids.ts';
import { faultNames, isDeath, type PlannedFault } from './faults.ts';
import type { Scenario } from './scenario.ts';
import { inShortParts } from './waits.ts';
import type { Way } from './ways.ts';

/** A scenario, and the cells of the table that it proves. */
export interface Trial {
  readonly scenario: Scenario;
  readonly cells: readonly Cell[];
}

/** Each cell in an instance of its own: the surest to read. */
export const oneByOne = (cells: readonly Cell[]): readonly Trial[] => cells.map((cell) => ({ scenario: scenarioOf(cell.way, plannedFor(cell)), cells: [cell] }));

/**
 * The same cells in fewer instances: what passes is put together, each step of an instance with another fault, so that each fault meets each step once;
 * what fails while something is undone likewise. The rest keeps an instance of its own. `longest`: the milliseconds that the faults of one instance
 * may take.
 */
export function together(cells: readonly Cell[], longest = Infinity): readonly Trial[] {
  const parted = (some: readonly Cell[]): readonly (readonly Cell[])[] => groups(some).flatMap((group) => inShortParts(group, longest));
  const passing = parted(cells.filter(isPassing));
  const undone = parted(cells.filter(isShareable));
  const rest = cells.filter((cell) => !isPassing(cell) && !isShareable(cell));
  return [
    ...passing.map((group) => ({ scenario: scenarioOf(wayOf(group), group.flatMap(plannedFor)), cells: group })),
    ...undone.map((group) => ({ scenario: scenarioOf(wayOf(group), [lastDownfall(group), ...group.flatMap((cell) => plannedFor(cell).filter(({ place }) => isUndoing(place)))]), cells: group })),
    ...oneByOne(rest),
  ];
}

/** Undone by the same end at the last activity; a step that is the last one itself is not. */
const isShareable = ({ downfall, fault, way, place }: Cell): boolean => downfall !== undefined && !isDeath(fault) && !place.endsWith(way.asked.at(-1) ?? '');
/** It fails where it is cancelled later: a cancellation must not take the place of a failure. */
const lastDownfall = (group: readonly Cell[]): PlannedFault => ({ place: wayOf(group).asked.at(-1) ?? '', fault: group.some(({ fault }) => fault === 'cancelledWhileUndone' || fault === 'cancelledAtIncident') ? 'breaksForGood' : 'cancelledBefore' });

/** A Latin square over places and faults, for each way. */
function groups(cells: readonly Cell[]): readonly (readonly Cell[])[] {
  const square = new Map<string, Cell[]>();
  for (const way of new Set(cells.map((cell) => cell.way))) {
    const own = cells.filter((cell) => cell.way === way);
    const places = [...new Set(own.map(({ place }) => place))];
    const columns = faultNames.filter((name) => own.some(({ fault }) => fault === name));
    for (const cell of own) {
      const key = `${way.sample.process.name} ${way.input} ${(places.indexOf(cell.place) + columns.indexOf(cell.fault)) % columns.length}`;
      square.set(key, [...(square.get(key) ?? []), cell]);
    }
  }
  return [...square.values()];
}

const scenarioOf = ({ sample, input }: Way, faults: readonly PlannedFault[]): Scenario => ({ sample, input, faults });

function wayOf(group: readonly Cell[]): Way {
  const [first] = group;
  if (!first) throw new Error('a group without a cell');
  return first.way;
}
