import { z } from 'zod';
import { service } from '../../contracts/define/activity.ts';
import { defineProcess } from '../../contracts/define/process.ts';

const Machine = z.strictObject({ machine: z.string() });

/** Fails at first, in a way that nobody foresaw. */
export const startMachine = service({
  name: 'bench.startMachine',
  title: 'Start the machine',
  input: Machine,
  output: Machine,
  readOnly: true,
  startToCloseTimeout: '10 seconds',
  scheduleToCloseTimeout: '1 minute',
});

export const repair = defineProcess({ name: 'repair', title: 'Start a machine that needs a second try', input: Machine, output: Machine, steps: { startMachine } });
