import { z } from 'zod';
import { lookAtOrder, orderEquipment } from '../activities/equipment.ts';
import { defineProcess } from '../define/process.ts';
import { timer } from '../define/timer.ts';
import { Hire } from '../hire.ts';
import { handOverDevice } from '../tasks/hand-over-device.ts';

export const provideEquipment = defineProcess({
  name: 'provideEquipment',
  title: 'Provide the equipment',
  input: Hire.pick({ personnelNumber: true, name: true, bundle: true, firstDay: true }),
  output: z.strictObject({ device: z.string(), setUpBy: z.string() }),
  businessKey: ({ personnelNumber }) => personnelNumber,
  steps: { orderEquipment, lookAtOrder, untilNextLook: timer({ name: 'untilNextLook', title: 'Wait for the delivery' }), handOverDevice },
});
