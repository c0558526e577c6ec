import { flow } from '../../workflows/kit/flow.ts';
import { parallel } from '../../workflows/kit/parallel.ts';
import { gardenOrder } from './garden-order.ts';

// A join gives each branch's own result, under its key or in its place.
export const right = flow(gardenOrder, async ({ plant, count }, { findPlant, reservePlants, chooseSpot }) => {
  const { found, spot } = await parallel({
    found: findPlant({ name: plant }),
    spot: async () => {
      const { outcome, decidedBy } = await chooseSpot({ plantId: plant });
      return { outcome, decidedBy };
    },
  });
  const [reserved, again] = await parallel([reservePlants({ plantId: found.plantId, count }), findPlant({ name: plant })]);
  const id: string = reserved.reservationId;
  return { status: 'refused', reason: `${id} ${again.price} ${spot.outcome}` };
});

export const wrong = flow(gardenOrder, async ({ plant, count }, { findPlant, reservePlants }) => {
  const joined = await parallel({ found: findPlant({ name: plant }), reserved: reservePlants({ plantId: 'p1', count }) });
  // @ts-expect-error: no branch of this key
  const { spot } = joined;
  // @ts-expect-error: another branch's field
  const { reservationId } = joined.found;
  const pair = await parallel([findPlant({ name: plant }), reservePlants({ plantId: 'p1', count })]);
  // @ts-expect-error: another branch's field
  const { price } = pair[1];
  // @ts-expect-error: there are two branches
  const third = pair[2];
  // @ts-expect-error: a step's name is no branch
  await parallel({ found: 'findPlant' });
  return { status: 'refused', reason: [spot, reservationId, price, third].join() };
});
