import { z } from 'zod';
import { defineProcess } from '../../contracts/define/process.ts';
import { flow } from '../../workflows/kit/flow.ts';
import { forEach } from '../../workflows/kit/for-each.ts';
import { parallel } from '../../workflows/kit/parallel.ts';
import { handOut, lookUp, pay, placeOrder } from '../kit/contracts.ts';

const Trouble = placeOrder.input.shape.trouble;
const Member = z.strictObject({ item: z.string(), trouble: Trouble, pay: Trouble, undo: Trouble, again: z.int().optional(), asks: z.boolean().optional() });

/** The same is ordered at many shops: at some at once, and perhaps only until enough have said yes. */
export const tender = defineProcess({
  name: 'tender',
  title: 'Ask many shops',
  input: z.strictObject({ members: z.array(Member), atMost: z.int().optional(), enough: z.int().optional(), catches: z.boolean().optional(), then: Trouble, rounds: z.int().optional() }),
  output: z.strictObject({ orders: z.array(z.string()) }),
  steps: { order: placeOrder, advance: pay, handOut, lookUp },
});

export const tenderFlow = flow(tender, async ({ members, atMost, enough, catches, then, rounds = 1 }, { order, advance, handOut, lookUp }) => {
  const buy = async ({ item, trouble, pay, undo, again = 0, asks }: (typeof members)[number]): Promise<string> => {
    const { number } = await order({ item, trouble, undoTrouble: undo });
    for (let nth = 1; nth <= again; nth++) await order({ item: `${item} again` });
    if (pay !== undefined) await advance({ item, trouble: pay });
    if (asks) await handOut({ item });
    return number;
  };
  const lanes = atMost === undefined ? {} : { atMost };
  let orders: string[] = [];
  for (let round = 1; round <= rounds; round++) {
    try {
      orders = enough === undefined ? [...(await forEach(members, buy, lanes))] : (await forEach(members, buy, { ...lanes, enough })).map(({ index, value }) => `${index} ${value}`);
    } catch (error) {
      if (!catches) throw error;
    }
  }
  if (then !== undefined) await lookUp({ item: 'all', trouble: then });
  return { orders };
});

/** Members that have members. */
export const nested = defineProcess({
  name: 'nested',
  title: 'Members of members',
  input: z.strictObject({ outer: z.int(), inner: z.int() }),
  output: z.strictObject({ orders: z.array(z.array(z.string())) }),
  steps: { order: placeOrder },
});

export const nestedFlow = flow(nested, async ({ outer, inner }, { order }) => {
  const numbers = (count: number) => Array.from({ length: count }, (_, nth) => nth + 1);
  await order({ item: 'before' });
  const orders = await forEach(numbers(outer), (one) => forEach(numbers(inner), async (two) => (await order({ item: `${one}.${two}` })).number));
  await order({ item: 'after' });
  return { orders: orders.map((some) => [...some]) };
});

/** One step in two places at the same time. */
export const crossed = defineProcess({
  name: 'crossed',
  title: 'The same step twice at once',
  input: z.strictObject({ times: z.int() }),
  output: z.strictObject({ orders: z.array(z.string()) }),
  steps: { order: placeOrder },
});

export const crossedFlow = flow(crossed, async ({ times }, { order }) => {
  const many = (place: string) => () =>
    forEach(['one', 'two'], async (member) => {
      let number = '';
      for (let nth = 1; nth <= times; nth++) ({ number } = await order({ item: `${place} ${member} ${nth}` }));
      return number;
    });
  const { left, right } = await parallel({ left: many('left'), right: many('right') });
  return { orders: [...left, ...right] };
});
