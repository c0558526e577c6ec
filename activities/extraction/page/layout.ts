import type { Reading } from '../../../contracts/activities/ocr.ts';

/** A word where it stands. Lengths are in heights of its page, so that across and down have one unit. */
export interface Word {
  readonly text: string;
  /** from 1 */
  readonly page: number;
  /** as in the reading */
  readonly box: readonly [number, number, number, number];
  /** 0 to 1 */
  readonly confidence: number;
  readonly left: number;
  readonly right: number;
  /** The middle's distance from the top, with the tilt of the page taken out. */
  readonly middle: number;
  readonly height: number;
}

/** Words side by side, from the left. */
export interface Row {
  readonly page: number;
  readonly words: readonly Word[];
  readonly middle: number;
  /** of its usual words */
  readonly height: number;
}

export interface Layout {
  readonly source: Reading['source'];
  /** From the top of the first page to the bottom of the last. */
  readonly rows: readonly Row[];
  /** Of a usual word. */
  readonly height: number;
  /** Whether words were left out, since there were too many. */
  readonly cut: boolean;
}

/** Some fifty pages; what is longer would hold the process up. */
const mostWords = 20_000;
/** No line that a person reads has as many. */
const mostInRow = 200;

/** Puts the words of a reading into rows, on a page that was scanned aslant too. */
export function layOut(reading: Reading): Layout {
  let left = mostWords;
  const pages = reading.pages.map(({ aspect, words }, index) => {
    const kept = words.slice(0, Math.max(0, left));
    left -= words.length;
    return level(kept.flatMap((word) => placed({ word, aspect, page: index + 1 })));
  });
  const rows = pages.flatMap(rowsOf);
  const words = pages.reduce((sum, page) => sum + page.length, 0);
  return {
    source: reading.source,
    rows,
    height: median(pages.flat().map(({ height }) => height)),
    cut: left < 0 || rows.reduce((sum, row) => sum + row.words.length, 0) < words,
  };
}

type ReadWord = Reading['pages'][number]['words'][number];

/** `IBAN:DE83` and `Nr.:4711` are two words that lack their blank; a time and an address are one. */
const glued = /^(\p{L}[\p{L}.-]*:)([^/\s].*)$/u;
/** Soft hyphens, and characters without width. */
const unseen = /[\u00ad\u200b-\u200f\u2060\ufeff]/g;

function placed({ word, aspect, page }: { word: ReadWord; aspect: number; page: number }): Word[] {
  const [x, y, width, height] = word.box;
  const text = word.text.normalize('NFKC').replace(unseen, '').trim();
  if (text === '') return [];
  const make = (part: string, from: number, to: number): Word => {
    const box = [x + width * from, y, width * (to - from), height] as const;
    return { text: part, page, box, confidence: word.confidence, left: box[0] * aspect, right: (box[0] + box[2]) * aspect, middle: y + height / 2, height };
  };
  const [, label, value] = glued.exec(text) ?? [];
  if (label === undefined || value === undefined) return [make(text, 0, 1)];
  const cut = label.length / text.length;
  return [make(label, 0, cut), make(value, cut, 1)];
}

/** More words tell no more about the tilt. */
const sampled = 1_000;

/** Takes the tilt out: the slope that pairs of neighbours agree on. */
function level(words: readonly Word[]): Word[] {
  const step = Math.ceil(words.length / sampled);
  const slopes = words.filter((_, index) => index % step === 0).flatMap((word) =>
    words
      .filter((other) => other.left > word.right && other.left - word.right < 1.2 * word.height && Math.abs(other.middle - word.middle) < 0.6 * word.height)
      .map((other) => {
        const across = (other.left + other.right - word.left - word.right) / 2;
        return { slope: (other.middle - word.middle) / across, weight: across };
      }),
  );
  if (slopes.length < 8) return [...words];
  const slope = weightedMedian(slopes);
  return Math.abs(slope) < 0.002 ? [...words] : words.map((word) => ({ ...word, middle: word.middle - (slope * (word.left + word.right)) / 2 }));
}

function weightedMedian(values: readonly { readonly slope: number; readonly weight: number }[]): number {
  const sorted = [...values].sort((a, b) => a.slope - b.slope);
  const half = sorted.reduce((sum, { weight }) => sum + weight, 0) / 2;
  let seen = 0;
  return sorted.find(({ weight }) => (seen += weight) >= half)?.slope ?? 0;
}

function rowsOf(words: readonly Word[]): Row[] {
  const usual = median(words.map(({ height }) => height));
  // A watermark is no part of the lines it runs across.
  const huge = ({ height }: { height: number }) => height > 4 * usual;
  const rows: { words: Word[]; middle: number; height: number }[] = [];
  for (const word of [...words].sort((a, b) => a.middle - b.middle)) {
    // Dashes are low and letters that touch a line are high, yet both stand where their row does.
    const reach = (other: { height: number }) => 0.5 * Math.max(0.9 * usual, Math.min(other.height, word.height));
    const row = rows.findLast((other) => huge(other) === huge(word) && Math.abs(other.middle - word.middle) < reach(other));
    if (row === undefined) {
      rows.push({ words: [word], middle: word.middle, height: word.height });
      continue;
    }
    if (row.words.length === mostInRow) continue;
    row.words.push(word);
    row.middle += (word.middle - row.middle) / row.words.length;
    row.height = median(row.words.map(({ height }) => height));
  }
  return rows
    .sort((a, b) => a.middle - b.middle)
    .map(({ words: members, middle, height }) => ({ page: members[0]?.page ?? 1, words: members.sort((a, b) => a.left - b.left), middle, height }));
}

/** The parts of a row that stand apart from each other, as columns do. */
export function segmentsOf({ words, height }: Pick<Row, 'words' | 'height'>): Word[][] {
  const segments: Word[][] = [];
  words.forEach((word, index) => {
    const before = words[index - 1];
    if (before === undefined || areApart({ before, word, height })) segments.push([]);
    segments.at(-1)?.push(word);
  });
  return segments;
}

/** Whether more than a blank is between two words; typewriters' blanks are wide, and recognised words have no height to spare. */
export function areApart({ before, word, height = 0 }: { before: Word; word: Word; /** of their row */ height?: number }): boolean {
  return gap(before, word) > 1.4 * Math.max(height, Math.min(before.height, word.height));
}

export const gap = (first: Word, second: Word): number => second.left - first.right;

export const textOf = (words: readonly Word[]): string => words.map(({ text }) => text).join(' ');

/** The box around words of one page, as fractions of the page. */
export function boxAround(words: readonly Word[]): [number, number, number, number] {
  const left = Math.min(...words.map(({ box }) => box[0]));
  const top = Math.min(...words.map(({ box }) => box[1]));
  const right = Math.max(...words.map(({ box }) => box[0] + box[2]));
  const bottom = Math.max(...words.map(({ box }) => box[1] + box[3]));
  const round = (value: number) => Math.round(value * 1e5) / 1e5;
  return [round(left), round(top), round(right - left), round(bottom - top)];
}

export function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1] ?? 0;
}
