import { z } from 'zod';
import { policies, OverlapShown } from './policies.ts';
import { Moment, Spec } from './spec.ts';

/** Part of each started instance's id: `<process>/<schedule id>-<time>`. */
export const ScheduleId = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/, 'is 1 to 100 letters, digits, ".", "_" or "-", beginning with a letter or a digit')
  .describe('`month-end`');

const input = z.unknown().refine((value) => value !== undefined, 'is missing: GET /api/processes/{name} shows its schema');

export const ChangeBody = z.strictObject({ input: input.describe('What every instance is started with.'), spec: Spec, ...policies });
export type ChangeBody = z.infer<typeof ChangeBody>;

export const CreateBody = z.strictObject({
  id: ScheduleId.optional().describe('Instances have it in their ids: `<process>/<id>-<time>`. One is made where it is left out.'),
  process: z.string().max(200),
  ...ChangeBody.shape,
  paused: z.boolean().default(false).describe('Made, but not acting before it is resumed.'),
});
export type CreateBody = z.infer<typeof CreateBody>;

export const NoteBody = z.strictObject({
  // Temporal keeps 1,000 bytes, with the user's name before it.
  reason: z.string().min(3).max(200).describe('Why; it stays with the schedule.'),
});

export const TriggerBody = z.strictObject({ overlap: policies.overlap.unwrap().default('allowAll').describe('`allowAll` starts whatever else runs.') }).optional();
export type TriggerBody = z.infer<typeof TriggerBody>;

export const BackfillBody = z
  .strictObject({
    startAt: Moment,
    endAt: Moment.describe('Included, as `startAt` is.'),
    overlap: policies.overlap.unwrap().default('allowAll').describe('`allowAll` starts them all, about ten a second; `bufferAll` one after the other.'),
  })
  .refine(({ startAt, endAt }) => Date.parse(startAt) <= Date.parse(endAt), { path: ['endAt'], message: 'is before "startAt"' });
export type BackfillBody = z.infer<typeof BackfillBody>;

export const ScheduleRow = z.object({
  id: z.string(),
  process: z.string(),
  title: z.string(),
  createdBy: z.string(),
  paused: z.boolean(),
  note: z
    .object({ by: z.string().nullable(), reason: z.string() })
    .nullable()
    .describe('Who paused or resumed it last, and why; without a name where it was not done here (`pause on failure`, Temporal\'s own tools).'),
  nextTimes: z.array(z.iso.datetime()).readonly().describe('What it would do were it not paused. In a list it may be empty for one that has been paused for long.'),
  recentStarts: z
    .array(z.object({ instance: z.string(), scheduledFor: z.iso.datetime(), startedAt: z.iso.datetime(), links: z.object({ instance: z.string(), webUi: z.string().nullable() }) }))
    .readonly()
    .describe('Newest first.'),
  problem: z.string().nullable().describe('Why it cannot do what it was made for, and what to do about it.'),
  links: z.object({ self: z.string(), instances: z.string(), webUi: z.string().nullable() }),
});
export type ScheduleRow = z.infer<typeof ScheduleRow>;

export const Schedule = ScheduleRow.extend({
  input: z.unknown(),
  spec: Spec,
  overlap: OverlapShown,
  catchupWindow: z.string(),
  createdAt: z.iso.datetime(),
  changedAt: z.iso.datetime().nullable(),
  counts: z
    .object({
      started: z.int(),
      waiting: z.int().describe('For the end of another, by `overlap`.'),
      skipped: z.int().describe('By `overlap`.'),
      missed: z.int().describe('By more than `catchupWindow`.'),
      dropped: z.int().describe('More than Temporal lets wait.'),
    })
    .describe('Of all times until now.'),
});
export type Schedule = z.infer<typeof Schedule>;

export const Triggered = z.object({
  schedule: z.string(),
  instance: z.string().describe('The id that it gets; it is there within about a second, unless `overlap` forbids.'),
  scheduledFor: z.iso.datetime(),
  links: z.object({ schedule: z.string(), instance: z.string() }),
});
export type Triggered = z.infer<typeof Triggered>;

export const Backfilled = z.object({
  schedule: z.string(),
  times: z.int().describe('Times of the schedule in the stretch.'),
  startedBefore: z.int().describe('Of these, those that had an instance already; they are left alone.'),
  starts: z.int().describe('Of these, those that are started now, one after the other.'),
  links: z.object({ schedule: z.string(), instances: z.string() }),
});
export type Backfilled = z.infer<typeof Backfilled>;

export const pathOfSchedule = (id: string): string => `/api/schedules/${encodeURIComponent(id)}`;
export const pathOfItsInstances = (id: string): string => `/api/instances?schedule=${encodeURIComponent(id)}`;
