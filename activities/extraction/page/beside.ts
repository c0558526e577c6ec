import type { Found, Read, ReadValue } from './found.ts';
import { byRow, type Label } from './labels.ts';
import { keyOf, type Meaning } from './vocabulary.ts';
import { areApart, gap, type Layout, type Row, type Word } from './layout.ts';

interface Place<V extends string | number> {
  readonly read: ReadValue<V>;
  /** How far from the label, so that 1 is as far as usual. */
  readonly distance: number;
  /** Under a column's head such as `Date` stands what a table lists, not what the invoice is called by. */
  readonly trust: number;
}

interface Search<V extends string | number> {
  readonly layout: Layout;
  readonly labels: readonly Label[];
  readonly meaning: Meaning;
  readonly read: Read<V>;
}

/** The values that labels of a meaning point to: what follows in the row, or stands below in the column. */
export function valuesBeside<V extends string | number>(search: Search<V>): Found<V>[] {
  const labelsIn = byRow(search.labels);
  return search.labels
    .filter((label) => label.meaning === search.meaning)
    .flatMap((label) => {
      const places = [toTheRight(label, { ...search, labelsIn }), below(label, { ...search, labelsIn })].filter((place) => place !== undefined).sort((a, b) => a.distance - b.distance);
      return places.map(({ read: { value, words, doubts = [] }, distance, trust }, index) => {
        const rival = places[1 - index];
        // Where both places hold something, the nearer one is meant if it is much nearer.
        const clear = rival === undefined || rival.read.value === value ? 1 : distance * 2 < rival.distance ? 0.97 : distance > rival.distance ? 0.4 : 0.6;
        return { value, words, label, strength: label.strength * clear * trust * inProse(label), doubts };
      });
    });
}

/** In the middle of a sentence, as in "for your order 100 pieces of", only a label that asks for a number or a date counts fully. */
function inProse(label: Label): number {
  return startsSegment(label) || /(?:nr|no|nummer|number|num|id|#|datum|date)$/.test(keyOf(label.text)) ? 1 : 0.7;
}

function startsSegment({ row, from }: Label): boolean {
  const before = row.words[from - 1];
  const first = row.words[from];
  return before === undefined || first === undefined || areApart({ before, word: first }) || /^[|·•–—-]$/.test(before.text);
}

function endsSegment({ row, to }: Label): boolean {
  const last = row.words[to - 1];
  const after = row.words.slice(to).find(({ text }) => !filler.test(text));
  return last === undefined || after === undefined || areApart({ before: last, word: after });
}

/** Words that may stand between a label and its value. */
const filler = /^(?:[:.|=#*–-]+|nr\.?:?|no\.?:?|is|ist|lautet:?|the|der|die|vom|in|of|to|the)$/i;
const mostFillers = 3;

/** What a recogniser sees in a smudge or in the points after a label. */
const isDirt = ({ text, confidence }: Word) => confidence < 0.5 && /^\D{1,3}$/.test(text);

type Looking<V extends string | number> = Search<V> & { readonly labelsIn: ReturnType<typeof byRow> };

function toTheRight<V extends string | number>(label: Label, { labelsIn, read }: Looking<V>): Place<V> | undefined {
  const { row, to } = label;
  const last = row.words[to - 1];
  if (last === undefined) return undefined;
  const nextLabel = Math.min(row.words.length, ...labelsIn(row).filter((other) => other.from >= to).map(({ from }) => from));
  for (let at = to; at < Math.min(nextLabel, to + mostFillers + 1); at++) {
    const word = row.words[at];
    if (word === undefined) return undefined;
    const found = read(row.words.slice(0, nextLabel), at);
    if (found !== undefined) return { read: found, distance: Math.max(0.2, gap(last, word) / (4 * row.height)), trust: 1 };
    if (!filler.test(word.text) && !isDirt(word)) return undefined;
  }
  return undefined;
}

function below<V extends string | number>(label: Label, { layout, labelsIn, read }: Looking<V>): Place<V> | undefined {
  const first = label.row.words[label.from];
  const last = label.row.words[label.to - 1];
  if (first === undefined || last === undefined || !startsSegment(label) || !endsSegment(label)) return undefined;
  const unit = Math.max(label.row.height, layout.height);
  const start = layout.rows.indexOf(label.row);
  for (const row of layout.rows.slice(start + 1)) {
    const down = row.middle - label.row.middle;
    if (row.page !== label.row.page || down > 3 * unit) return undefined;
    const at = columnStart(row, { left: first.left, right: last.right, unit });
    if (at === undefined) continue;
    if (labelsIn(row).some((other) => other.from <= at && at < other.to)) return undefined;
    const found = read(row.words, at);
    return found && { read: found, distance: Math.max(0.2, down / (2 * unit)), trust: label.strength < 1 ? 0.7 : 1 };
  }
  return undefined;
}

/** Where in a row the text begins that stands in a label's column: at the same left edge, ending at the same right edge, or under its middle. */
function columnStart({ words, height }: Row, { left, right, unit }: { left: number; right: number; unit: number }): number | undefined {
  let start = 0;
  for (const [at, word] of words.entries()) {
    const before = words[at - 1];
    if (before !== undefined && areApart({ before, word, height })) start = at;
    const after = words[at + 1];
    const ends = after === undefined || areApart({ before: word, word: after, height });
    if (Math.abs(word.left - left) < unit) return at;
    const begin: Word | undefined = words[start];
    if (!ends || begin === undefined) continue;
    const middle = (begin.left + word.right) / 2;
    if (Math.abs(word.right - right) < unit || (middle > left && middle < right)) return start;
  }
  return undefined;
}
