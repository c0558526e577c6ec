import { scaled, type Grey } from './grey.ts';
import { recognise, type RecognisedWord } from './recogniser.ts';

/** Pixels; another size than at the first look, so that the letters fall on the grid in another way. */
const letterHeight = 40;
const gap = 14;
const margin = 40;
/** A page with more is a list; whoever needs them all asks a person. */
const most = 160;

/** What a second look reads where a word is. */
export interface SecondReading {
  readonly text: string;
  readonly confidence: number;
  /** Whether it is the same, but for punctuation at its end. */
  readonly same: boolean;
}

/**
 * What a recogniser of another language reads, word by word, in pictures of the single words below one another. Only words with digits are looked
 * at again, since a mistake in a letter rarely costs money. `undefined` for words that were not looked at.
 */
export async function secondLook({ image, words, within, signal }: SecondLook): Promise<(SecondReading | undefined)[]> {
  const chosen = words.map((word, index) => ({ word, index })).filter(({ word }) => worthIt(word)).slice(0, most);
  if (chosen.length === 0) return words.map(() => undefined);
  const cuttings = chosen.map(({ word }) => cut(image, word));
  const tops: number[] = [];
  let height = margin;
  for (const cutting of cuttings) {
    tops.push(height);
    height += cutting.height + gap;
  }
  height += margin;
  const width = Math.max(...cuttings.map((cutting) => cutting.width)) + 2 * margin;
  const values = new Uint8Array(width * height).fill(255);
  cuttings.forEach((cutting, index) => {
    for (let row = 0; row < cutting.height; row++) {
      values.set(cutting.values.subarray(row * cutting.width, (row + 1) * cutting.width), ((tops[index] ?? 0) + row) * width + margin);
    }
  });

  const read = await recognise({ language: 'eng', image: { width, height, values }, layout: 'column', within, ...(signal && { signal }) });
  const readings = new Map(
    chosen.map(({ word, index }, at) => {
      const top = tops[at] ?? 0;
      const bottom = top + (cuttings[at]?.height ?? 0);
      const here = read.filter((seen) => (seen.top + seen.bottom) / 2 >= top && (seen.top + seen.bottom) / 2 < bottom).sort((a, b) => a.left - b.left);
      const text = here.map((seen) => seen.text).join('');
      return [index, { text, confidence: Math.min(1, ...here.map((seen) => seen.confidence)), same: bare(text) === bare(word.text) }] as const;
    }),
  );
  return words.map((_, index) => readings.get(index));
}

/** A single digit in a word that is hardly one is a speck of dirt. */
const worthIt = ({ text, confidence }: RecognisedWord) => /\d/.test(text) && (confidence > 0.3 || /\d.*\d.*\d/.test(text));

interface SecondLook {
  readonly image: Grey;
  readonly words: readonly RecognisedWord[];
  /** milliseconds */
  readonly within: number;
  readonly signal?: AbortSignal;
}

/** Punctuation at the end is often cut off with the word. */
const bare = (text: string) => text.replace(/[.,:;]+$/, '').replaceAll('’', "'");

function cut({ width, height, values }: Grey, { left, top, right, bottom }: RecognisedWord): Grey {
  const border = Math.round((bottom - top) * 0.3) + 2;
  const from = { x: Math.max(0, left - border), y: Math.max(0, top - border) };
  const to = { x: Math.min(width, right + border), y: Math.min(height, bottom + border) };
  const part = new Uint8Array((to.x - from.x) * (to.y - from.y));
  for (let y = from.y; y < to.y; y++) part.set(values.subarray(y * width + from.x, y * width + to.x), (y - from.y) * (to.x - from.x));
  return scaled({ width: to.x - from.x, height: to.y - from.y, values: part }, letterHeight / Math.max(6, bottom - top));
}
