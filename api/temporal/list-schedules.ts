import { entryOf, type ScheduleEntry } from './kept-schedule.ts';
import type { Temporal } from '../../engine/temporal.ts';

/** A stretch of the list, and where the next one begins; `null` at the end. */
export interface Schedules {
  readonly schedules: readonly ScheduleEntry[];
  readonly next: Uint8Array | null;
}

interface Wanted {
  readonly paused: boolean | undefined;
  readonly process: string | undefined;
  readonly limit: number;
  readonly after: Uint8Array | null;
}

/** The schedules that were made here. Temporal cannot look for a process: those of others are left out of what it lists, so a stretch may hold fewer than asked for. */
export async function listSchedules({ ask, namespace }: Temporal, { paused, process, limit, after }: Wanted): Promise<Schedules> {
  const query = paused === undefined ? '' : `TemporalSchedulePaused = ${paused}`;
  for (let token = after; ; ) {
    const request = { namespace, query, maximumPageSize: limit, ...(token === null ? {} : { nextPageToken: token }) };
    const page = await ask((service) => service.listSchedules(request));
    const schedules = (page.schedules ?? []).flatMap((entry) => entryOf(entry) ?? []).filter((entry) => process === undefined || entry.process === process);
    const next = page.nextPageToken && page.nextPageToken.length > 0 ? page.nextPageToken : null;
    if (schedules.length > 0 || next === null) return { schedules, next };
    token = next;
  }
}
