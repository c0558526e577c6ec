import { z } from 'zod';
import { bot, compensation } from '../define/activity.ts';
import { Evidence } from '../documents.ts';

const doItTerms = {
  input: z.strictObject({ number: z.string().min(1).max(40) }),
  output: z.strictObject({ receipt: z.string(), evidence: z.array(Evidence).max(10) }),
  startToCloseTimeout: '90 seconds',
  scheduleToCloseTimeout: '20 minutes',
  heartbeatTimeout: '30 seconds',
} as const;

// <compensation>
export const undoDoIt = compensation({
  name: 'theSystem.undoDoIt',
  title: 'Undo: do it',
  kind: 'bot',
  ...doItTerms,
});
// </compensation>

export const doIt = bot({
  name: 'theSystem.doIt',
  title: 'Do it',
  ...doItTerms,
  compensation: undoDoIt,
});
