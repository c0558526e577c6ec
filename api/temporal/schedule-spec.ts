import proto from '@temporalio/proto';
import type { temporal } from '@temporalio/proto';
import { secondsOf, wordsOf } from '../schedules/duration.ts';
import type { OverlapShown } from '../schedules/policies.ts';
import type { Calendar, Spec } from '../schedules/spec.ts';
import { durationOf, isoOf, secondsIn, timestampOf } from '../../engine/payloads.ts';

type ScheduleSpec = temporal.api.schedule.v1.IScheduleSpec;
type StructuredCalendar = temporal.api.schedule.v1.IStructuredCalendarSpec;
type Range = temporal.api.schedule.v1.IRange;
type Part = Calendar[keyof Calendar];

const { ScheduleOverlapPolicy: policy } = proto.temporal.api.enums.v1;

export const overlapPolicies: Readonly<Record<OverlapShown, number>> = {
  skip: policy.SCHEDULE_OVERLAP_POLICY_SKIP,
  bufferOne: policy.SCHEDULE_OVERLAP_POLICY_BUFFER_ONE,
  bufferAll: policy.SCHEDULE_OVERLAP_POLICY_BUFFER_ALL,
  cancelOther: policy.SCHEDULE_OVERLAP_POLICY_CANCEL_OTHER,
  allowAll: policy.SCHEDULE_OVERLAP_POLICY_ALLOW_ALL,
  terminateOther: policy.SCHEDULE_OVERLAP_POLICY_TERMINATE_OTHER,
};

/** Temporal's own default where none was chosen. */
export const overlapOf = (number: number | null | undefined): OverlapShown =>
  (Object.keys(overlapPolicies) as OverlapShown[]).find((overlap) => overlapPolicies[overlap] === number) ?? 'skip';

/** The parts of a date, and what Temporal takes where a part is left out: one value, or the whole stretch. */
const parts = {
  second: [0, 0, 59],
  minute: [0, 0, 59],
  hour: [0, 0, 23],
  dayOfMonth: [null, 1, 31],
  month: [null, 1, 12],
  year: [null, 2000, 2100],
  dayOfWeek: [null, 0, 6],
} as const satisfies Record<keyof Calendar, readonly [otherwise: number | null, min: number, max: number]>;
const names = Object.keys(parts) as (keyof Calendar)[];

export function encodeSpec({ cronExpressions, intervals, calendars, timezone, startAt, endAt, jitter }: Spec): ScheduleSpec {
  return {
    // Temporal takes them apart; the comment keeps how they were written.
    cronString: cronExpressions.map((text) => `${text} # ${text}`),
    interval: intervals.map(({ every, offset }) => ({ interval: durationOf(secondsOf(every)), phase: durationOf(secondsOf(offset ?? '0 seconds')) })),
    structuredCalendar: calendars.map((calendar) => Object.fromEntries(names.map((name) => [name, rangesOf({ name, part: calendar[name] })]))),
    timezoneName: timezone,
    ...(startAt === undefined ? {} : { startTime: timestampOf(startAt) }),
    ...(endAt === undefined ? {} : { endTime: timestampOf(endAt) }),
    ...(jitter === undefined ? {} : { jitter: durationOf(secondsOf(jitter)) }),
  };
}

export function decodeSpec({ structuredCalendar, interval, timezoneName, startTime, endTime, jitter }: ScheduleSpec): Spec {
  const calendars = structuredCalendar ?? [];
  const [startAt, endAt] = [isoOf(startTime), isoOf(endTime)];
  return {
    cronExpressions: calendars.flatMap(({ comment }) => (comment ? [comment] : [])),
    intervals: (interval ?? []).map((one) => {
      const offset = secondsIn(one.phase);
      return { every: wordsOf(secondsIn(one.interval)), ...(offset === 0 ? {} : { offset: wordsOf(offset) }) };
    }),
    calendars: calendars.filter(({ comment }) => !comment).map(calendarOf),
    timezone: timezoneName || 'UTC',
    ...(startAt === null ? {} : { startAt }),
    ...(endAt === null ? {} : { endAt }),
    ...(jitter ? { jitter: wordsOf(secondsIn(jitter)) } : {}),
  };
}

function rangesOf({ name, part }: { name: keyof Calendar; part: Part }): Range[] {
  const [otherwise, min, max] = parts[name];
  const meant = part ?? otherwise ?? '*';
  // An empty list of years is every year; Temporal itself writes it so.
  if (meant === '*') return name === 'year' ? [] : [{ start: min, end: max, step: 1 }];
  return [meant].flat().map((one) => (typeof one === 'number' ? { start: one, end: one, step: 1 } : { start: one.start, end: one.end, step: one.step ?? 1 }));
}

/** As short as it can be written. */
function calendarOf(calendar: StructuredCalendar): Calendar {
  return Object.fromEntries(
    names.flatMap((name): [string, Part][] => {
      const [otherwise, min, max] = parts[name];
      const entries = (calendar[name] ?? []).map(({ start, end, step }) => ({ start: start ?? 0, end: Math.max(end ?? 0, start ?? 0), step: step || 1 }));
      const whole = entries.length === 0 || entries.some(({ start, end, step }) => start === min && end === max && step === 1);
      if (whole) return otherwise === null ? [] : [[name, '*']];
      const written = entries.map(({ start, end, step }) => (start === end ? start : { start, end, ...(step === 1 ? {} : { step }) }));
      const [only] = written;
      if (written.length > 1 || only === undefined) return [[name, written]];
      return only === otherwise ? [] : [[name, only]];
    }),
  );
}
