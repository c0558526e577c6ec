import fc from 'fast-check';
import type { PlannedFault } from './faults.ts';
import type { Sample } from './sample.ts';
import type { Scenario } from './scenario.ts';

const victims = ['temporal', 'worker', 'api'] as const;
export type Victim = (typeof victims)[number];

interface Kill {
  readonly victim: Victim;
  /** Milliseconds before the kill, and from it to the next start. */
  readonly calm: number;
  readonly away: number;
}

/** More than a round has ever had time for; if not, it kills in the same order once more. */
const enoughKills = 500;

/**
 * What a seed makes of a round: the instances, and the kills. When a kill meets which instance is left to the machine. fast-check prefers small and large numbers, where
 * bugs of code are; here each moment and each mix is as good.
 */
export const planRound = ({ samples, instances, seed }: { samples: readonly Sample[]; instances: number; seed: number }): { readonly scenarios: readonly Scenario[]; readonly kills: readonly Kill[] } => ({
  scenarios: fc.sample(fc.noBias(anyMixed(samples)), { seed, numRuns: instances }),
  kills: fc.sample(fc.noBias(anyKill), { seed, numRuns: enoughKills }),
});

const anyKill = fc.record({ victim: fc.constantFrom(...victims), calm: fc.integer({ min: 3_000, max: 9_000 }), away: fc.integer({ min: 0, max: 2_000 }) });

/** Any input of any process, whose people agree, refuse, or see it cancelled while they think. */
function anyMixed(samples: readonly Sample[]): fc.Arbitrary<Scenario> {
  return fc.constantFrom(...samples).chain((sample) => {
    const steps = Object.entries(sample.process.steps).flatMap(([step, { contract }]) => (contract === 'task' ? [step] : []));
    const faults: fc.Arbitrary<readonly PlannedFault[]> =
      steps.length > 0 ? fc.array(fc.record({ place: fc.constantFrom(...steps), fault: fc.constantFrom('refuses', 'cancelledBefore') }), { maxLength: 1 }) : fc.constant([]);
    return fc.record({ sample: fc.constant(sample), input: fc.constantFrom(...Object.keys(sample.inputs)), faults, loose: fc.constant(true) });
  });
}
