/** A process for tests that change the source of a copy: one or two people must agree to a holiday. */
export const contract = `
import { z } from 'zod';
import { defineProcess } from '../define/process.ts';
import { humanTask } from '../define/task.ts';
import { timer } from '../define/timer.ts';

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
  steps: { agreeFirst: humanTask({ name: 'agreeFirst', ...agreement }), agree: humanTask({ name: 'agreeToHoliday', ...agreement }), rest: timer({ name: 'rest', title: 'Rest', for: '100 ms' }) },
});
`;

interface Flow {
  /** The words of its result. */
  readonly said: string;
  readonly first: 'agree' | 'agreeFirst';
  readonly days?: number;
  readonly bug?: boolean;
}

/** Its flow, as somebody may write it today and otherwise tomorrow. */
export const flowOf = ({ said, first, days = 1, bug = false }: Flow): string => `
import { holiday as contract } from '../contracts/processes/holiday.ts';
import { flow } from './kit/flow.ts';

export const holiday = flow(contract, async ({ who }, { agreeFirst, agree, rest }) => {
  const asked = { who, days: ${days} };
  const twice = ${first === 'agreeFirst'};
  if (twice) await agreeFirst(asked);
  await agree(asked);
  await rest();
  ${bug ? "if (who) throw new TypeError('a bug in the holiday');" : ''}
  return { said: ${JSON.stringify(said)} };
});
`;
