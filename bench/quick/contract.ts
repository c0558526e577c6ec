import { z } from 'zod';
import { service } from '../../contracts/define/activity.ts';
import { defineProcess } from '../../contracts/define/process.ts';

const Count = z.strictObject({ value: z.int(), steps: z.int() });

/** What is bench.addOne of the overhead bench, declared quick. */
export const addOneQuickly = service({
  name: 'bench.addOneQuickly',
  title: 'Add one',
  input: Count,
  output: Count,
  readOnly: true,
  startToCloseTimeout: '5 seconds',
  scheduleToCloseTimeout: '1 minute',
  quick: true,
});

export const count = defineProcess({ name: 'count', title: 'Count up', input: Count, output: Count, steps: { addOneQuickly } });
