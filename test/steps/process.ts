import { z } from 'zod';
import { defineProcess } from '../../contracts/define/process.ts';
import { rejected } from '../../contracts/failures.ts';
import { flow } from '../../workflows/kit/flow.ts';
import { forEach } from '../../workflows/kit/for-each.ts';
import { parallel } from '../../workflows/kit/parallel.ts';
import { handOut, lookUp, pay, placeOrder } from '../kit/contracts.ts';

const Trouble = placeOrder.input.shape.trouble;

/** Something is ordered, paid and perhaps handed out. */
export const purchase = defineProcess({
  name: 'purchase',
  title: 'Purchase',
  input: z.strictObject({ item: z.string().min(1), pay: Trouble, undo: Trouble, handOut: z.boolean().optional() }),
  output: z.strictObject({ payment: z.string() }),
  businessKey: ({ item }) => item,
  steps: { placeOrder, pay, handOut },
});

export const purchaseFlow = flow(purchase, async (wish, { placeOrder, pay, handOut }) => {
  await placeOrder({ item: wish.item, undoTrouble: wish.undo });
  const { number } = await pay({ item: wish.item, trouble: wish.pay });
  if (wish.handOut) await handOut({ item: wish.item });
  return { payment: number };
});

const Wish = purchase.input;

/** A desk and a chair, bought at once. */
export const furnish = defineProcess({
  name: 'furnish',
  title: 'Furnish a place',
  input: z.strictObject({ desk: Wish, chair: Wish, then: Trouble, catches: z.boolean().optional() }),
  output: z.strictObject({ payments: z.array(z.string()) }),
  steps: { desk: purchase, chair: purchase, lookUp, lamp: placeOrder },
});

export const furnishFlow = flow(furnish, async (wish, { desk, chair, lookUp, lamp }) => {
  try {
    const done = await parallel({ desk: desk(wish.desk), chair: chair(wish.chair) });
    await lamp({ item: 'lamp' });
    await lookUp({ item: 'place', trouble: wish.then });
    return { payments: [done.desk.payment, done.chair.payment] };
  } catch (error) {
    if (wish.catches) return { payments: [] };
    throw error;
  }
});

/** Places furnished one after the other: a sub-process of sub-processes. */
export const office = defineProcess({
  name: 'office',
  title: 'Furnish an office',
  input: z.strictObject({ places: z.int(), closes: z.boolean(), item: z.string().optional() }),
  output: z.strictObject({ places: z.int() }),
  steps: { place: furnish },
});

export const officeFlow = flow(office, async ({ places, closes, item = 'desk' }, { place }) => {
  for (let nth = 1; nth <= places; nth++) await place({ desk: { item: item && `${item} ${nth}` }, chair: { item: `chair ${nth}` } });
  if (closes) throw rejected('the office closes');
  return { places };
});

/** The same bought by several, until enough have it. */
export const race = defineProcess({
  name: 'race',
  title: 'Buy by several',
  input: z.strictObject({ wishes: z.array(Wish), enough: z.int(), then: Trouble }),
  output: z.strictObject({ payments: z.array(z.string()) }),
  steps: { buy: purchase, lookUp },
});

export const raceFlow = flow(race, async ({ wishes, enough, then }, { buy, lookUp }) => {
  const bought = await forEach(wishes, (wish) => buy(wish), { enough });
  await lookUp({ item: 'all', trouble: then });
  return { payments: bought.map(({ value }) => value.payment) };
});
