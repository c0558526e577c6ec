/** A process for tests that change the source of a copy: one or two people must agree to a holiday. */
export const contract = `
import { z } from 'zod';
import { defineProcess } from '../define/process.ts';
import { humanTask } from '../define/task.ts';

const agreement = {
  title: 'Agree to the holiday',
  input: z.strictObject({ who: z.string(), days: z.int() }),
  form: z.discriminatedUnion('outcome', [z.strictObject({ outcome: z.literal('agree') }), z.strictObject({ outcome: z.literal('refuse') })]),
  candidateGroups: ['finance'],
} as const;

export const holiday = defineProcess({
  name: 'holiday',
  title: 'Take a holiday',
  input: z.strictObject({ who: z.string().min(1) }),
  output: z.strictObject({ said: z.string() }),
  businessKey: ({ who }) => who,
  steps: { double: humanTask({ name: 'agreeFirst', ...agreement }), agree: humanTask({ name: 'agreeToHoliday', ...agreement }) },
});
`;

/** Its flow, with the words of its result and the step that comes first. */
export const flowSaying = ({ said, first }: { said: string; first: 'agree' | 'double' }): string => `
import { holiday as contract } from '../contracts/processes/holiday.ts';
import { flow } from './kit/flow.ts';

export const holiday = flow(contract, async ({ who }, { double, agree }) => {
  ${first === 'double' ? 'await double({ who, days: 1 });' : ''}
  await agree({ who, days: 1 });
  ${first === 'double' ? '' : 'if (who === "") await double({ who, days: 1 });'}
  return { said: ${JSON.stringify(said)} };
});
`;
