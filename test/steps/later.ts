import { z } from 'zod';
import { defineProcess } from '../../contracts/define/process.ts';
import { flow } from '../../workflows/kit/flow.ts';
import { parallel } from '../../workflows/kit/parallel.ts';
import { race } from '../../workflows/kit/race.ts';
import { handOut, lookUp, pay, placeOrder } from '../kit/contracts.ts';

const Trouble = placeOrder.input.shape.trouble;

/** Things that are begun at once and awaited when they are needed, or never. */
export const errands = defineProcess({
  name: 'errands',
  title: 'Errands',
  input: z.strictObject({ early: Trouble, meanwhile: Trouble, begins: z.enum(['a step', 'parallel', 'race']).default('a step'), forgotten: z.boolean().optional(), fails: z.boolean().optional() }),
  output: z.strictObject({ order: z.string().nullable() }),
  steps: { placeOrder, lookUp, pay, handOut },
});

export const errandsFlow = flow(errands, async (wish, { placeOrder, lookUp, pay, handOut }) => {
  const early = { item: 'early', trouble: wish.early };
  const meanwhile = { item: 'meanwhile', trouble: wish.meanwhile };
  if (wish.begins === 'parallel') {
    const begun = parallel({ order: placeOrder(early) });
    await lookUp(meanwhile);
    return { order: (await begun).order.number };
  }
  if (wish.begins === 'race') {
    const begun = race({ order: placeOrder(early) });
    await lookUp(meanwhile);
    return { order: (await begun).value.number };
  }
  const ordered = placeOrder(early);
  await lookUp(meanwhile);
  if (wish.forgotten) {
    void handOut({ item: 'nobody waits' });
    void ordered;
    return { order: null };
  }
  if (wish.fails) await pay({ item: 'all', trouble: 'refuses' });
  return { order: (await ordered).number };
});
