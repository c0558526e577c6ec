import { z } from 'zod';
import { humanTask } from '../define/task.ts';
import { Hire, readyBy } from '../hire.ts';

export const handOverDevice = humanTask({
  name: 'handOverDevice',
  title: 'Set the device up and lay it ready',
  input: z.strictObject({ ...Hire.pick({ name: true, firstDay: true }).shape, device: z.string() }),
  form: z.discriminatedUnion('outcome', [
    z.strictObject({ outcome: z.literal('ready'), note: z.string().max(500).optional() }),
    z.strictObject({ outcome: z.literal('reject'), reason: z.string().min(3).max(500) }),
  ]),
  candidateGroups: ['it'],
  due: readyBy,
  escalateTo: ['hr'],
});
