import { referenceOf } from '../activities/legacy-erp/entry.ts';
import { messageIdOf } from '../activities/mail/send-mail.ts';
import type { Sandbox } from '../sandbox/start.ts';

/** A line in the books of a system of the sandbox. */
export interface Effect {
  readonly system: string;
  /** What the system was told to know it by: the idempotency key, or what was made of it. */
  readonly mark: string;
  readonly stands: boolean;
}

type Line = Readonly<Record<string, unknown>>;

/** Under which fields a system keeps the mark. A line with none of them is no effect (a budget, a posting block). */
const marks = ['idempotencyKey', 'reference', 'messageId'] as const;
/** The words of the books for what was undone. */
const undone = ['released', 'cancelled', 'disabled', 'removed', 'voided'];

/** All effects in the books of all systems, whatever their books are called. */
export async function readEffects({ systems }: Pick<Sandbox, 'systems'>): Promise<readonly Effect[]> {
  const books = await Promise.all(
    Object.entries(systems).map(async ([system, { url }]) => {
      const answer = await fetch(`${url}/books`);
      // Vendors and purchasing are asked only: they keep no books.
      if (answer.status === 404) return [];
      const content = (await answer.json()) as Record<string, unknown>;
      const lines = Object.values(content).flatMap((book) => (Array.isArray(book) ? (book as unknown[]).filter(isLine) : []));
      return lines.flatMap((line): Effect[] => {
        const mark = marks.map((field) => (field in line ? line[field] : undefined)).find((value) => typeof value === 'string');
        // A payment's reference is what the payee reads; its mark comes first.
        return typeof mark === 'string' ? [{ system, mark, stands: !undone.includes(String(line.state)) }] : [];
      });
    }),
  );
  return books.flat();
}

/** The marks that an idempotency key may have left. */
export const marksOf = ({ key, from }: { key: string; from: string }): readonly string[] => [key, referenceOf(key), messageIdOf({ key, from })];

const isLine = (value: unknown): value is Line => typeof value === 'object' && value !== null;
