import { createCanvas } from '@napi-rs/canvas';
import PDFDocument from 'pdfkit';
import { askPages } from '../documents/pages.ts';

/** How a sheet fared in the copier. */
export interface Scan {
  /** Dots per inch of the result. */
  readonly dpi: number;
  /** Degrees, clockwise. */
  readonly skew?: number;
  /** Radius in pixels over which ink runs. */
  readonly blur?: number;
  /** Standard deviation of brightness, of 255. */
  readonly noise?: number;
  /** Specks of dirt per million pixels. */
  readonly specks?: number;
  /** Brightness of ink and of paper, 0 to 255: the closer, the paler. */
  readonly ink?: number;
  readonly paper?: number;
  /** A shadow that darkens the left edge by this much, of 255. */
  readonly shadow?: number;
  /** What makes this scan's noise its own. */
  readonly seed: number;
}

export interface Raster {
  readonly width: number;
  readonly height: number;
  /** One byte each: 0 black, 255 white. */
  readonly grey: Uint8Array;
}

/** The first page of a PDF as a scanner would give it. The same wish gives the same pixels. */
export async function scan(pdf: Uint8Array, wish: Scan): Promise<Raster> {
  const { dpi, skew = 0, blur = 0, ink = 20, paper = 255, noise = 0, specks = 0, shadow = 0, seed } = wish;
  const drawn = await askPages({ name: 'drawPage', argument: { bytes: pdf, page: 1, dpi: dpi * 2, maxPixels: 40_000_000 }, within: 60_000 });
  const width = Math.round(drawn.width / 2);
  const height = Math.round(drawn.height / 2);

  const sheet = createCanvas(drawn.width, drawn.height);
  const sheetContext = sheet.getContext('2d');
  const image = sheetContext.createImageData(drawn.width, drawn.height);
  image.data.set(drawn.rgba);
  sheetContext.putImageData(image, 0, 0);

  const glass = createCanvas(width, height);
  const context = glass.getContext('2d');
  context.fillStyle = '#fff';
  context.fillRect(0, 0, width, height);
  context.translate(width / 2, height / 2);
  context.rotate((skew * Math.PI) / 180);
  context.imageSmoothingQuality = 'high';
  context.drawImage(sheet, -width / 2, -height / 2, width, height);

  const rgba = context.getImageData(0, 0, width, height).data;
  let grey: Float32Array = new Float32Array(width * height);
  for (let at = 0; at < grey.length; at++) grey[at] = 0.3 * (rgba[at * 4] ?? 0) + 0.59 * (rgba[at * 4 + 1] ?? 0) + 0.11 * (rgba[at * 4 + 2] ?? 0);
  if (blur > 0) grey = blurred({ grey, width, height, radius: blur });

  const random = randomFrom(seed);
  const result = new Uint8Array(grey.length);
  for (let at = 0; at < grey.length; at++) {
    const dark = shadow * Math.max(0, 1 - (at % width) / (width * 0.12));
    const value = ink + ((grey[at] ?? 255) / 255) * (paper - ink) - dark + (noise > 0 ? noise * bell(random) : 0);
    result[at] = Math.max(0, Math.min(255, Math.round(value)));
  }
  for (let speck = 0; speck < (specks * grey.length) / 1e6; speck++) {
    const at = Math.floor(random() * grey.length);
    const size = random() < 0.3 ? 2 : 1;
    for (let y = 0; y < size; y++) for (let x = 0; x < size; x++) if (at + y * width + x < result.length) result[at + y * width + x] = ink + 30;
  }
  return { width, height, grey: result };
}

export function toPng(raster: Raster): Buffer {
  return canvasOf(raster).toBuffer('image/png');
}

/** `quality` from 0 to 100. */
export function toJpeg(raster: Raster, quality: number): Buffer {
  return canvasOf(raster).toBuffer('image/jpeg', quality);
}

/** A PDF that holds nothing but the picture of the page, as copiers send it. */
export async function toPicturePdf(raster: Raster, { title, date, quality }: { title: string; date: string; quality: number }): Promise<Buffer> {
  const made = new Date(`${date}T09:00:00Z`);
  const doc = new PDFDocument({ size: 'A4', margin: 0, info: { Title: title, Producer: 'Throughline samples', Creator: 'Throughline samples', CreationDate: made, ModDate: made } });
  const chunks: Buffer[] = [];
  doc.on('data', (chunk: Buffer) => chunks.push(chunk));
  const ended = new Promise<void>((resolve, reject) => doc.once('end', resolve).once('error', reject));
  doc.image(toJpeg(raster, quality), 0, 0, { width: doc.page.width, height: doc.page.height });
  doc.end();
  await ended;
  return Buffer.concat(chunks);
}

function canvasOf({ width, height, grey }: Raster) {
  const canvas = createCanvas(width, height);
  const context = canvas.getContext('2d');
  const image = context.createImageData(width, height);
  grey.forEach((value, at) => image.data.set([value, value, value, 255], at * 4));
  context.putImageData(image, 0, 0);
  return canvas;
}

interface Plane {
  readonly grey: Float32Array;
  readonly width: number;
  readonly height: number;
  readonly radius: number;
}

/** Two passes of a moving mean, once along the rows and once down the columns, with a fraction of a pixel at both ends. */
function blurred({ grey, width, height, radius }: Plane): Float32Array {
  const reach = Math.ceil(radius);
  const edge = radius - Math.floor(radius) || 1;
  const pass = (from: Float32Array, step: number, length: number, place: (at: number) => number) => {
    const to = new Float32Array(from.length);
    for (let at = 0; at < from.length; at++) {
      let sum = 0;
      let weights = 0;
      for (let offset = -reach; offset <= reach; offset++) {
        const position = place(at) + offset;
        if (position < 0 || position >= length) continue;
        const weight = Math.abs(offset) === reach ? edge : 1;
        sum += weight * (from[at + offset * step] ?? 0);
        weights += weight;
      }
      to[at] = sum / weights;
    }
    return to;
  };
  const across = pass(grey, 1, width, (at) => at % width);
  return pass(across, width, height, (at) => Math.floor(at / width));
}

/** Numbers from 0 to 1 that are the same for the same seed: a linear congruential generator, with Knuth's constants for MMIX cut to 32 bits. */
export function randomFrom(seed: number): () => number {
  let state = BigInt(seed) * 2_654_435_761n + 1n;
  return () => {
    state = BigInt.asUintN(64, state * 6_364_136_223_846_793_005n + 1_442_695_040_888_963_407n);
    return Number(state >> 33n) / 2 ** 31;
  };
}

/** Roughly normal with deviation 1: a sum of four uniform numbers. */
function bell(random: () => number): number {
  return (random() + random() + random() + random() - 2) * Math.sqrt(3);
}
