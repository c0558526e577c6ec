/** A length of time: milliseconds, or words such as `'10 seconds'`, `'5 minutes'`, `'2 days'` (a part of the notation of the `ms` package). */
export type Duration = number | `${number} ${'ms' | 'second' | 'minute' | 'hour' | 'day'}${'' | 's'}`;

const units: Readonly<Record<string, number>> = { ms: 1, second: 1_000, minute: 60_000, hour: 3_600_000, day: 86_400_000 };

/** A length of time in milliseconds; `NaN` for what is none. */
export function milliseconds(duration: Duration): number {
  if (typeof duration === 'number') return duration;
  const [, amount, unit = ''] = /^(\d+(?:\.\d+)?) (ms|second|minute|hour|day)s?$/.exec(duration) ?? [];
  return Number(amount) * (units[unit] ?? NaN);
}

/** Refuses what is no length of time. Zero is none either: Temporal would take it for "no limit". */
export function assertDuration({ duration, where }: { duration: Duration; where: string }): void {
  if (!(milliseconds(duration) > 0)) throw new Error(`${where} is ${JSON.stringify(duration)}: say more than 0 milliseconds, or words such as '10 seconds', '5 minutes', '2 days'`);
}
