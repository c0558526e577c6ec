/** A length of time: milliseconds, or words such as `'10 seconds'`, `'5 minutes'`, `'2 days'` (the notation of the `ms` package). */
export type Duration = number | `${number} ${'ms' | 'second' | 'minute' | 'hour' | 'day'}${'' | 's'}`;
