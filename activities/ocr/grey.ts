import type { Pixels } from '../../documents/picture.ts';

/** A picture in shades of grey: one byte a pixel, in rows from the top, 0 black, 255 white. */
export interface Grey {
  readonly width: number;
  readonly height: number;
  readonly values: Uint8Array;
}

/** By the weights of ITU-R BT.601. */
export function greyOf({ width, height, rgba }: Pixels): Grey {
  const values = new Uint8Array(width * height);
  for (let at = 0; at < values.length; at++) values[at] = 0.299 * (rgba[at * 4] ?? 0) + 0.587 * (rgba[at * 4 + 1] ?? 0) + 0.114 * (rgba[at * 4 + 2] ?? 0);
  return { width, height, values };
}

/** Enlarged between pixels, reduced by the mean of what falls together. */
export function scaled(grey: Grey, factor: number): Grey {
  if (Math.abs(factor - 1) < 0.02) return grey;
  const width = Math.max(1, Math.round(grey.width * factor));
  const height = Math.max(1, Math.round(grey.height * factor));
  const rows = stretchedRows({ values: grey.values, width: grey.width, height: grey.height, newWidth: width });
  // The same again with rows and columns exchanged.
  const columns = stretchedRows({ values: exchanged({ values: rows, width, height: grey.height }), width: grey.height, height: width, newWidth: height });
  return { width, height, values: exchanged({ values: columns, width: height, height: width }) };
}

interface Plane {
  readonly values: Uint8Array;
  readonly width: number;
  readonly height: number;
}

/** Each new pixel is made of those that lie under a tent as wide as the coarser of both grids. */
function stretchedRows({ values, width, height, newWidth }: Plane & { readonly newWidth: number }): Uint8Array {
  const step = width / newWidth;
  const reach = Math.max(1, step);
  const result = new Uint8Array(newWidth * height);
  for (let x = 0; x < newWidth; x++) {
    const middle = (x + 0.5) * step - 0.5;
    const first = Math.ceil(middle - reach);
    const raw = Array.from({ length: Math.floor(middle + reach) - first + 1 }, (_, at) => Math.max(0, 1 - Math.abs(first + at - middle) / reach));
    const sum = raw.reduce((total, weight) => total + weight, 0);
    const weights = Float32Array.from(raw, (weight) => weight / sum);
    const places = Int32Array.from(raw, (_, at) => Math.min(width - 1, Math.max(0, first + at)));
    for (let y = 0; y < height; y++) {
      let total = 0.5;
      for (let at = 0; at < weights.length; at++) total += (weights[at] ?? 0) * (values[y * width + (places[at] ?? 0)] ?? 0);
      result[y * newWidth + x] = total;
    }
  }
  return result;
}

function exchanged({ values, width, height }: Plane): Uint8Array {
  const result = new Uint8Array(values.length);
  for (let y = 0; y < height; y++) for (let x = 0; x < width; x++) result[x * height + y] = values[y * width + x] ?? 0;
  return result;
}

/** Blurred by a Gaussian of the given deviation in pixels. */
export function smoothed({ width, height, values }: Grey, deviation: number): Grey {
  const reach = Math.ceil(deviation * 2.3);
  const raw = Array.from({ length: 2 * reach + 1 }, (_, at) => Math.exp(-((at - reach) ** 2) / (2 * deviation ** 2)));
  const sum = raw.reduce((total, weight) => total + weight, 0);
  const weights = Float32Array.from(raw, (weight) => weight / sum);
  const across = alongRows({ values, width, height, weights });
  const down = alongRows({ values: exchanged({ values: across, width, height }), width: height, height: width, weights });
  return { width, height, values: exchanged({ values: down, width: height, height: width }) };
}

function alongRows({ values, width, height, weights }: Plane & { readonly weights: Float32Array }): Uint8Array {
  const reach = weights.length >> 1;
  const result = new Uint8Array(values.length);
  // The ends of a row are continued by their last pixel.
  const row = new Float32Array(width + 2 * reach);
  for (let y = 0; y < height; y++) {
    row.fill(values[y * width] ?? 0, 0, reach);
    row.set(values.subarray(y * width, (y + 1) * width), reach);
    row.fill(values[(y + 1) * width - 1] ?? 0, width + reach);
    for (let x = 0; x < width; x++) {
      let total = 0.5;
      for (let at = 0; at < weights.length; at++) total += (weights[at] ?? 0) * (row[x + at] ?? 0);
      result[y * width + x] = total;
    }
  }
  return result;
}

/** Turned clockwise about the middle by so many degrees; the corners that come in are white. */
export function turned({ width, height, values }: Grey, degrees: number): Grey {
  const cos = Math.cos((degrees * Math.PI) / 180);
  const sin = Math.sin((degrees * Math.PI) / 180);
  const [middleX, middleY] = [(width - 1) / 2, (height - 1) / 2];
  const result = new Uint8Array(width * height).fill(255);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const fromX = middleX + (x - middleX) * cos + (y - middleY) * sin;
      const fromY = middleY - (x - middleX) * sin + (y - middleY) * cos;
      const left = Math.floor(fromX);
      const top = Math.floor(fromY);
      if (left < 0 || top < 0 || left + 1 >= width || top + 1 >= height) continue;
      const [right, low] = [fromX - left, fromY - top];
      const at = top * width + left;
      const upper = (values[at] ?? 0) * (1 - right) + (values[at + 1] ?? 0) * right;
      const lower = (values[at + width] ?? 0) * (1 - right) + (values[at + width + 1] ?? 0) * right;
      result[y * width + x] = upper * (1 - low) + lower * low + 0.5;
    }
  }
  return { width, height, values: result };
}

/** As a portable grey map, the simplest form that Tesseract reads. */
export function toPgm({ width, height, values }: Grey): Buffer {
  return Buffer.concat([Buffer.from(`P5\n${width} ${height}\n255\n`, 'latin1'), values]);
}
