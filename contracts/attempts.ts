import { z } from 'zod';

/** Attempts in a row that failed in the same way. */
export const FailedAttempts = z.object({
  /** The first and the last of them, counted from 1. */
  from: z.int().positive(),
  to: z.int().positive(),
  /** When these two failed (ISO 8601, by the worker's clock); `null` of those that ended without a word. */
  since: z.iso.datetime().nullable(),
  until: z.iso.datetime().nullable(),
  type: z.string(),
  message: z.string(),
});
export type FailedAttempts = Readonly<z.infer<typeof FailedAttempts>>;

/** What an attempt leaves for the next one, in its heartbeats. */
export interface Heartbeat {
  readonly failed: readonly FailedAttempts[];
  /** What the implementation said. */
  readonly detail?: unknown;
}

const several = z.array(FailedAttempts).readonly();

/** What stands under `key` of a failure's details or of a heartbeat. */
export function failedAttemptsIn(value: unknown, key: 'attempts' | 'failed'): readonly FailedAttempts[] {
  const found = typeof value === 'object' && value !== null && key in value ? several.safeParse((value as Record<string, unknown>)[key]) : undefined;
  return found?.success ? found.data : [];
}

/** The list with what came after it: what failed as its last one did is counted there. */
export function joined(before: readonly FailedAttempts[], next: FailedAttempts): readonly FailedAttempts[] {
  const last = before.at(-1);
  if (last?.type !== next.type || last.message !== next.message || last.to + 1 !== next.from) return [...before, next];
  return [...before.slice(0, -1), { ...last, to: next.to, since: last.since ?? next.since, until: next.until ?? last.until }];
}

/** Those of which nobody heard: they took too long, or their worker died. */
export const silent = ({ from, to }: Pick<FailedAttempts, 'from' | 'to'>): FailedAttempts => ({ from, to, since: null, until: null, type: 'Unavailable', message: 'no answer in time' });
