import { z } from 'zod';
import { applyVerb, InstanceFilter, said, selectInstances } from '../../activities/operations.ts';
import { defineProcess } from '../../define/process.ts';

const count = z.int().min(0);

/** Says the same to many instances, at a limited speed. It can be paused and cancelled as any instance, and its view is its progress. */
export const bulk = defineProcess({
  name: 'bulk',
  title: 'Say the same to many instances',
  operation: true,
  input: z.strictObject({ ...said, filter: InstanceFilter, perSecond: z.number().positive().max(50) }),
  output: z.strictObject({ matched: count, done: count, refused: count, failed: count }),
  steps: { select: selectInstances, apply: applyVerb },
});
