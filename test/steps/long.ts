import { z } from 'zod';
import { message } from '../../contracts/define/message.ts';
import { defineProcess } from '../../contracts/define/process.ts';
import { timer } from '../../contracts/define/timer.ts';
import { flow } from '../../workflows/kit/flow.ts';
import { forEach } from '../../workflows/kit/for-each.ts';
import { parallel } from '../../workflows/kit/parallel.ts';
import { approve, lookUp, pay, placeOrder } from '../kit/contracts.ts';

/** An order again and again, with something else beside it. */
export const longHaul = defineProcess({
  name: 'longHaul',
  title: 'A long haul',
  input: z.strictObject({
    times: z.int(),
    beside: z.enum(['nothing', 'a task', 'an incident', 'a timer', 'news']).optional(),
    /** After how many orders news is waited for. */
    newsEvery: z.int().optional(),
    members: z.int().optional(),
    /** Whether a system works for it until the test lets it go. */
    holds: z.boolean().optional(),
    fails: z.boolean().optional(),
    /** Whether it orders no more when what is beside it has ended. */
    untilThen: z.boolean().optional(),
    byTheClock: z.boolean().optional(),
  }),
  output: z.strictObject({ orders: z.int(), news: z.array(z.string()), beside: z.string().nullable() }),
  steps: { order: placeOrder, approve, pay, rest: timer({ name: 'rest', title: 'Rest', for: '1 day' }), news: message({ name: 'news', title: 'Wait for news', payload: z.string() }), look: lookUp, held: lookUp, last: lookUp },
});

export const longHaulFlow = flow(longHaul, async ({ times, beside = 'nothing', newsEvery, members, holds, fails, untilThen, byTheClock }, { order, approve, pay, rest, news, look, held, last }) => {
  const heard: string[] = [];
  let isOver = false;
  const haul = async (): Promise<number> => {
    let orders = 0;
    for (let nth = 1; nth <= times && !(untilThen && isOver); nth++) {
      await order({ item: byTheClock ? `at ${Date.now()}` : `item ${nth}` });
      if (byTheClock && Date.now() % 2 === 0) await look({ item: 'the clock' });
      orders += 1;
      if (newsEvery !== undefined && nth % newsEvery === 0) heard.push(await news());
    }
    return orders;
  };
  const besides = {
    nothing: async () => Promise.resolve(null),
    'a task': async () => (await approve({ item: 'all', requestedBy: 'ada' })).decidedBy,
    'an incident': async () => (await pay({ item: 'all', trouble: 'does it but fails until told' })).number,
    'a timer': async () => rest().then(() => 'rested'),
    news: async () => news(),
  } as const;
  const besideIt = async (): Promise<string | null> => {
    try {
      return await besides[beside]();
    } finally {
      isOver = true;
    }
  };
  const done = await parallel({ orders: haul, beside: besideIt, held: async () => (holds ? held({ item: 'held', trouble: 'waits' }) : null) });
  if (members !== undefined) await forEach(Array.from({ length: members }, (_, index) => index), (index) => look({ item: `member ${index}` }), { atMost: 3 });
  await last({ item: 'end', trouble: fails ? 'refuses' : 'none' });
  return { orders: done.orders, news: heard, beside: done.beside };
});
