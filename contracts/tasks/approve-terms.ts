import { z } from 'zod';
import { humanTask } from '../define/task.ts';
import { Hire } from '../hire.ts';

export const approveTerms = humanTask({
  name: 'approveTerms',
  title: 'Approve the terms of the contract',
  input: Hire.pick({ name: true, jobTitle: true, department: true, manager: true, firstDay: true }),
  form: z.discriminatedUnion('outcome', [
    z.strictObject({ outcome: z.literal('approve'), note: z.string().max(500).optional() }),
    z.strictObject({ outcome: z.literal('reject'), reason: z.string().min(3).max(500) }),
  ]),
  candidateGroups: ['hr'],
  // Nobody approves the terms of whom they hire.
  excludedUsers: ({ manager }) => [manager],
  dueIn: '2 days',
});
