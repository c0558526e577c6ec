import { z } from 'zod';
import { message } from '../../contracts/define/message.ts';
import { defineProcess } from '../../contracts/define/process.ts';
import { rejected } from '../../contracts/failures.ts';
import { flow } from '../../workflows/kit/flow.ts';
import { race } from '../../workflows/kit/race.ts';
import { approve, lookUp, pay, placeOrder } from '../kit/contracts.ts';

const Trouble = placeOrder.input.shape.trouble;

/** Something is bought, unless it is called off before. */
export const offer = defineProcess({
  name: 'offer',
  title: 'Take an offer',
  input: z.strictObject({ order: Trouble, pay: Trouble, asks: z.boolean().optional(), keeps: z.boolean().optional(), then: Trouble }),
  output: z.strictObject({ how: z.string() }),
  steps: { placeOrder, approve, pay, calledOff: message({ name: 'calledOff', title: 'Wait for a word', payload: z.strictObject({ why: z.string() }) }), lookUp },
});

export const offerFlow = flow(offer, async (wish, { placeOrder, approve, pay, calledOff, lookUp }) => {
  const end = await race({
    bought: async () => {
      await placeOrder({ item: 'desk', trouble: wish.order });
      if (wish.asks) await approve({ item: 'desk', requestedBy: 'ada' });
      return (await pay({ item: 'desk', trouble: wish.pay })).number;
    },
    calledOff: calledOff(),
  });
  if (end.first === 'calledOff' && !wish.keeps) throw rejected(`called off: ${end.value.why}`);
  await lookUp({ item: 'after it', trouble: wish.then });
  return { how: end.first === 'bought' ? end.value : `called off: ${end.value.why}` };
});

/** Two looks of which one has a longer way to its branch's end, then so many orders that the instance continues as new. */
export const photoFinish = defineProcess({
  name: 'photoFinish',
  title: 'A photo finish',
  input: z.strictObject({ orders: z.int() }),
  output: z.strictObject({ first: z.string() }),
  steps: { longer: lookUp, shorter: lookUp, byLonger: placeOrder, byShorter: placeOrder },
});

export const photoFinishFlow = flow(photoFinish, async ({ orders }, { longer, shorter, byLonger, byShorter }) => {
  const { first } = await race({
    longer: async () => {
      const { number } = await longer({ item: 'longer', trouble: 'waits' });
      for (let nth = 0; nth < 20; nth++) await Promise.resolve();
      return number;
    },
    shorter: shorter({ item: 'shorter', trouble: 'waits' }),
  });
  for (let nth = 1; nth <= orders; nth++) await (first === 'longer' ? byLonger : byShorter)({ item: `item ${nth}` });
  return { first };
});
