import { parentPort } from 'node:worker_threads';
import type { Pixels } from '../../documents/picture.ts';
import { cleaned } from './clean.ts';
import { greyOf, scaled, turned, type Grey } from './grey.ts';
import { levelling } from './skew.ts';

export interface Prepared {
  readonly image: Grey;
  /** Degrees, clockwise, by which the page was turned about its middle to be level. */
  readonly angle: number;
  /** See clean.ts. */
  readonly legibility: number;
  /** Whether there is anything but paper. */
  readonly blank: boolean;
}

/** Pixels of the longer side: an A4 page at 212 dots per inch, at which Tesseract is at its best with ordinary print. */
const longerSide = 2480;
const largestEnlargement = 3.5;

parentPort?.on('message', ({ id, argument }: { id: number; argument: Pixels }) => parentPort?.postMessage({ id, result: prepare(argument) }));

function prepare(pixels: Pixels): Prepared {
  const grey = greyOf(pixels);
  const factor = Math.min(largestEnlargement, longerSide / Math.max(grey.width, grey.height));
  const { grey: clean, legibility } = cleaned(scaled(grey, factor));
  const angle = levelling(clean);
  const image = angle === 0 ? clean : turned(clean, angle);
  return { image, angle, legibility, blank: isBlank(image) };
}

/** Less ink than a few letters: specks of dust. */
function isBlank({ values }: Grey): boolean {
  let dark = 0;
  for (const value of values) if (value < 128) dark++;
  return dark < 200;
}
