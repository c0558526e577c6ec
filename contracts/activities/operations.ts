import { z } from 'zod';
import { service } from '../define/activity.ts';
import { DocumentRef } from '../documents.ts';
import { IncidentGroup } from '../incident-group.ts';
import { Actor, Priority } from '../verbs.ts';

/** The product itself as a system: what operators ask to be done with many instances. */

export const bulkVerbs = ['retry', 'skip', 'fail', 'pause', 'resume', 'cancel', 'rewind', 'priority', 'note'] as const;
/** `retry`, `skip` and `fail` are about the open incidents of an instance. */
export type BulkVerb = (typeof bulkVerbs)[number];

/** Which running instances are meant: those to which all of it applies. */
export const InstanceFilter = z.strictObject({
  processes: z.array(z.string()).min(1).max(1_000).optional(),
  waitingFor: z.string().max(100).optional(),
  group: IncidentGroup.optional(),
  instances: z.array(z.string().max(1_000)).min(1).max(1_000).optional(),
});
export type InstanceFilter = z.infer<typeof InstanceFilter>;

/** What is said to each of them, whatever group they are found by. */
export const said = {
  verb: z.enum(bulkVerbs),
  reason: z.string().min(3).max(1_000),
  /** Of `rewind`, and whether it may go back over what cannot be undone. */
  step: z.string().min(1).max(100).optional(),
  confirm: z.boolean().optional(),
  /** Of `priority`. */
  priority: Priority.optional(),
  actor: Actor,
};

/** What became of one instance. */
export const BulkResult = z.strictObject({
  instance: z.string(),
  /** `refused`: the instance, or its state, did not allow it. `failed`: nobody answered in it; nothing was recorded. */
  outcome: z.enum(['done', 'refused', 'failed']),
  detail: z.string().nullable(),
});
export type BulkResult = z.infer<typeof BulkResult>;

const patient = { scheduleToCloseTimeout: '7 days', heartbeatTimeout: '30 seconds' } as const;

export const selectInstances = service({
  name: 'operations.select',
  title: 'Select the instances',
  input: z.strictObject({ filter: InstanceFilter }),
  /** `targets` holds the ids, as JSON. */
  output: z.strictObject({ targets: DocumentRef, count: z.int().min(0) }),
  readOnly: true,
  startToCloseTimeout: '5 minutes',
  ...patient,
});

/** Asks a system's probe. */
export const probeSystem = service({
  name: 'operations.probe',
  title: 'Ask whether the system answers',
  input: z.strictObject({ activity: z.string() }),
  output: z.unknown(),
  readOnly: true,
  startToCloseTimeout: '1 minute',
  retry: { initialInterval: '2 seconds', maximumInterval: '30 seconds' },
  // That it fails for long is what it is there for.
  scheduleToCloseTimeout: '365 days',
  patience: { attempts: 100_000 },
});

export const applyVerb = service({
  name: 'operations.apply',
  title: 'Say it to the instances',
  /** `group`: of incidents only its members. */
  input: z.strictObject({ ...said, group: IncidentGroup.optional(), targets: DocumentRef, from: z.int().min(0), to: z.int().min(0), perSecond: z.number().positive().max(50) }),
  /** `results` holds a `BulkResult` for each instance that was spoken to, as JSON: fewer than asked for where the bulk was cancelled meanwhile. */
  output: z.strictObject({ done: z.int().min(0), refused: z.int().min(0), failed: z.int().min(0), results: DocumentRef }),
  irreversible: true,
  startToCloseTimeout: '15 minutes',
  ...patient,
});
