import { rejected } from '../../contracts/failures.ts';
import { flow } from '../../workflows/kit/flow.ts';
import { parallel } from '../../workflows/kit/parallel.ts';
import * as contracts from './contracts.ts';

export const careless = flow(contracts.careless, async ({ habit, trouble }, { lookUp, placeOrder, pay, approve }) => {
  switch (habit) {
    case 'asks late for a refusal': {
      const early = placeOrder({ item: 'early', trouble: 'refuses' });
      await pay({ item: 'late', trouble: 'fails twice' });
      return early.then(
        () => ({ result: 'taken' }),
        () => ({ result: 'refused' }),
      );
    }
    case 'catches everything': {
      const tries = [() => placeOrder({ item: 'first' }), () => pay({ item: 'second', trouble }), () => placeOrder({ item: 'third' }), () => approve({ item: 'fourth', requestedBy: 'ada' })];
      let failed = 0;
      for (const attempt of tries) {
        try {
          await attempt();
        } catch {
          failed += 1;
        }
      }
      return { result: `${failed} failed` };
    }
    case 'passes on too much':
      return { result: (await lookUp({ item: 'x'.repeat(1_000_001) })).number };
    case 'passes on nothing':
      return { result: (await lookUp({ item: '' })).number };
    case 'passes on nothing the second time':
      await lookUp({ item: 'something' });
      return { result: (await lookUp({ item: '' })).number };
    case 'shows nothing':
      return { result: (await approve({ item: undefined as unknown as string, requestedBy: 'ada' })).decidedBy };
    case 'carries much':
      await placeOrder({ item: 'x'.repeat(999_900) });
      throw rejected('too much to carry');
  }
});

/** The tests deploy mended code by replacing this text in the bundle. */
const deployed: string = 'with the bug';
const broken = deployed !== 'mended';

export const buggy = flow(contracts.buggy, async ({ bug }, { placeOrder, pay }) => {
  switch (bug) {
    case 'TypeError':
      await placeOrder({ item: 'laptop' });
      if (broken) throw new TypeError('a bug in the flow');
      return { result: 'ordered' };
    case 'in a branch':
      await parallel({
        steady: pay({ item: 'steady', trouble: 'waits' }),
        broken: async () => {
          await placeOrder({ item: 'branch' });
          if (broken) throw new TypeError('a bug in the branch');
        },
      });
      return { result: 'joined' };
    case 'beside a branch that fails':
      await parallel({
        refused: pay({ item: 'refused', trouble: 'refuses when told' }),
        broken: async () => {
          try {
            await placeOrder({ item: 'cancelled', trouble: 'waits' });
          } finally {
            if (broken) failInFinally();
          }
        },
      });
      return { result: 'joined' };
    case 'wrong result':
      await placeOrder({ item: 'laptop' });
      return { result: broken ? (7 as unknown as string) : 'ordered' };
    case 'wrong result too early': {
      const payment = pay({ item: 'in flight', trouble: 'waits' });
      await placeOrder({ item: 'laptop' });
      if (broken) return { result: 7 as unknown as string };
      return { result: (await payment).number };
    }
    case 'huge result':
      return { result: broken ? 'x'.repeat(1_000_001) : 'small' };
  }
});

function failInFinally(): never {
  throw new TypeError('a bug in the other branch');
}
