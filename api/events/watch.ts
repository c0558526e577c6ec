import type { Execution } from '../../engine/executions.ts';
import { pageOfRuns } from '../temporal/follow.ts';
import { allOf, among } from '../../engine/query.ts';
import type { Temporal } from '../../engine/temporal.ts';
import type { InstanceRow } from '../instances/row.ts';
import { type FeedEvent, openIn } from './feed-event.ts';
import { earlier, forgetOld, type Known, longestLag, remember, waitsOf } from './known.ts';

interface Deps {
  readonly temporal: Temporal;
  readonly names: readonly string[];
  readonly rowOf: (execution: Execution) => InstanceRow;
  readonly signal: AbortSignal;
}

export interface Watch {
  /** What changed since the last look. Takes note of it in `known`. */
  look(): Promise<readonly FeedEvent[]>;
}

/** Milliseconds that most looks go back; each `wideEvery`th goes back by the longest lag. */
const usualLag = 5_000;
const wideEvery = 10;
/** Runs that wait for somebody and are read in one go. */
const sweepPage = 500;
/** The part of its time that Temporal may be kept busy with reading what waits. */
const share = 0.1;
/** Runs that one query may ask for. */
const runsAtOnce = 50;

/**
 * Finds what changed by Temporal's visibility, which has no feed of changes: runs that started or ended are found by their time; of the others only
 * those can have changed that wait for somebody (or did), and they are gone through page by page at a steady pace.
 */
export function createWatch({ temporal, names, rowOf, signal, known }: Deps & { known: Known }): Watch {
  const ofUs = among('WorkflowType', names);
  const waiting = allOf(ofUs, "ExecutionStatus = 'Running'", 'WaitingFor IS NOT NULL');
  let looks = 0;
  let sweep: Sweep = { after: undefined, seen: new Set(), waited: waitingRuns(known), notBefore: 0 };

  async function all(query: string): Promise<Execution[]> {
    const found: Execution[] = [];
    for (let after: Uint8Array | undefined; ; ) {
      const page = await pageOfRuns(temporal, { query, limit: 1_000, after, signal });
      found.push(...page.executions);
      after = page.after;
      if (after === undefined) return found;
    }
  }

  const startedOrEnded = (): Promise<Execution[]> => {
    const from = earlier(known.newest, looks++ % wideEvery === 0 ? longestLag : usualLag);
    return all(allOf(ofUs, `(StartTime >= '${from}' OR CloseTime >= '${from}')`));
  };

  /** The next page of those that wait; with the last one, those that waited when the sweep began and do so no longer. */
  async function whatWaits(): Promise<{ readonly executions: readonly Execution[]; readonly vanished: readonly string[]; readonly next: Sweep }> {
    const began = Date.now();
    if (began < sweep.notBefore) return { executions: [], vanished: [], next: sweep };
    const { executions, after } = await pageOfRuns(temporal, { query: waiting, limit: sweepPage, after: sweep.after, signal });
    const seen = new Set([...sweep.seen, ...executions.map(({ runId }) => runId)]);
    const gone = after === undefined ? [...sweep.waited].filter((runId) => !seen.has(runId)) : [];
    const looked: Execution[] = [];
    for (let from = 0; from < gone.length; from += runsAtOnce) looked.push(...(await all(among('RunId', gone.slice(from, from + runsAtOnce)))));
    const found = new Set(looked.map(({ runId }) => runId));
    const notBefore = Date.now() + (Date.now() - began) * (1 / share - 1);
    return {
      executions: [...executions, ...looked],
      vanished: gone.filter((runId) => !found.has(runId)),
      next: after === undefined ? { after, seen: new Set(), waited: new Set(), notBefore } : { ...sweep, after, seen, notBefore },
    };
  }

  const tell = (change: FeedEvent['change'], execution: Execution): FeedEvent => ({ change, runId: execution.runId, instance: rowOf(execution), ...openIn(execution) });

  /** What is to be told of a run. */
  const consider = ({ execution, oldest }: { execution: Execution; oldest: string }): readonly FeedEvent[] => {
    const { runId, startedAt, closedAt, continues } = execution;
    const before = known.runs.get(runId);
    const run = { startedAt, closedAt, waits: waitsOf(openIn(execution)) };
    if (before?.closedAt || (before && closedAt === null && before.waits === run.waits)) return [];
    remember({ known, runId, run });
    const isNew = before === undefined && startedAt > known.since && startedAt >= oldest && !continues;
    if (goesOn(execution)) return isNew ? [tell('started', { ...execution, closedAt: null })] : [];
    const told = isNew ? [tell('started', execution)] : [];
    if (closedAt !== null) return [...told, tell('ended', execution)];
    const isOld = before === undefined && run.waits === '' && !continues;
    return isNew || isOld ? told : [tell('changed', execution)];
  };

  return {
    async look() {
      const lately = (await startedOrEnded()).sort((a, b) => (a.startedAt < b.startedAt ? -1 : 1));
      const { executions, vanished, next } = await whatWaits();
      // Nothing can fail from here on: what is noted is told.
      const oldest = earlier(known.newest, longestLag);
      const events = [...lately, ...executions].flatMap((execution) => consider({ execution, oldest }));
      // Temporal keeps them no more.
      for (const runId of vanished) known.runs.delete(runId);
      forgetOld(known);
      sweep = next.after === undefined && next !== sweep ? { ...next, waited: waitingRuns(known) } : next;
      return events;
    },
  };
}

/** One way through all that wait. */
interface Sweep {
  readonly after: Uint8Array | undefined;
  readonly seen: ReadonlySet<string>;
  /** Those that waited when it began. */
  readonly waited: ReadonlySet<string>;
  readonly notBefore: number;
}

/** A run that continued as new has ended, its instance has not. */
const goesOn = ({ status, closedAt }: Execution): boolean => status === 'running' && closedAt !== null;

const waitingRuns = ({ runs }: Known): ReadonlySet<string> => new Set([...runs].filter(([, { closedAt, waits }]) => closedAt === null && waits !== '').map(([runId]) => runId));

/** How things stand before the first look: what waits, and what started or ended lately, is not told. */
export async function lookFirst({ temporal, names, signal }: Omit<Deps, 'rowOf'>): Promise<Known> {
  const ofUs = among('WorkflowType', names);
  const page = (query: string, limit: number, after?: Uint8Array) => pageOfRuns(temporal, { query: allOf(ofUs, query), limit, after, signal });
  // Lists begin with what started last, or, among what has ended, ended last.
  const newest = await Promise.all(["ExecutionStatus = 'Running'", "ExecutionStatus != 'Running'"].map((query) => page(query, 1)));
  const times = newest.flatMap(({ executions }) => executions.flatMap(({ startedAt, closedAt }) => [startedAt, closedAt ?? '']));
  const last = times.sort().at(-1) ?? new Date(0).toISOString();
  const known: Known = { newest: last, since: earlier(last, longestLag), runs: new Map() };
  const from = earlier(last, longestLag);
  for (const query of ["ExecutionStatus = 'Running' AND WaitingFor IS NOT NULL", `(StartTime >= '${from}' OR CloseTime >= '${from}')`]) {
    let after: Uint8Array | undefined;
    do {
      const found = await page(query, 1_000, after);
      for (const execution of found.executions) remember({ known, runId: execution.runId, run: { startedAt: execution.startedAt, closedAt: execution.closedAt, waits: waitsOf(openIn(execution)) } });
      after = found.after;
    } while (after !== undefined);
  }
  return known;
}
