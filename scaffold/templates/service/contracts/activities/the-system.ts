import { z } from 'zod';
import { compensation, service } from '../define/activity.ts';

const doItTerms = {
  input: z.strictObject({ number: z.string().min(1).max(40) }),
  output: z.strictObject({ receipt: z.string() }),
  startToCloseTimeout: '10 seconds',
  scheduleToCloseTimeout: '5 minutes',
} as const;

// <compensation>
export const undoDoIt = compensation({
  name: 'theSystem.undoDoIt',
  title: 'Undo: do it',
  kind: 'service',
  ...doItTerms,
});
// </compensation>

export const doIt = service({
  name: 'theSystem.doIt',
  title: 'Do it',
  ...doItTerms,
  compensation: undoDoIt,
});
