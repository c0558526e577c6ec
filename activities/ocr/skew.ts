import { scaled, type Grey } from './grey.ts';

/** Degrees to either side; a sheet that lies worse was not meant to be read. */
const largest = 8;
/** Pixels; enough to tell lines of text from gaps. */
const width = 600;

/**
 * By how many degrees, clockwise, a page must be turned so that its lines are level. Rows of ink are summed up along lines of every slope: at the
 * right one, lines and gaps differ most.
 */
export function levelling(grey: Grey): number {
  const small = scaled(grey, Math.min(1, width / grey.width));
  const ink: [number, number][] = [];
  for (let y = 0; y < small.height; y++) {
    for (let x = 0; x < small.width; x++) if ((small.values[y * small.width + x] ?? 255) < 150) ink.push([x, y]);
  }
  if (ink.length < 100) return 0;
  // A band of colour or a black edge would outweigh the text.
  const sharpness = (degrees: number) => {
    const slope = Math.tan((degrees * Math.PI) / 180);
    const rows = new Float32Array(small.height * 2);
    const offset = small.height / 2;
    for (const [x, y] of ink) {
      const row = Math.round(y + x * slope + offset);
      if (row >= 0 && row < rows.length) rows[row] = (rows[row] ?? 0) + 1;
    }
    let sum = 0;
    for (let row = 1; row < rows.length; row++) sum += ((rows[row] ?? 0) - (rows[row - 1] ?? 0)) ** 2;
    return sum;
  };
  let best = bestOf({ from: -largest, to: largest, step: 0.5, sharpness });
  best = bestOf({ from: best - 0.5, to: best + 0.5, step: 0.1, sharpness });
  return Math.abs(best) < 0.15 ? 0 : best;
}

function bestOf({ from, to, step, sharpness }: { from: number; to: number; step: number; sharpness: (degrees: number) => number }): number {
  let best = 0;
  let highest = -1;
  for (let degrees = from; degrees <= to + 1e-9; degrees += step) {
    const value = sharpness(degrees);
    if (value > highest) [best, highest] = [degrees, value];
  }
  return best;
}
