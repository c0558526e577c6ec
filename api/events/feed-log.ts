import { randomBytes } from 'node:crypto';
import { mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { createOnce, readIfThere, replaceFile } from '../files.ts';
import type { FeedEvent } from './feed-event.ts';
import { type Known, readKnown, rememberEvent, writeKnown } from './known.ts';
import { badEventId } from './position.ts';

/** What one look found. */
export interface Batch {
  readonly number: number;
  /** Tells it from a batch of the same number in another log. */
  readonly tag: string;
  /** Nobody knows what changed before it. */
  readonly gap: boolean;
  readonly events: readonly FeedEvent[];
}

/** A place in the log: after the nth event of a batch. */
export interface FeedPosition {
  readonly number: number;
  readonly tag: string;
  readonly nth: number;
}

export const feedIdOf = ({ number, tag, nth }: FeedPosition): string => `${number}.${tag}.${nth}`;
export const endOfBatch = ({ number, tag, events }: Batch): FeedPosition => ({ number, tag, nth: events.length });

/** @throws a malformed request when it is no id of the stream of all instances */
export function feedPositionOf(lastEventId: string | undefined): FeedPosition | undefined {
  if (lastEventId === undefined || lastEventId === '') return undefined;
  const [, number, tag, nth] = /^(\d{1,12})\.([0-9a-f]{8})\.(\d{1,6})$/.exec(lastEventId) ?? [];
  if (number === undefined || tag === undefined || nth === undefined) throw badEventId('is not the id of an event of this stream');
  return { number: Number(number), tag, nth: Number(nth) };
}

/** Batches that are kept on disk, and events that are kept in memory, for those who come back. */
const [batchesKept, eventsKept] = [1_000, 10_000];
/** Batches after which what is known is written down anew. */
const knownEvery = 50;

export type FeedLog = Awaited<ReturnType<typeof openFeedLog>>;

/**
 * The log of what was told of all instances: a file for each batch, made once and never changed, so that of two processes that would add the same one
 * only one can; and what is known after a batch, from which a process that has been away goes on. All processes that share the directory share it.
 */
export async function openFeedLog({ directory }: { directory: string }) {
  await mkdir(directory, { recursive: true });
  const fileOf = (number: number): string => join(directory, `${String(number).padStart(12, '0')}.json`);
  const knownFile = join(directory, 'known.json');
  const batches: Batch[] = [];
  let events = 0;

  const numbersThere = async (): Promise<readonly number[]> =>
    (await readdir(directory)).flatMap((name) => /^(\d{12})\.json$/.exec(name)?.[1] ?? []).map(Number).sort((a, b) => a - b);

  const read = async (number: number): Promise<Batch | undefined> => {
    const text = await readIfThere(fileOf(number));
    return text === undefined ? undefined : (JSON.parse(text) as Batch);
  };

  const keep = (batch: Batch): void => {
    batches.push(batch);
    events += batch.events.length;
    while (batches.length > 1 && (events > eventsKept || batches.length > batchesKept)) events -= batches.shift()?.events.length ?? 0;
  };

  const newest = (): Batch | undefined => batches.at(-1);

  /** Reads what others have added. */
  async function catchUp(): Promise<readonly Batch[]> {
    const found: Batch[] = [];
    if (batches.length === 0) {
      const numbers = await numbersThere();
      for (const number of numbers.slice(-batchesKept)) {
        const batch = await read(number);
        if (batch) found.push(batch);
      }
    } else {
      for (let number = (newest()?.number ?? 0) + 1; ; number++) {
        const batch = await read(number);
        if (!batch) break;
        found.push(batch);
      }
    }
    found.forEach(keep);
    return found;
  }

  async function tidy(): Promise<void> {
    const oldest = (newest()?.number ?? 0) - batchesKept;
    for (const number of await numbersThere()) if (number <= oldest) await rm(fileOf(number), { force: true });
  }

  return {
    newest,
    catchUp,
    /** What is known after the newest batch; `undefined` where that cannot be told. */
    async known(): Promise<Known | undefined> {
      const text = await readIfThere(knownFile);
      const last = newest();
      if (text === undefined || !last) return undefined;
      const kept = JSON.parse(text) as { number: number; tag: string; known: unknown };
      const known = readKnown(kept.known);
      for (let number = kept.number; number <= last.number; number++) {
        const batch = await read(number);
        if (!batch || (number === kept.number && batch.tag !== kept.tag) || (number > kept.number && batch.gap)) return undefined;
        if (number > kept.number) batch.events.forEach((event) => rememberEvent(known, event));
      }
      return known;
    },
    /** Adds a batch; `undefined` when another process was faster, which must be caught up with first. */
    async add({ found, known, gap = false }: { found: readonly FeedEvent[]; known: Known; gap?: boolean }): Promise<Batch | undefined> {
      const batch: Batch = { number: (newest()?.number ?? 0) + 1, tag: randomBytes(4).toString('hex'), gap, events: found };
      if (!(await createOnce({ file: fileOf(batch.number), text: JSON.stringify(batch) }))) return undefined;
      keep(batch);
      if (gap || batch.number % knownEvery === 0) {
        await replaceFile({ file: knownFile, text: JSON.stringify({ number: batch.number, tag: batch.tag, known: writeKnown(known) }) });
        await tidy();
      }
      return batch;
    },
    /** All events after a position, with theirs; `undefined` where they are not kept (any more), or nobody knows them. */
    after({ number, tag, nth }: FeedPosition): readonly { readonly position: FeedPosition; readonly event: FeedEvent }[] | undefined {
      const at = batches.findIndex((batch) => batch.number === number && batch.tag === tag && batch.events.length >= nth);
      const following = batches.slice(at + 1);
      if (at === -1 || following.some(({ gap }) => gap)) return undefined;
      return [...positionsIn(batches[at]).slice(nth), ...following.flatMap(positionsIn)];
    },
  };
}

export const positionsIn = (batch: Batch | undefined): readonly { readonly position: FeedPosition; readonly event: FeedEvent }[] =>
  batch ? batch.events.map((event, at) => ({ position: { number: batch.number, tag: batch.tag, nth: at + 1 }, event })) : [];
