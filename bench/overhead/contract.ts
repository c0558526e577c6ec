import { z } from 'zod';
import { service } from '../../contracts/define/activity.ts';
import { defineProcess } from '../../contracts/define/process.ts';

/** A service as plain as can be, so that what is measured is what stands around it. */
export const addOne = service({
  name: 'bench.addOne',
  title: 'Add one',
  input: z.strictObject({ value: z.int(), note: z.string() }),
  output: z.strictObject({ value: z.int(), note: z.string() }),
  readOnly: true,
  startToCloseTimeout: '10 seconds',
  scheduleToCloseTimeout: '1 minute',
});

export const chain = defineProcess({
  name: 'chain',
  title: 'A chain of five services',
  input: z.strictObject({ value: z.int(), note: z.string() }),
  output: z.strictObject({ value: z.int(), note: z.string() }),
  steps: { first: addOne, second: addOne, third: addOne, fourth: addOne, fifth: addOne },
});
