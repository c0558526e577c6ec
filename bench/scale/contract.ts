import { z } from 'zod';
import { defineProcess } from '../../contracts/define/process.ts';
import { humanTask } from '../../contracts/define/task.ts';

/** A candidate group, by which those that wait are counted. */
export const askedGroup = 'bench';

const answer = humanTask({
  name: 'benchAnswer',
  title: 'Answer the question',
  input: z.strictObject({ question: z.string() }),
  form: z.discriminatedUnion('outcome', [z.strictObject({ outcome: z.literal('yes') }), z.strictObject({ outcome: z.literal('no') })]),
  candidateGroups: [askedGroup],
});

/** Waits for a person who does not come. */
export const ask = defineProcess({
  name: 'ask',
  title: 'Ask a person',
  input: z.strictObject({ question: z.string() }),
  output: z.strictObject({ yes: z.boolean() }),
  steps: { answer },
});
