import { z } from 'zod';
import { defineProcess } from '../../contracts/define/process.ts';
import { flow } from '../../workflows/kit/flow.ts';
import { parallel } from '../../workflows/kit/parallel.ts';
import { lookUp, lookUpQuickly, pay, payQuickly, placeOrder, Trouble } from '../kit/contracts.ts';

const shapes = {
  title: 'Run an errand',
  input: z.strictObject({ look: Trouble.optional(), pay: Trouble.optional(), order: Trouble.optional() }),
  output: z.strictObject({ found: z.string(), payment: z.string() }),
} as const;

/** The same errand twice, so that one can be held against the other. */
export const errand = defineProcess({ name: 'errand', ...shapes, steps: { lookUp, pay, placeOrder } });
export const quickErrand = defineProcess({ name: 'quickErrand', ...shapes, steps: { lookUp: lookUpQuickly, pay: payQuickly, placeOrder } });

export const errandFlow = flow(errand, async (trouble, { lookUp, pay, placeOrder }) => {
  const found = await lookUp({ item: 'soap', trouble: trouble.look });
  const paid = await pay({ item: 'soap', trouble: trouble.pay });
  await placeOrder({ item: 'soap', trouble: trouble.order });
  return { found: found.number, payment: paid.number };
});

export const quickErrandFlow = flow(quickErrand, async (trouble, { lookUp, pay, placeOrder }) => {
  const found = await lookUp({ item: 'soap', trouble: trouble.look });
  const paid = await pay({ item: 'soap', trouble: trouble.pay });
  await placeOrder({ item: 'soap', trouble: trouble.order });
  return { found: found.number, payment: paid.number };
});

/** One quick step after the other, or all at once. */
export const quickRun = defineProcess({
  name: 'quickRun',
  title: 'Look up many things',
  input: z.strictObject({ items: z.array(z.string()), atOnce: z.boolean() }),
  output: z.strictObject({ found: z.int() }),
  steps: { lookUp: lookUpQuickly },
});

export const quickRunFlow = flow(quickRun, async ({ items, atOnce }, { lookUp }) => {
  if (atOnce) return { found: (await Promise.all(items.map((item) => lookUp({ item })))).length };
  for (const item of items) await lookUp({ item });
  return { found: items.length };
});

/** Two quick steps at once; what fails in one cancels the other. */
export const quickFork = defineProcess({
  name: 'quickFork',
  title: 'Two quick ones at once',
  input: z.strictObject({ look: Trouble, pay: Trouble }),
  output: z.strictObject({}),
  steps: { lookUp: lookUpQuickly, pay: payQuickly },
});

export const quickForkFlow = flow(quickFork, async (trouble, { lookUp, pay }) => {
  await parallel({ look: () => lookUp({ item: 'soap', trouble: trouble.look }), pay: () => pay({ item: 'soap', trouble: trouble.pay }) });
  return {};
});
