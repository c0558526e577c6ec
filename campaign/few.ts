import fc from 'fast-check';
import type { ProcessContract } from '../contracts/define/process.ts';
import { placeOf } from '../contracts/ids.ts';
import { asksOf, type Place } from './faults.ts';
import type { Trial } from './scenarios.ts';
import { waitOf } from './waits.ts';

/** It comes to its faults in other ways than a step that asks a system or a person. */
const isSubProcess = ({ process: { steps }, place }: { process: ProcessContract; place: Place }): boolean => {
  const named = steps[placeOf(place).step];
  return named !== undefined && asksOf(named).contract === 'process';
};

/** Of these trials so few that each place and each fault is still met: the fullest, of those the quickest, of those any by chance. */
export function few(trials: readonly Trial[], seed: number): readonly Trial[] {
  const met = new Set<string>();
  const [shuffled = []] = fc.sample(fc.shuffledSubarray([...trials], { minLength: trials.length }), { seed, numRuns: 1 });
  return [...shuffled].sort((one, other) => other.cells.length - one.cells.length || waitOf(one.cells) - waitOf(other.cells)).filter(({ cells }) => {
    const here = cells.flatMap(({ sample: { process }, place, fault }) => [`${process.name} ${place}`, isSubProcess({ process, place }) ? `${fault} of a sub-process` : fault]);
    const fresh = here.some((one) => !met.has(one));
    for (const one of fresh ? here : []) met.add(one);
    return fresh;
  });
}
