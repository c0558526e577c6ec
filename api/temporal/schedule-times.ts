import { listExecutions } from '../../engine/list.ts';
import { isoOf, timestampOf } from '../../engine/payloads.ts';
import { allOf, quote } from '../../engine/query.ts';
import type { Temporal } from '../../engine/temporal.ts';

interface Stretch {
  readonly id: string;
  /** ISO 8601, both included */
  readonly startAt: string;
  readonly endAt: string;
}

/** The times of a schedule in a stretch, jitter included; Temporal tells at most 1,000. */
export async function matchingTimes({ ask, namespace }: Temporal, { id, startAt, endAt }: Stretch): Promise<readonly string[]> {
  // Temporal looks for times after the first moment.
  const before = new Date(Date.parse(startAt) - 1).toISOString();
  const request = { namespace, scheduleId: id, startTime: timestampOf(before), endTime: timestampOf(endAt) };
  const { startTime: times } = await ask((service) => service.listScheduleMatchingTimes(request));
  return (times ?? []).flatMap((time) => isoOf(time) ?? []);
}

/** The times, without jitter, for which a schedule of this id has started an instance. Lags behind by up to about a second. */
export async function startedTimes(temporal: Temporal, { id, startAt, endAt }: Stretch): Promise<readonly string[]> {
  // With SQLite Temporal leaves out the end itself; what is found beyond it does no harm.
  const beyond = new Date(Date.parse(endAt) + 1_000).toISOString();
  const query = allOf(startedBySchedule(id), `TemporalScheduledStartTime BETWEEN ${quote(startAt)} AND ${quote(beyond)}`);
  const times: string[] = [];
  for (let after: Uint8Array | null = null; ; ) {
    const { executions, next }: Awaited<ReturnType<typeof listExecutions>> = await listExecutions(temporal, { query, limit: 1_000, after });
    times.push(...executions.flatMap(({ scheduledFor }) => scheduledFor ?? []));
    if (next === null) return times;
    after = next;
  }
}

/** Temporal itself notes on each execution which schedule started it. */
export const startedBySchedule = (id: string): string => `TemporalScheduledById = ${quote(id)}`;
