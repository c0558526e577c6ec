import { describe, expect, it } from '@jest/globals';
import { drawTrials } from '../../campaign/by-chance.ts';
import { applicableTo, applicableToUndoing } from '../../campaign/faults.ts';
import { beside, planRound } from '../../campaign/kill-plan.ts';
import { discoverSamples } from '../../campaign/sample.ts';
import { waitOf } from '../../campaign/waits.ts';
import type { Way } from '../../campaign/ways.ts';

const samples = await discoverSamples();
/** As if each input led through every step. */
const ways = samples.flatMap((sample) => Object.keys(sample.inputs).map((input): Way => ({ sample, input, places: Object.keys(sample.process.steps), asked: [], followed: Object.keys(sample.process.steps) })));
const runs = Array.from({ length: 100 }, (_, index) => index + 1);

/** In words, since a scenario holds contracts. */
const drawn = (options: Partial<Parameters<typeof drawTrials>[0]> = {}): readonly string[] =>
  drawTrials({ ways, seed: 1, runs, ...options }).map(({ scenario: { sample, input, faults } }) => `${sample.process.name} ${input} ${faults.map(({ place, fault }) => `${place} ${fault}`).join(', ')}`);

describe('what is tried by chance', () => {
  it('is the same for the same seed, and other for another', () => {
    expect(drawn()).toEqual(drawn());
    const former = new Set(drawn());
    expect(drawn({ seed: 2 }).filter((one) => !former.has(one)).length).toBeGreaterThan(90);
  });

  it('is drawn again one by one, by the options that a hole is told with', () => {
    expect(drawn({ runs: [7] })).toEqual(drawn().slice(6, 7));
    expect(drawTrials({ ways, seed: 3, runs: [7] }).map(({ scenario }) => scenario.drawn)).toEqual(['--seed 3 --run 7']);
    expect(drawTrials({ ways, seed: 3, runs: [7], longest: 1_000 }).map(({ scenario }) => scenario.drawn)).toEqual(['--few --seed 3 --run 7']);
  });

  it('takes every way, meets every step and every fault, and ends an instance once at most', () => {
    const faults = drawTrials({ ways, seed: 1, runs }).map(({ scenario }) => scenario.faults);
    expect(new Set(drawn().map((one) => one.split(' ').slice(0, 2).join(' '))).size).toBe(ways.length);
    const places = new Set(faults.flat().map(({ place }) => place));
    expect([...places]).toEqual(expect.arrayContaining(ways.flatMap((way) => way.places)));
    const possible = samples.flatMap(({ process: { steps } }) => Object.values(steps).flatMap((step) => [...applicableTo(step), ...applicableToUndoing]));
    expect(new Set(faults.flat().map(({ fault }) => fault))).toEqual(new Set(possible));
    for (const some of faults) expect(some.filter(({ place, fault }) => !place.startsWith('undo:') && /^(cancelled|breaksForGood|refuses)/.test(fault)).length).toBeLessThanOrEqual(1);
  });

  it('takes no longer than it is told', () => {
    for (const { scenario } of drawTrials({ ways, seed: 1, runs, longest: 25_000 })) {
      expect(waitOf(scenario.faults.map((one) => ({ sample: scenario.sample, ...one })))).toBeLessThanOrEqual(25_000);
    }
  });

  it('makes of a seed the same kills and the same instances', () => {
    const plan = (seed: number): string => {
      const { kills, standstills, scenarios } = planRound({ samples, instances: 50, seed });
      return JSON.stringify([kills, standstills, scenarios.map(({ input, faults, meddling }) => [input, faults, meddling])]);
    };
    expect(plan(1)).toBe(plan(1));
    expect(plan(1)).not.toBe(plan(2));
  });

  it('has operators pause, take back, note and prioritise instances of every process while it kills', () => {
    const { scenarios } = planRound({ samples, instances: 100, seed: 1 });
    expect(new Set(scenarios.flatMap(({ meddling = [] }) => meddling.map(({ verb }) => verb)))).toEqual(new Set(['pause', 'rewind', 'note', 'prioritise']));
    expect(new Set(scenarios.map(({ sample }) => sample.process.name))).toEqual(new Set(samples.map(({ process: { name } }) => name)));
    expect(new Set(scenarios.flatMap(({ faults }) => faults.map(({ fault }) => fault)))).toEqual(new Set(beside));
  });
});
