import { z } from 'zod';
import { defineProcess } from '../../contracts/define/process.ts';
import { flow } from '../../workflows/kit/flow.ts';
import { gardenOrder } from './garden-order.ts';

// A flow ends with what its process defines as output. Literals stay literals: neither needs `as const`.
export const right = flow(gardenOrder, async ({ count }, { chooseSpot }) => {
  if (count === 0) return { status: 'refused', reason: 'nothing to plant' };
  const spot = await chooseSpot({ plantId: 'p1' });
  return spot.outcome === 'plant' ? { status: 'planted', bed: spot.bed } : { status: 'refused', reason: spot.reason };
});

const planting = defineProcess({
  name: 'planting',
  title: 'Plant the beds',
  input: z.strictObject({ beds: z.array(z.int()) }),
  output: z.strictObject({ planted: z.array(z.strictObject({ bed: z.int(), soil: z.enum(['sand', 'loam']) })) }),
  steps: {},
});
export const written = flow(planting, async () => ({ planted: [{ bed: 1, soil: 'loam' }] }));
export const computed = flow(planting, async ({ beds }) => ({ planted: beds.map((bed) => ({ bed, soil: 'sand' as const })) }));
// @ts-expect-error: no such soil
export const inList = flow(planting, async () => ({ planted: [{ bed: 1, soil: 'clay' }] }));

// @ts-expect-error: no such status
export const misspelt = flow(gardenOrder, async () => ({ status: 'plantet', bed: 1 }));

// @ts-expect-error: the fields of another status
export const mixed = flow(gardenOrder, async () => ({ status: 'planted', reason: 'no bed is left' }));

// @ts-expect-error: one of the ways out returns nothing
export const unfinished = flow(gardenOrder, async ({ count }) => {
  if (count > 0) return { status: 'planted', bed: 1 };
});
