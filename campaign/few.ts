import fc from 'fast-check';
import type { Trial } from './scenarios.ts';
import { waitOf } from './waits.ts';

/** Of these trials so few that each place and each fault is still met: the fullest, of those the quickest, of those any by chance. */
export function few(trials: readonly Trial[], seed: number): readonly Trial[] {
  const met = new Set<string>();
  const [shuffled = []] = fc.sample(fc.shuffledSubarray([...trials], { minLength: trials.length }), { seed, numRuns: 1 });
  return [...shuffled].sort((one, other) => other.cells.length - one.cells.length || waitOf(one.cells) - waitOf(other.cells)).filter(({ cells }) => {
    const here = cells.flatMap(({ sample, place, fault }) => [`${sample.process.name} ${place}`, fault]);
    const fresh = here.some((one) => !met.has(one));
    for (const one of fresh ? here : []) met.add(one);
    return fresh;
  });
}
