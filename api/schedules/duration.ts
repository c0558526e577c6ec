import { z } from 'zod';
import { type Duration, milliseconds } from '../../contracts/define/duration.ts';

const units = [
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
  ['second', 1_000],
] as const;

/** A length of time in words, of whole seconds: Temporal drops what is below. */
export function duration({ least, most }: { least: Duration; most: Duration }) {
  const message = `is a length of time from ${least} to ${most} in whole seconds, such as "90 seconds", "15 minutes", "2 hours", "1 day"`;
  return z
    .string()
    .max(40)
    .refine((text) => {
      const length = milliseconds(text as Duration);
      return length >= milliseconds(least) && length <= milliseconds(most) && length % 1_000 === 0;
    }, message);
}

export const secondsOf = (words: string): number => milliseconds(words as Duration) / 1_000;

/** The words for a number of whole seconds, in the largest unit that needs no fraction. */
export function wordsOf(seconds: number): string {
  const [unit, length] = units.find(([, one]) => (seconds * 1_000) % one === 0 && seconds * 1_000 >= one) ?? ['second', 1_000];
  const amount = (seconds * 1_000) / length;
  return `${amount} ${unit}${amount === 1 ? '' : 's'}`;
}
