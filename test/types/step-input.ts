import { flow } from '../../workflows/kit/flow.ts';
import { gardenOrder } from './garden-order.ts';

// A step takes what its contract's input says.
export const right = flow(gardenOrder, async ({ plant, count }, { findPlant, reservePlants }) => {
  const { plantId } = await findPlant({ name: plant });
  await reservePlants({ plantId, count });
  return { status: 'planted', bed: 1 };
});

export const wrong = flow(gardenOrder, async ({ plant, count }, { findPlant, reservePlants }) => {
  // @ts-expect-error: a field of another name
  const { plantId } = await findPlant({ title: plant });
  // @ts-expect-error: a field of another type
  await reservePlants({ plantId, count: String(count) });
  // @ts-expect-error: a field is missing
  await reservePlants({ plantId });
  // @ts-expect-error: a field that the contract does not know
  await reservePlants({ plantId, count, colour: 'blue' });
  // @ts-expect-error: no input at all
  await findPlant();
  return { status: 'planted', bed: 1 };
});
