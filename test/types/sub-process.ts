import { z } from 'zod';
import { defineProcess } from '../../contracts/define/process.ts';
import { timer } from '../../contracts/define/timer.ts';
import { flow } from '../../workflows/kit/flow.ts';

const bed = defineProcess({
  name: 'bed',
  title: 'Prepare a bed',
  input: z.strictObject({ size: z.int() }),
  output: z.strictObject({ ready: z.iso.date() }),
  businessKey: ({ size }) => String(size),
  steps: { settle: timer({ name: 'settle', title: 'Let it settle', for: '3 days' }) },
});

const garden = defineProcess({
  name: 'garden',
  title: 'Lay out a garden',
  input: z.strictObject({}),
  output: bed.output,
  steps: { herbs: bed, roses: bed },
});

// A step that is a process takes its input and gives its output.
export const right = flow(garden, async (_, { herbs, roses }) => {
  await herbs({ size: 3 });
  const { ready } = await roses({ size: 4 });
  return { ready };
});

export const wrong = flow(garden, async (_, { herbs, roses }) => {
  // @ts-expect-error: a size is a number
  await herbs({ size: 'large' });
  // @ts-expect-error: something must be given
  await herbs();
  const done = await roses({ size: 4 });
  // @ts-expect-error: the output has no such field
  return { ready: done.on };
});
