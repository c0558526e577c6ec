import { flow } from '../../workflows/kit/flow.ts';
import { gardenOrder } from './garden-order.ts';

// A step's answer is there only once it is awaited. (A step called as a bare statement is ESLint's: no-floating-promises.)
export const right = flow(gardenOrder, async ({ plant, count }, { findPlant, reservePlants }) => {
  const found = await findPlant({ name: plant });
  await reservePlants({ plantId: found.plantId, count });
  return { status: 'planted', bed: found.price };
});

export const wrong = flow(gardenOrder, async ({ plant, count }, { findPlant, reservePlants }) => {
  const found = findPlant({ name: plant });
  // @ts-expect-error: a promise has no fields of the answer
  await reservePlants({ plantId: found.plantId, count });
  // @ts-expect-error: nor can it be taken apart as the answer
  const { price } = findPlant({ name: plant });
  // @ts-expect-error: a promise is always true
  if (found) return { status: 'refused', reason: 'always' };
  return { status: 'planted', bed: Number(price) };
});
