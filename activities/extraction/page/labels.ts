import { areApart, textOf, type Layout, type Row } from './layout.ts';
import { keyOf, terms, type Term } from './vocabulary.ts';

/** A label on the page. */
export interface Label extends Term {
  /** As it stands on the page. */
  readonly text: string;
  readonly row: Row;
  /** The place of its first word in the row, and of the one after its last. */
  readonly from: number;
  readonly to: number;
}

export function labelsOf(layout: Layout): Label[] {
  const nearby = new Map<string, Term | undefined>();
  const forgiving = (key: string) => {
    if (!nearby.has(key)) nearby.set(key, nearly(key));
    return nearby.get(key);
  };
  const termOf: FindTerm = (key) => terms.get(key) ?? (layout.source === 'ocr' ? forgiving(key) : undefined);
  return layout.rows.flatMap((row) => labelsInRow(row, termOf));
}

/** Finds the labels of a row, in their order, without going through those of all the others. */
export function byRow(labels: readonly Label[]): (row: Row) => readonly Label[] {
  const rows = new Map<Row, Label[]>();
  for (const label of labels) {
    const known = rows.get(label.row);
    if (known === undefined) rows.set(label.row, [label]);
    else known.push(label);
  }
  return (row) => rows.get(row) ?? [];
}

type FindTerm = (key: string) => Term | undefined;

function labelsInRow(row: Row, termOf: FindTerm): Label[] {
  const labels: Label[] = [];
  for (let from = 0; from < row.words.length; ) {
    const found = longestAt(row, { from, termOf });
    if (found !== undefined) labels.push(found);
    from = found?.to ?? from + 1;
  }
  return labels;
}

const mostWords = 5;

function longestAt(row: Row, { from, termOf }: { from: number; termOf: FindTerm }): Label | undefined {
  // A bullet or a `%` begins no label.
  if (keyOf(row.words[from]?.text ?? '') === '') return undefined;
  let key = '';
  let found: Label | undefined;
  for (let at = from; at < Math.min(row.words.length, from + mostWords); at++) {
    const word = row.words[at];
    const before = row.words[at - 1];
    if (word === undefined || (at > from && before !== undefined && areApart({ before, word, height: row.height }))) break;
    key += keyOf(word.text);
    const term = termOf(key);
    if (term !== undefined) found = { ...term, text: textOf(row.words.slice(from, at + 1)).replace(/[.:\s]+$/, ''), row, from, to: at + 1 };
    // `Datum: 12. Oktober` ends its label at the colon.
    if (word.text.endsWith(':')) break;
  }
  return found;
}

const shortest = 7;
const longTerms = [...terms].filter(([key]) => key.length >= shortest);

/** A recogniser spoils a letter of a long word now and then; digits are never part of a label. */
function nearly(key: string): Term | undefined {
  if (key.length < shortest || /\d{2}/.test(key)) return undefined;
  const near = longTerms.filter(([other]) => isWithin({ first: key, second: other, most: other.length >= 12 ? 2 : 1 })).map(([, term]) => term);
  // "Customer no." and "Customer PO" are one letter apart.
  return near.every(({ meaning }) => meaning === near[0]?.meaning) ? near[0] : undefined;
}

/** Whether that many letters put in, left out or changed lead from one text to the other (Levenshtein). */
export function isWithin({ first, second, most }: { first: string; second: string; most: number }): boolean {
  if (Math.abs(first.length - second.length) > most) return false;
  let row = Array.from({ length: second.length + 1 }, (_, index) => index);
  for (let at = 1; at <= first.length; at++) {
    const next = [at];
    for (let other = 1; other <= second.length; other++) {
      const changed = (row[other - 1] ?? 0) + (first[at - 1] === second[other - 1] ? 0 : 1);
      next.push(Math.min(changed, (row[other] ?? 0) + 1, (next[other - 1] ?? 0) + 1));
    }
    if (Math.min(...next) > most) return false;
    row = next;
  }
  return (row[second.length] ?? 0) <= most;
}
