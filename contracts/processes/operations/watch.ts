import { z } from 'zod';
import { applyVerb, probeSystem, selectInstances } from '../../activities/operations.ts';
import { defineProcess } from '../../define/process.ts';
import { timer } from '../../define/timer.ts';
import { IncidentGroup } from '../../incident-group.ts';
import { watch as names } from '../../watch.ts';

/** Asks a system until it answers, then lets go those that wait for it, gently. */
export const watch = defineProcess({
  name: names.process,
  title: 'Wait until a system answers, and retry what it held up',
  operation: true,
  input: z.strictObject({ group: IncidentGroup, probe: z.string(), perSecond: z.number().positive().max(50) }),
  output: z.strictObject({ released: z.int().min(0) }),
  businessKey: ({ group }) => group,
  steps: {
    probe: probeSystem,
    select: selectInstances,
    release: applyVerb,
    // Longer than Temporal's lists lag behind.
    settle: timer({ name: 'settle', title: 'Look whether any are left', for: '5 seconds' }),
  },
});
