import fc from 'fast-check';
import { isUndoing, placeOf, undoing } from '../contracts/ids.ts';
import { needsMore } from './cells.ts';
import { applicableTo, applicableToUndoing, asksOf, type FaultName, faultOf, type Place, type PlannedFault } from './faults.ts';
import type { Scenario } from './scenario.ts';
import type { Trial } from './scenarios.ts';
import { waitOf } from './waits.ts';
import type { Way } from './ways.ts';

interface Drawing {
  readonly ways: readonly Way[];
  readonly seed: number;
  /** The numbers, from 1, of the instances that are wanted of all that the seed draws. */
  readonly runs: readonly number[];
  /** Milliseconds that the faults of one instance may take. */
  readonly longest?: number;
}

/** Random instances, each of which can be drawn again without the others. */
export function drawTrials({ ways, seed, runs, longest = Infinity }: Drawing): readonly Trial[] {
  const short = fc.noBias(anyScenario(ways)).filter(({ sample, faults }) => waitOf(faults.map((one) => ({ sample, ...one }))) <= longest);
  const options = `${longest === Infinity ? '' : '--few '}--seed ${seed}`;
  return fc.sample(short, { seed, numRuns: Math.max(0, ...runs) }).flatMap((scenario, index) => (runs.includes(index + 1) ? [{ scenario: { ...scenario, drawn: `${options} --run ${index + 1}` }, cells: [] }] : []));
}

/**
 * An instance with whatever goes wrong in it by chance: passing faults anywhere, one after the other, and at most one that ends it. It is drawn, but never shrunk:
 * one try takes a minute, and the faults of an instance are few.
 */
function anyScenario(ways: readonly Way[]): fc.Arbitrary<Scenario> {
  return fc.constantFrom(...ways.filter(({ places }) => places.length > 0)).chain((way) => {
    const places = placesOf(way);
    const endings = places.flatMap(({ place, names }) => names.map((fault) => ({ place, fault })).filter(isEnding));
    const ending = fc.option(fc.constantFrom(...endings), { freq: 4, nil: undefined });
    return fc.tuple(ending, ...places.map(nowAndThen)).map(([end, ...passing]) => ({ sample: way.sample, input: way.input, faults: [...passing.flat(), ...(end ? [end] : [])], loose: true }));
  });
}

interface Possible {
  readonly place: Place;
  readonly names: readonly FaultName[];
}

/** Where something can go wrong on a way, while it is gone and while it is undone. */
function placesOf({ sample: { process }, places, followed }: Way): readonly Possible[] {
  return places.flatMap((place) => {
    const named = process.steps[placeOf(place).step];
    const contract = named && asksOf(named);
    if (!contract) return [];
    // A compensation fails at a place of its own.
    const step = { place, names: applicableTo(named).filter((name) => name !== 'compensationFails' && (!needsMore(contract, name) || followed.includes(place))) };
    return contract.contract === 'activity' && contract.compensation ? [step, { place: undoing(place), names: applicableToUndoing }] : [step];
  });
}

/** At one place of three something goes wrong that passes, at times twice. */
function nowAndThen({ place, names }: Possible): fc.Arbitrary<readonly PlannedFault[]> {
  const faults = names.map((fault) => ({ place, fault })).filter((one) => !isEnding(one));
  return fc.oneof({ weight: 2, arbitrary: fc.constant([]) }, { weight: 1, arbitrary: fc.array(fc.constantFrom(...faults), { minLength: 1, maxLength: 2 }) });
}

/** What is refused while it is undone ends nothing. */
export const isEnding = ({ place, fault }: PlannedFault): boolean => !isUndoing(place) && faultOf(fault).ends !== undefined;
