import { z } from 'zod';
import { optional } from '../../contracts/define/optional.ts';
import { defineProcess } from '../../contracts/define/process.ts';
import { flow } from '../../workflows/kit/flow.ts';
import { lookUp, pay, placeOrder } from '../kit/contracts.ts';
import { purchase } from './process.ts';

const Trouble = placeOrder.input.shape.trouble;

/** An order with a present and a ribbon, both of which it can do without. */
export const present = defineProcess({
  name: 'present',
  title: 'Send a present',
  input: z.strictObject({ ribbon: Trouble, wrapping: Trouble, then: Trouble }),
  output: z.strictObject({ ribbon: z.string().nullable(), wrapping: z.string().nullable() }),
  steps: { placeOrder, ribbon: optional(pay), wrapping: optional(purchase), lookUp },
});

export const presentFlow = flow(present, async (wish, { placeOrder, ribbon, wrapping, lookUp }) => {
  await placeOrder({ item: 'present' });
  const tied = await ribbon({ item: 'ribbon', trouble: wish.ribbon });
  const wrapped = await wrapping({ item: 'wrapping', pay: wish.wrapping });
  await lookUp({ item: 'address', trouble: wish.then });
  return { ribbon: tied?.number ?? null, wrapping: wrapped?.payment ?? null };
});
