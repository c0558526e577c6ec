import { z } from 'zod';
import { compensation, service } from '../../contracts/define/activity.ts';
import { defineProcess } from '../../contracts/define/process.ts';
import { humanTask } from '../../contracts/define/task.ts';

/** The contracts that the type tests use rightly and wrongly: an order for a garden. */
export const bounds = { startToCloseTimeout: '10 seconds', scheduleToCloseTimeout: '5 minutes' } as const;

export const findPlant = service({
  name: 'nursery.findPlant',
  title: 'Find the plant',
  input: z.strictObject({ name: z.string() }),
  output: z.strictObject({ plantId: z.string(), price: z.int(), hardy: z.boolean() }),
  ...bounds,
  readOnly: true,
});

const reservation = { input: z.strictObject({ plantId: z.string(), count: z.int() }), output: z.strictObject({ reservationId: z.string() }) };

export const releasePlants = compensation({ name: 'nursery.releasePlants', title: 'Release the plants', kind: 'service', ...reservation, ...bounds });
export const reservePlants = service({ name: 'nursery.reservePlants', title: 'Reserve the plants', ...reservation, ...bounds, compensation: releasePlants });

export const chooseSpot = humanTask({
  name: 'chooseSpot',
  title: 'Choose the spot',
  input: z.strictObject({ plantId: z.string() }),
  form: z.discriminatedUnion('outcome', [
    z.strictObject({ outcome: z.literal('plant'), bed: z.int() }),
    z.strictObject({ outcome: z.literal('refuse'), reason: z.string() }),
  ]),
  candidateGroups: ['gardeners'],
});

export const gardenOrder = defineProcess({
  name: 'gardenOrder',
  title: 'Order plants for the garden',
  input: z.strictObject({ plant: z.string(), count: z.int() }),
  output: z.discriminatedUnion('status', [
    z.strictObject({ status: z.literal('planted'), bed: z.int() }),
    z.strictObject({ status: z.literal('refused'), reason: z.string() }),
  ]),
  steps: { findPlant, reservePlants, chooseSpot },
});
