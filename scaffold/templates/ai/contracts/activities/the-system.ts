import { z } from 'zod';
import { ai, compensation } from '../define/activity.ts';

const doItTerms = {
  input: z.strictObject({ text: z.string().min(1).max(10_000) }),
  output: z.strictObject({
    answer: z.string().nullable(),
    /** 0 to 1, from what bears the answer out; never the model's own word. */
    confidence: z.number().min(0).max(1),
    evidence: z.array(z.string().max(300)).max(10),
  }),
  startToCloseTimeout: '1 minute',
  scheduleToCloseTimeout: '10 minutes',
  heartbeatTimeout: '20 seconds',
} as const;

// <compensation>
export const undoDoIt = compensation({
  name: 'theSystem.undoDoIt',
  title: 'Undo: do it',
  kind: 'ai',
  ...doItTerms,
});
// </compensation>

export const doIt = ai({
  name: 'theSystem.doIt',
  title: 'Do it',
  ...doItTerms,
  compensation: undoDoIt,
});
