import { z } from 'zod';
import { assertDuration, type Duration, milliseconds } from './duration.ts';
import { assertName, assertTitle } from './names.ts';

/** A place where a process waits until a time has come. */
export interface TimerContract<F extends Duration | undefined = Duration | undefined> {
  readonly contract: 'timer';
  readonly kind: 'timer';
  readonly name: string;
  readonly title: string;
  /** How long it takes; where it is undefined, the flow says when it ends. */
  readonly for: F;
}

/** Longer ones are a mistake in the unit. */
const longest = '36500 days';

const Words = z.templateLiteral([z.number().positive(), ' ', z.enum(['ms', 'second', 'minute', 'hour', 'day', 'seconds', 'minutes', 'hours', 'days'])]);
const Length = z
  .union([z.number(), Words])
  .refine((length) => milliseconds(length) > 0 && milliseconds(length) <= milliseconds(longest), `a length of time of more than 0 ms and at most ${longest}, such as 500 or "2 days"`);

export const Moment = z.iso.datetime({ offset: true });
const moment = 'a moment as ISO 8601 has it, with its offset from UTC, or a date';
const either = `say either { for: … }, a length such as 500 (ms) or "2 days", or { until: … }, ${moment}`;

/**
 * When a timer ends: after a length of time from when the step is reached, or at a moment: ISO 8601 with its offset from UTC, or a date, of which it is the first moment in UTC.
 * A moment that has passed ends the timer at once.
 */
export const When = z.union([z.strictObject({ for: Length }), z.strictObject({ until: z.union([Moment, z.iso.date()], moment) })], either);
export type When = { readonly for: Duration } | { readonly until: string };

export function timer(spec: { readonly name: string; readonly title: string; readonly for: Duration }): TimerContract<Duration>;
export function timer(spec: { readonly name: string; readonly title: string }): TimerContract<undefined>;
export function timer({ name, title, for: length }: { readonly name: string; readonly title: string; readonly for?: Duration }): TimerContract {
  assertName({ what: 'timer', name, pattern: /^[a-z][A-Za-z0-9]*$/, example: 'coolingOff' });
  assertTitle({ what: `timer "${name}"`, title });
  if (length !== undefined) {
    assertDuration({ duration: length, where: `timer "${name}", for` });
    if (milliseconds(length) > milliseconds(longest)) throw new Error(`timer "${name}", for is ${JSON.stringify(length)}, more than ${longest}: check the unit`);
  }
  return Object.freeze({ contract: 'timer', kind: 'timer', name, title, for: length });
}
