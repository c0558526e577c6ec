import { flow } from '../../workflows/kit/flow.ts';
import { gardenOrder } from './garden-order.ts';

// A flow has the steps that its process defines, and no others.
export const right = flow(gardenOrder, async ({ plant }, steps) => {
  await steps.findPlant({ name: plant });
  return { status: 'planted', bed: 1 };
});

// @ts-expect-error: the process defines no step of this name
export const wrong = flow(gardenOrder, async ({ plant }, { findFlower }) => {
  await findFlower({ name: plant });
  return { status: 'planted', bed: 1 };
});

export const alsoWrong = flow(gardenOrder, async ({ plant }, steps) => {
  // @ts-expect-error: misspelt
  await steps.findPlants({ name: plant });
  return { status: 'planted', bed: 1 };
});
