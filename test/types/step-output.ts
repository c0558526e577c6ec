import { flow } from '../../workflows/kit/flow.ts';
import { gardenOrder } from './garden-order.ts';

// A step gives what its contract's output says.
export const right = flow(gardenOrder, async ({ plant }, { findPlant }) => {
  const { price, hardy } = await findPlant({ name: plant });
  return { status: 'planted', bed: hardy ? price : 0 };
});

export const wrong = flow(gardenOrder, async ({ plant }, { findPlant }) => {
  const found = await findPlant({ name: plant });
  // @ts-expect-error: the answer has no such field
  const { height } = found;
  // @ts-expect-error: the price is a number
  const words: string = found.price;
  return { status: 'refused', reason: `${words} ${String(height)}` };
});
