import { flow } from '../../workflows/kit/flow.ts';
import { race } from '../../workflows/kit/race.ts';
import { gardenOrder } from './garden-order.ts';

// A race gives which branch was first, and that branch's own result.
export const right = flow(gardenOrder, async ({ plant }, { findPlant, chooseSpot }) => {
  const end = await race({
    found: findPlant({ name: plant }),
    spot: async () => {
      const { outcome } = await chooseSpot({ plantId: plant });
      return { outcome };
    },
  });
  if (end.first === 'found') return { status: 'refused', reason: String(end.value.price) };
  return { status: 'refused', reason: end.value.outcome };
});

export const wrong = flow(gardenOrder, async ({ plant, count }, { findPlant, reservePlants }) => {
  const end = await race({ found: findPlant({ name: plant }), reserved: reservePlants({ plantId: 'p1', count }) });
  // @ts-expect-error: no branch of this key
  const never = end.first === 'spot';
  // @ts-expect-error: only one of the branches gives it
  const { price } = end.value;
  // @ts-expect-error: another branch's field
  const other = end.first === 'found' ? end.value.reservationId : '';
  // @ts-expect-error: a step's name is no branch
  await race({ found: 'findPlant' });
  return { status: 'refused', reason: [never, price, other].join() };
});
