import { createHash } from 'node:crypto';
import type { FeedEvent } from './feed-event.ts';

/** A run as it was told last. */
export interface KnownRun {
  readonly startedAt: string;
  readonly closedAt: string | null;
  /** The digest of what it waits for; empty when that is nothing. */
  readonly waits: string;
}

/** What the stream of all instances has told. Only runs that wait for somebody, or began or ended lately, are kept: of others there is nothing to compare. */
export interface Known {
  /** The newest moment, of those that Temporal gave, at which a run started or ended. */
  newest: string;
  /** Runs that started before were there before the log was; they are not told as started. */
  readonly since: string;
  readonly runs: Map<string, KnownRun>;
}

/** Milliseconds in which a run must be visible after it has started or ended. Visibility lags behind, sometimes more than usual. */
export const longestLag = 60_000;

export const earlier = (time: string, milliseconds: number): string => new Date(Date.parse(time) - milliseconds).toISOString();

export function waitsOf({ tasks, incidents }: Pick<FeedEvent, 'tasks' | 'incidents'>): string {
  if (tasks.length + incidents.length === 0) return '';
  return createHash('sha256').update(JSON.stringify([tasks, incidents])).digest('hex').slice(0, 16);
}

/** Takes note of what is told. */
export function remember({ known, runId, run }: { known: Known; runId: string; run: KnownRun }): void {
  known.runs.set(runId, run);
  for (const time of [run.startedAt, run.closedAt ?? '']) if (time > known.newest) known.newest = time;
}

export const rememberEvent = (known: Known, event: FeedEvent): void =>
  remember({ known, runId: event.runId, run: { startedAt: event.instance.startedAt, closedAt: event.instance.closedAt, waits: waitsOf(event) } });

/** Forgets what can no longer come once more. */
export function forgetOld(known: Known): void {
  const oldest = earlier(known.newest, 2 * longestLag);
  for (const [runId, { startedAt, closedAt, waits }] of known.runs) {
    const isOver = closedAt === null ? waits === '' && startedAt < oldest : closedAt < oldest;
    if (isOver) known.runs.delete(runId);
  }
}

export const writeKnown = ({ newest, since, runs }: Known): object => ({ newest, since, runs: [...runs] });

export function readKnown(json: unknown): Known {
  const { newest, since, runs } = json as { newest: string; since: string; runs: [string, KnownRun][] };
  return { newest, since, runs: new Map(runs) };
}
