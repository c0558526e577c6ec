import fc from 'fast-check';
import { isEnding } from './by-chance.ts';
import { undoing } from '../contracts/ids.ts';
import { applicableTo, applicableToUndoing, asksOf, type FaultName } from './faults.ts';
import type { Meddling } from './operator.ts';
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
export const planRound = ({ samples, instances, seed }: { samples: readonly Sample[]; instances: number; seed: number }): { readonly scenarios: readonly Scenario[]; readonly kills: readonly Kill[]; readonly standstills: readonly Standstill[] } => ({
  scenarios: fc.sample(fc.noBias(anyMixed(samples)), { seed, numRuns: instances }),
  kills: fc.sample(fc.noBias(anyKill), { seed, numRuns: enoughKills }),
  standstills: fc.sample(fc.noBias(anyStandstill(samples)), { seed, numRuns: enoughKills }),
});

const anyStandstill = (samples: readonly Sample[]): fc.Arbitrary<Standstill> =>
  fc.record({ process: fc.constantFrom(...samples.map(({ process: { name } }) => name)), calm: fc.integer({ min: 5_000, max: 20_000 }), away: fc.integer({ min: 0, max: 3_000 }) });

const anyKill = fc.record({ victim: fc.constantFrom(...victims), calm: fc.integer({ min: 3_000, max: 9_000 }), away: fc.integer({ min: 0, max: 2_000 }) });

/** A pause of all instances of a process. */
interface Standstill {
  readonly process: string;
  /** Milliseconds before it, and from it to when all go on. */
  readonly calm: number;
  readonly away: number;
}

/** What may go wrong beside the kills: what passes, what ends an instance in an ordinary way, and what operators then do. */
export const beside: readonly FaultName[] = ['refuses', 'cancelledBefore', 'breaksSchema', 'breaksChanged', 'breaksSupplied', 'compensationFails', 'cancelledWhileUndone', 'pausedThere', 'rewoundThere'];

const anyMeddling: fc.Arbitrary<Meddling> = fc.record({
  verb: fc.constantFrom('pause', 'rewind', 'note', 'prioritise'),
  after: fc.integer({ min: 0, max: 6_000 }),
  share: fc.integer({ min: 0, max: 99 }).map((percent) => percent / 100),
});

/** Any input of any process, with operators who meddle with it, and with at most two things that go wrong, of which one may end it. */
function anyMixed(samples: readonly Sample[]): fc.Arbitrary<Scenario> {
  return fc.constantFrom(...samples).chain((sample) => {
    const possible = Object.entries(sample.process.steps).flatMap(([step, named]) => {
      const contract = asksOf(named);
      const undone = contract.contract === 'activity' && contract.compensation ? applicableToUndoing.map((fault) => ({ place: undoing(step), fault })) : [];
      return [...applicableTo(named).filter((fault) => fault !== 'compensationFails').map((fault) => ({ place: step, fault })), ...undone].filter(({ fault }) => beside.includes(fault));
    });
    const faults = fc.array(fc.constantFrom(...possible), { maxLength: 2 }).filter((some) => some.filter(isEnding).length <= 1);
    return fc.record({ sample: fc.constant(sample), input: fc.constantFrom(...Object.keys(sample.inputs)), faults, meddling: fc.array(anyMeddling, { maxLength: 2 }), loose: fc.constant(true) });
  });
}
