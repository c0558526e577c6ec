import { z } from 'zod';
import { message } from '../../contracts/define/message.ts';
import { defineProcess } from '../../contracts/define/process.ts';
import { flow } from '../../workflows/kit/flow.ts';
import { parallel } from '../../workflows/kit/parallel.ts';
import { pay, placeOrder } from '../kit/contracts.ts';

const Trouble = placeOrder.input.shape.trouble;

const delivered = message({ name: 'delivered', title: 'Wait for the delivery', payload: z.strictObject({ parcel: z.string().min(1) }) });

/** An order that is signed for within two weeks, or not at all, and comes in some parcels. */
export const parcels = defineProcess({
  name: 'parcels',
  title: 'Parcels',
  input: z.strictObject({ first: Trouble, parcels: z.int(), besides: Trouble }),
  output: z.strictObject({ signature: z.string(), parcels: z.array(z.string()) }),
  steps: {
    placeOrder,
    signed: message({
      name: 'signed',
      title: 'Wait for the signature',
      payload: z.strictObject({ outcome: z.enum(['signed', 'refused', 'nobody signed']), notes: z.string().optional() }),
      within: '14 days',
      otherwise: { outcome: 'nobody signed' },
    }),
    delivered,
    lastDelivered: delivered,
    pay,
  },
});

export const parcelsFlow = flow(parcels, async (wish, { placeOrder, signed, delivered, lastDelivered, pay }) => {
  await placeOrder({ item: 'chair', trouble: wish.first });
  const { outcome } = await signed();
  const arrived: string[] = [];
  for (let nth = 1; nth < wish.parcels; nth++) arrived.push((await delivered()).parcel);
  if (wish.parcels > 0) {
    const { last } = await parallel({ last: lastDelivered(), paid: wish.besides === undefined ? Promise.resolve() : pay({ item: 'chair', trouble: wish.besides }) });
    arrived.push(last.parcel);
  }
  return { signature: outcome, parcels: arrived };
});
