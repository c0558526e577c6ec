import type { StepContract } from '../contracts/define/process.ts';
import { isUndoing, undoing } from '../contracts/ids.ts';
import { applicableTo, applicableToUndoing, asksOf, type FaultName, faultOf, isDeath, type Place, type PlannedFault } from './faults.ts';
import type { Sample } from './sample.ts';
import type { Way } from './ways.ts';

/** One field of the table: a place, and what goes wrong there. */
export interface Cell {
  readonly sample: Sample;
  readonly place: Place;
  readonly fault: FaultName;
  readonly way: Way;
  /** Cancels the instance, so that there is something to undo; missing where the fault itself is not about that. */
  readonly downfall?: PlannedFault;
}

/** Every step of every process with everything that can go wrong there, and every compensation. */
export function cellsOf(ways: readonly Way[]): readonly Cell[] {
  const samples = [...new Set(ways.map(({ sample }) => sample))];
  return samples.flatMap((sample) =>
    Object.entries(sample.process.steps).flatMap(([step, named]) => {
      const contract = asksOf(named);
      // There is one, or the ways were not found.
      const way = ways.find((one) => one.sample === sample && one.places.includes(step));
      if (!way) return [];
      const cells = applicableTo(named).flatMap((fault): readonly Cell[] => {
        if (!needsMore(contract, fault)) return [{ sample, place: step, fault, way }];
        const further = ways.find((one) => one.sample === sample && one.followed.includes(step));
        return further ? [{ sample, place: step, fault, way: further }] : [];
      });
      if (contract.contract !== 'activity' || !contract.compensation) return cells;
      const downfall = downfallAfter(way, step);
      return [
        ...cells.map((cell) => (cell.fault === 'compensationFails' ? { ...cell, downfall } : cell)),
        ...applicableToUndoing.map((fault): Cell => ({ sample, place: undoing(step), fault, way, downfall })),
      ];
    }),
  );
}

/** Whether it can happen only where something follows: past the last step nothing is left to go back from, and whoever decides last ends the instance before the worker dies. */
export const needsMore = ({ contract }: StepContract, fault: FaultName): boolean => fault === 'rewoundPast' || (fault === 'diesAfter' && (contract === 'task' || contract === 'message'));

/** A cancellation while the next activity is asked, so that the step itself was done and is known to be; at the last one, while it is asked. */
function downfallAfter({ asked }: Way, step: Place): PlannedFault {
  const next = asked[asked.indexOf(step) + 1];
  return next === undefined ? { place: step, fault: 'cancelledAfter' } : { place: next, fault: 'cancelledBefore' };
}

/** What is planned for the cell's own instance. */
export const plannedFor = ({ place, fault, downfall }: Cell): readonly PlannedFault[] => [
  ...(downfall ? [downfall] : []),
  { place: fault === 'compensationFails' && !isUndoing(place) ? undoing(place) : place, fault },
];

/** Whether an instance goes on after it as if nothing had been, so that more can go wrong in the same one. */
export const isPassing = ({ fault, downfall }: Cell): boolean => downfall === undefined && faultOf(fault).ends === undefined && !isDeath(fault);
