import type { Reading } from '../../contracts/activities/ocr.ts';
import { unavailable } from '../../contracts/failures.ts';
import type { Pixels } from '../../documents/picture.ts';
import type { Call } from '../implement.ts';
import { prepare } from './prepare.ts';
import { recognise, recogniserOverran, type RecognisedWord } from './recogniser.ts';
import { secondLook, type SecondReading } from './second-look.ts';

type Page = Reading['pages'][number];
type Word = Page['words'][number];

/** Milliseconds. A page takes one or two seconds; what takes this long is noise, or the machine is very busy. */
const firstLookWithin = 40_000;
const secondLookWithin = 20_000;
const prepareWithin = 45_000;
/** From this attempt on it is not the machine. */
const attemptsForLuck = 3;
/** Below it there is ink, but nobody could read it. */
const leastLegibility = 5;

/** Stands for a page that has something on it that could not be read, so that nobody takes it for a blank one. */
export const unreadablePage: readonly Word[] = [{ text: '\uFFFD', box: [0, 0, 1, 1], confidence: 0 }];

/** A page as it is recognised from its picture. Boxes are those of the page as it came, before it was levelled. */
export async function recognisePage(pixels: Pixels, call: Pick<Call, 'signal' | 'log' | 'attempt'>): Promise<Page> {
  const { signal, log } = call;
  const aspect = pixels.width / pixels.height;
  const { image, angle, legibility, blank } = await prepare(pixels, { within: prepareWithin, signal });
  if (blank) return { aspect, words: [] };
  if (legibility < leastLegibility) {
    log.warn('a page is too faint or too noisy to be read', { legibility });
    return { aspect, words: [...unreadablePage] };
  }
  const seen = await unlessOverrun(() => recognise({ language: 'deu', image, layout: 'page', within: firstLookWithin, signal }), call);
  const words = seen?.filter(isWord) ?? [];
  if (words.length === 0) return { aspect, words: [...unreadablePage] };
  const second = (await unlessOverrun(() => secondLook({ image, words, within: secondLookWithin, signal }), call)) ?? words.map(unconfirmed);
  const back = turnBack({ ...image, angle });
  return { aspect, words: words.map((word, index) => ({ ...settled(word, second[index]), box: back(word) })) };
}

/** `undefined` for a page that holds too much noise to be looked at in time, when it is not the machine that is slow. */
async function unlessOverrun<R>(look: () => Promise<R>, { log, attempt }: Pick<Call, 'log' | 'attempt'>): Promise<R | undefined> {
  try {
    return await look();
  } catch (error) {
    if (!(error instanceof Error) || error.name !== recogniserOverran) throw error;
    if (attempt < attemptsForLuck) throw unavailable(`${error.message}: the machine may be too busy; it is tried again`, { cause: error });
    log.warn(`a page holds too much noise: ${error.message}`);
    return undefined;
  }
}

/** What no second look has confirmed is doubtful. */
const unconfirmed = (): SecondReading => ({ text: '', confidence: 0, same: false });

/** Logos, lines and dirt are taken for signs, but with little confidence. */
const isWord = ({ text, confidence }: RecognisedWord) => text.trim() !== '' && (/[\p{L}\p{N}€$£]/u.test(text) || confidence > 0.6);

/**
 * Measured over 30 spoilt scans (1,000 words with digits, 50 of them wrong): both looks made the same mistake in a digit never, in punctuation or by
 * splitting a number 20 times. What only one look has read is doubtful, whatever its own confidence says.
 */
function settled(first: RecognisedWord, second: SecondReading | undefined): Pick<Word, 'text' | 'confidence'> {
  if (second === undefined) return { text: first.text, confidence: rounded(first.confidence) };
  if (second.same) return { text: first.text, confidence: rounded(1 - (1 - first.confidence) * 0.3) };
  const better = second.text !== '' && second.confidence > first.confidence ? second : first;
  return { text: better.text, confidence: rounded(better.confidence * 0.7) };
}

const rounded = (value: number) => Math.round(Math.max(0, Math.min(1, value)) * 1000) / 1000;

/** Fractions of the page that was turned by `angle` degrees clockwise about its middle, from pixels of the turned one. */
function turnBack({ width, height, angle }: { width: number; height: number; angle: number }): (word: RecognisedWord) => Word['box'] {
  const cos = Math.cos((-angle * Math.PI) / 180);
  const sin = Math.sin((-angle * Math.PI) / 180);
  const round = (value: number) => Math.round(Math.max(0, Math.min(1, value)) * 1e5) / 1e5;
  return ({ left, top, right, bottom }) => {
    const x = (left + right) / 2 - width / 2;
    const y = (top + bottom) / 2 - height / 2;
    const middle = [x * cos - y * sin + width / 2, x * sin + y * cos + height / 2] as const;
    return [
      round((middle[0] - (right - left) / 2) / width),
      round((middle[1] - (bottom - top) / 2) / height),
      round((right - left) / width),
      round((bottom - top) / height),
    ];
  };
}
