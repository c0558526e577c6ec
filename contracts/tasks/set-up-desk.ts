import { z } from 'zod';
import { humanTask } from '../define/task.ts';
import { Hire, readyBy } from '../hire.ts';

export const setUpDesk = humanTask({
  name: 'setUpDesk',
  title: 'Set the desk up',
  input: z.strictObject({ ...Hire.pick({ name: true, site: true, firstDay: true }).shape, desk: z.string() }),
  form: z.discriminatedUnion('outcome', [
    z.strictObject({ outcome: z.literal('ready'), note: z.string().max(500).optional() }),
    z.strictObject({ outcome: z.literal('reject'), reason: z.string().min(3).max(500) }),
  ]),
  candidateGroups: ['facilities'],
  due: readyBy,
  escalateTo: ['hr'],
});
