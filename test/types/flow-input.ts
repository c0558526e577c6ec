import { flow } from '../../workflows/kit/flow.ts';
import { gardenOrder } from './garden-order.ts';

// A flow is given the checked input of its process, and is started with it.
export const right = flow(gardenOrder, async ({ plant, count }) => ({ status: 'refused', reason: `${count} of ${plant}` }));
export const started = right({ plant: 'rose', count: 3 });

// @ts-expect-error: the input has no such field
export const wrong = flow(gardenOrder, async ({ flower }) => ({ status: 'refused', reason: String(flower) }));

// @ts-expect-error: a start without a field that the process wants
export const startedWrong = right({ plant: 'rose' });

// @ts-expect-error: the outcome is a union, so it must be told apart before it is read
export const bed = started.then((outcome) => outcome.bed);
