import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { digestOf } from '../contracts/define/digest.ts';
import { openJournal } from './journal.ts';
import { IdempotencyKey } from './openapi.ts';
import { isRefusal, refusal, refusals, type RefusalCode } from './refusals.ts';

/** One line of a book: what was asked for, under which key, and whether it still holds. */
export type BookEntry<F> = F & {
  readonly id: string;
  /** One of the book's two states. */
  readonly state: string;
  readonly idempotencyKey: string;
  /** ISO 8601 */
  readonly at: string;
  /** When it was released or cancelled; ISO 8601. */
  readonly endedAt: string | null;
};

export interface BookRules<F> {
  /** The journal. */
  file: string;
  /** What an entry says. */
  facts: z.ZodType<F>;
  /** The words for an entry that holds and for one that was undone: `['claimed', 'released']`. */
  states: readonly [string, string];
}

/** Each line of the journal is the answer to one idempotency key. */
type Line<F> = { readonly key: string; readonly request: string; readonly at: string } & (
  | { readonly type: 'entered'; readonly id: string; readonly facts: F }
  | { readonly type: 'refused'; readonly code: RefusalCode; readonly detail: string }
  | { readonly type: 'revoked'; readonly forwardKey: string; readonly undone: boolean }
);

/** A book answers only when the answer is on the disk. */
export interface Book<F> {
  /** The entries that hold. */
  live(): Iterable<BookEntry<F>>;
  /** All entries, also those that were undone. */
  list(): BookEntry<F>[];
  /** The keys that are refused from now on, whether or not there was an entry under them. */
  revokedKeys(): string[];
  /**
   * Makes an entry, at most one per key: the same key with the same request gives the first answer, be it the entry or the refusal. All in
   * one go, without a pause in which another request could come between `decide` and the entry.
   *
   * @param attempt.decide gives the facts of the entry, or throws a refusal
   * @throws Refusal `revoked`, `key-reused`, or what `decide` threw
   */
  enter(attempt: { key: string; request: unknown; decide: () => F }): Promise<BookEntry<F>>;
  /**
   * Undoes the entry made under `forwardKey`, if there is one, and refuses that key from now on: a forward request that is still on
   * its way must not take effect after it was undone.
   */
  revoke(order: { key: string; forwardKey: string }): Promise<{ undone: boolean }>;
  close(): Promise<void>;
}

export async function openBook<F extends object>({ file, facts, states }: BookRules<F>): Promise<Book<F>> {
  const answered = new Map<string, Line<F>>();
  const revoked = new Set<string>();
  const entries = new Map<string, BookEntry<F>>();
  const live = new Map<string, BookEntry<F>>();

  const apply = (line: Line<F>): void => {
    answered.set(line.key, line);
    if (line.type === 'entered') {
      const { id, key, at } = line;
      const entry: BookEntry<F> = { ...line.facts, id, state: states[0], idempotencyKey: key, at, endedAt: null };
      entries.set(key, entry);
      live.set(key, entry);
    }
    if (line.type === 'revoked') {
      revoked.add(line.forwardKey);
      const undone = live.get(line.forwardKey);
      if (undone) entries.set(line.forwardKey, { ...undone, state: states[1], endedAt: line.at });
      live.delete(line.forwardKey);
    }
  };
  const journal = await openJournal({ file, entry: lineSchema(facts), replay: apply });
  const record = (line: Line<F>): void => {
    apply(line);
    journal.append(line);
  };

  const firstAnswer = ({ key, request }: { key: string; request: string }): Line<F> | undefined => {
    const line = answered.get(key);
    if (line && line.request !== request) {
      throw refusal('key-reused', { detail: `the key ${key} was used at ${line.at} for a request with another content; use a new key for a new request` });
    }
    return line;
  };
  const entryOf = (key: string): BookEntry<F> => {
    const entry = entries.get(key);
    if (!entry) throw new Error(`the entry of ${key} in ${file} is missing: the book contradicts itself`);
    return entry;
  };

  const enterNow = ({ key, request: asked, decide }: { key: string; request: unknown; decide: () => F }): BookEntry<F> => {
    if (revoked.has(key)) throw refusal('revoked', { detail: `what was or would have been done under the key ${key} was revoked` });
    const request = digestOf({ enter: asked });
    const first = firstAnswer({ key, request });
    if (first?.type === 'entered') return entryOf(key);
    if (first?.type === 'refused') throw refusal(first.code, { detail: first.detail });
    const noted = { key, request, at: new Date().toISOString() };
    try {
      record({ ...noted, type: 'entered', id: randomUUID(), facts: decide() });
    } catch (error) {
      if (isRefusal(error)) record({ ...noted, type: 'refused', code: error.code, detail: error.message });
      throw error;
    }
    return entryOf(key);
  };
  const revokeNow = ({ key, forwardKey }: { key: string; forwardKey: string }): { undone: boolean } => {
    const request = digestOf({ revoke: forwardKey });
    const first = firstAnswer({ key, request });
    if (first?.type === 'revoked') return { undone: first.undone };
    const undone = live.has(forwardKey);
    record({ type: 'revoked', key, request, at: new Date().toISOString(), forwardKey, undone });
    return { undone };
  };
  /** Refusals, too, are told only once they are on the disk. */
  const durably = async <T>(act: () => T): Promise<T> => {
    try {
      return act();
    } finally {
      await journal.settled();
    }
  };

  return {
    live: () => live.values(),
    list: () => [...entries.values()],
    revokedKeys: () => [...revoked],
    enter: (attempt) => durably(() => enterNow(attempt)),
    revoke: (order) => durably(() => revokeNow(order)),
    close: () => journal.close(),
  };
}

/** How an entry looks in `GET /books`. */
export const bookEntry = <S extends z.ZodObject>(facts: S) =>
  facts.extend({ id: z.string(), state: z.string(), idempotencyKey: z.string(), at: z.iso.datetime(), endedAt: z.iso.datetime().nullable() });

/** The body of a request that undoes what was done under a key. */
export const Revocation = z.strictObject({ forwardKey: IdempotencyKey });
export const Revoked = z.strictObject({ undone: z.boolean() });

function lineSchema<F>(facts: z.ZodType<F>): z.ZodType<Line<F>> {
  const noted = { key: z.string(), request: z.string(), at: z.iso.datetime() };
  const code = z.enum(Object.keys(refusals) as [RefusalCode, ...RefusalCode[]]);
  return z.discriminatedUnion('type', [
    z.strictObject({ ...noted, type: z.literal('entered'), id: z.string(), facts }),
    z.strictObject({ ...noted, type: z.literal('refused'), code, detail: z.string() }),
    z.strictObject({ ...noted, type: z.literal('revoked'), forwardKey: z.string(), undone: z.boolean() }),
  ]);
}
