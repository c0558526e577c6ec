import { z } from 'zod';
import { CronExpression } from './cron.ts';
import { duration, secondsOf } from './duration.ts';

/** Entries of a list; Temporal's own lists show no more. */
const most = 10;

const Interval = z
  .strictObject({
    every: duration({ least: '1 second', most: '3650 days' }).describe('Counted from 1970-01-01T00:00Z, so that `1 hour` is each full hour: `15 minutes`, `1 hour`, `2 days`.'),
    offset: duration({ least: '0 seconds', most: '3650 days' }).optional().describe('How long after that, less than `every`.'),
  })
  .refine(({ every, offset }) => offset === undefined || secondsOf(offset) < secondsOf(every), { path: ['offset'], message: 'is less than "every"' });

/** What a part of a date may be: a value, a stretch, several of those, or anything. */
function part({ min, max, is }: { min: number; max: number; is: string }) {
  const value = z.int().min(min).max(max);
  const stretch = z
    .strictObject({ start: value, end: value, step: z.int().min(1).max(max - min).optional() })
    .refine(({ start, end }) => end >= start, { path: ['end'], message: 'is not before "start"' });
  const one = z.union([value, stretch]);
  return z.union([one, z.array(one).min(1).max(60), z.literal('*')]).optional().describe(is);
}

const Calendar = z.strictObject({
  second: part({ min: 0, max: 59, is: '0 where it is left out.' }),
  minute: part({ min: 0, max: 59, is: '0 where it is left out.' }),
  hour: part({ min: 0, max: 23, is: '0 where it is left out.' }),
  dayOfMonth: part({ min: 1, max: 31, is: 'Any where it is left out.' }),
  month: part({ min: 1, max: 12, is: 'Any where it is left out.' }),
  year: part({ min: 2000, max: 2100, is: 'Any where it is left out.' }),
  dayOfWeek: part({ min: 0, max: 6, is: '0 is Sunday. Any where it is left out.' }),
});
export type Calendar = z.infer<typeof Calendar>;

const Timezone = z
  .string()
  .max(64)
  .superRefine((name, context) => {
    const message = timezoneMistake(name);
    if (message !== undefined) context.addIssue({ code: 'custom', message });
  })
  .describe('An IANA name: `Europe/Berlin`.');

/** Temporal's calendar ends with 2100. */
export const Moment = z.iso
  .datetime({ offset: true, error: 'is a moment such as 2027-01-31T06:00:00Z' })
  .refine((text) => Date.parse(text) >= Date.UTC(2000) && Date.parse(text) < Date.UTC(2101), 'is a moment of the years 2000 to 2100');

/** When a schedule acts: at every time of each of its lists. */
export const Spec = z
  .strictObject({
    cronExpressions: z.array(CronExpression).max(most).default([]),
    intervals: z.array(Interval).max(most).default([]),
    calendars: z.array(Calendar).max(most).default([]).describe('Dates by their parts; with a year it is once: `{"year": 2027, "month": 1, "dayOfMonth": 31, "hour": 6}`.'),
    timezone: Timezone.default('UTC'),
    startAt: Moment.optional().describe('Nothing before.'),
    endAt: Moment.optional().describe('Nothing after.'),
    jitter: duration({ least: '0 seconds', most: '1 day' }).optional().describe('Each start is put off by a time of up to so much, but never beyond the next.'),
  })
  .refine(({ cronExpressions, intervals, calendars }) => cronExpressions.length + intervals.length + calendars.length > 0, 'says no time: give "cronExpressions", "intervals" or "calendars"')
  .refine(({ startAt, endAt }) => startAt === undefined || endAt === undefined || Date.parse(startAt) <= Date.parse(endAt), { path: ['endAt'], message: 'is before "startAt"' });
export type Spec = z.infer<typeof Spec>;

/** Temporal knows names in their own spelling only; this runtime takes any, and offsets such as +01:00 too. */
function timezoneMistake(name: string): string | undefined {
  const unknown = `"${name}" is no IANA time zone, such as Europe/Berlin, America/New_York or UTC`;
  if (!/^[A-Za-z]/.test(name)) return unknown;
  try {
    const { timeZone } = new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions();
    return timeZone !== name && timeZone.toLowerCase() === name.toLowerCase() ? `is written ${timeZone}` : undefined;
  } catch {
    return unknown;
  }
}
