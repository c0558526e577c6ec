import type { Decided } from '../../contracts/define/task.ts';
import { humanTask } from '../../contracts/define/task.ts';
import { flow } from '../../workflows/kit/flow.ts';
import { chooseSpot, findPlant, gardenOrder } from './garden-order.ts';

// A human step gives the form's union, told apart by its outcome, and says who decided.
export const right = flow(gardenOrder, async (_input, { chooseSpot }) => {
  const spot = await chooseSpot({ plantId: 'p1' });
  const by: string = spot.decidedBy;
  if (spot.outcome === 'refuse') return { status: 'refused', reason: `${by}: ${spot.reason}` };
  return { status: 'planted', bed: spot.bed };
});

export const wrong = flow(gardenOrder, async (_input, { chooseSpot }) => {
  const spot = await chooseSpot({ plantId: 'p1' });
  // @ts-expect-error: the form has no such outcome
  if (spot.outcome === 'approve') return { status: 'planted', bed: 1 };
  // @ts-expect-error: only one of the outcomes has this field
  return { status: 'planted', bed: spot.bed };
});

// @ts-expect-error: a decision is somebody's
export const nobodys: Decided<{ outcome: 'plant'; bed: number }> = { outcome: 'plant', bed: 1 };

// @ts-expect-error: a task that nobody may do
export const forNobody = () => humanTask({ name: 'weed', title: 'Weed', input: findPlant.input, form: chooseSpot.form, candidateGroups: [] });
