import { smoothed, type Grey } from './grey.ts';

export interface Cleaned {
  readonly grey: Grey;
  /** How far ink stands out from paper, in deviations of the noise that is left. Print has more than 20, and below 6 nobody reads anything. */
  readonly legibility: number;
}

/** Where paper is put before the contrast is stretched, so that there is room for noise on either side of it. */
const paper = 200;
/** The largest deviation of noise, in shades, that needs no smoothing. */
const quiet = 2.5;

/**
 * Ink on white paper: shadows and grey paper are divided out, noise is smoothed as far as there is any, and the contrast is stretched. Tesseract
 * takes a minute for a page of noise and reads nonsense in it, and a second for the same page cleaned.
 */
export function cleaned(grey: Grey): Cleaned {
  let level = onEvenPaper(grey);
  let noise = noiseOf(level);
  if (noise > quiet) {
    level = smoothed(level, Math.min(1.8, 0.6 + noise / 25));
    noise = noiseOf(level);
  }
  const ink = Math.min(150, percentile({ counts: histogram(level.values), share: 0.008 }));
  const white = paper - Math.max(14, 3.2 * noise);
  const stretch = Uint8Array.from({ length: 256 }, (_, value) => Math.max(0, Math.min(255, ((value - ink) * 255) / Math.max(30, white - ink))));
  return { grey: { ...level, values: level.values.map((value) => stretch[value] ?? 255) }, legibility: (paper - ink) / Math.max(0.5, noise) };
}

/** The deviation of what is brighter than most: paper takes most of a page, and ink is never brighter. */
function noiseOf({ values }: Grey): number {
  const counts = histogram(values);
  // In a normal distribution nine tenths lie below 1.28 deviations.
  return (percentile({ counts, share: 0.9 }) - percentile({ counts, share: 0.5 })) / 1.28;
}

function histogram(values: Uint8Array): Uint32Array {
  const counts = new Uint32Array(256);
  for (const value of values) counts[value] = (counts[value] ?? 0) + 1;
  return counts;
}

function percentile({ counts, share }: { counts: Uint32Array; share: number }): number {
  const total = counts.reduce((sum, count) => sum + count, 0);
  let seen = 0;
  return counts.findIndex((count) => (seen += count) > total * share);
}

/** Pixels: larger than letters, smaller than a shadow. */
const tile = 48;

/** Divides by the paper's own brightness, taken from the bright part of every tile, so that paper is the same everywhere. */
function onEvenPaper({ width, height, values }: Grey): Grey {
  const columns = Math.ceil(width / tile);
  const rows = Math.ceil(height / tile);
  const bright = new Float32Array(columns * rows);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const counts = new Uint32Array(256);
      for (let y = row * tile; y < Math.min(height, (row + 1) * tile); y++) {
        for (const value of values.subarray(y * width + column * tile, y * width + Math.min(width, (column + 1) * tile))) counts[value] = (counts[value] ?? 0) + 1;
      }
      // Noise would make the maximum too bright, letters the mean too dark.
      bright[row * columns + column] = percentile({ counts, share: 0.6 });
    }
  }
  const usual = [...bright].sort((a, b) => a - b)[bright.length >> 1] ?? 255;
  // A dark band with white letters on it is no shadow: it stays dark.
  const local = bright.map((value) => Math.max(1, value < usual * 0.55 ? usual : value));

  const result = new Uint8Array(values.length);
  const line = new Float32Array(columns);
  for (let y = 0; y < height; y++) {
    const [top, low] = between(y, rows);
    for (let column = 0; column < columns; column++) {
      const upper = local[top * columns + column] ?? usual;
      const lower = local[Math.min(rows - 1, top + 1) * columns + column] ?? usual;
      line[column] = upper + (lower - upper) * low;
    }
    for (let x = 0; x < width; x++) {
      const [left, right] = between(x, columns);
      const from = line[left] ?? usual;
      const here = from + ((line[Math.min(columns - 1, left + 1)] ?? usual) - from) * right;
      result[y * width + x] = Math.min(255, ((values[y * width + x] ?? 0) * paper) / here);
    }
  }
  return { width, height, values: result };
}

/** The tile whose middle comes before a position, and how far on to the next one's it is. */
function between(position: number, tiles: number): readonly [number, number] {
  const place = Math.min(tiles - 1, Math.max(0, position / tile - 0.5));
  return [Math.floor(place), place - Math.floor(place)];
}
