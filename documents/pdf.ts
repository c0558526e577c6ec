import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { getDocument, OPS, VerbosityLevel, type PDFDocumentProxy, type PDFPageProxy } from 'pdfjs-dist/legacy/build/pdf.mjs';
import { wordsOf, type PlacedWord } from './pdf-words.ts';
import type { Pixels } from './picture.ts';

/** Runs in the thread of `pages.ts`: a hostile PDF can keep pdfjs busy for ever. */

export interface PdfText {
  /** PDF points */
  readonly width: number;
  readonly height: number;
  readonly words: readonly (PlacedWord & {
    /** Whether the drawn page has ink where the word is said to be: text may be white on white, covered, or too small to see. */
    readonly visible: boolean;
  })[];
  /** The share of the page, 0 to 1, that its largest picture takes. */
  readonly picture: number;
}

const files = dirname(createRequire(import.meta.url).resolve('pdfjs-dist/package.json'));

/** The largest picture inside a PDF, in pixels: an A3 page at 600 dpi has 70 million. */
const maxPicturePixels = 80_000_000;
/** Enough to see whether there is ink, and quick. */
const inkDpi = 96;
/** Points; smaller text is not read by people. */
const smallestText = 3;

/** The number of pages; each of the first `maxPages` is opened, so that a page tree that lies shows here. */
export async function openPdf({ bytes, maxPages }: { bytes: Uint8Array; maxPages: number }): Promise<{ pages: number }> {
  return withPdf(bytes, async (pdf) => {
    if (pdf.numPages <= maxPages) for (let number = 1; number <= pdf.numPages; number++) await pdf.getPage(number);
    return { pages: pdf.numPages };
  });
}

/** The text layer of a page, from 1. */
export async function readText({ bytes, page: number }: { bytes: Uint8Array; page: number }): Promise<PdfText> {
  return withPdf(bytes, async (pdf) => {
    const page = await pdf.getPage(number);
    const { width, height } = page.getViewport({ scale: 1 });
    const content = await page.getTextContent();
    const words = wordsOf({ content, viewport: page.getViewport({ scale: 1 }) });
    const picture = await largestPicture(page);
    if (words.length === 0) return { width, height, words: [], picture };
    const drawn = await draw({ pdf, page, dpi: inkDpi, maxPixels: 4_000_000 });
    return { width, height, picture, words: words.map((word) => ({ ...word, visible: word.box[3] * height >= smallestText && hasInk(drawn, word.box) })) };
  });
}

export async function drawPage(wish: { bytes: Uint8Array; page: number; dpi: number; maxPixels: number }): Promise<Pixels> {
  return withPdf(wish.bytes, async (pdf) => draw({ ...wish, pdf, page: await pdf.getPage(wish.page) }));
}

async function withPdf<T>(bytes: Uint8Array, use: (pdf: PDFDocumentProxy) => Promise<T>): Promise<T> {
  const loading = getDocument({
    // pdfjs takes the buffer for itself.
    data: bytes.slice(),
    isEvalSupported: false,
    useSystemFonts: false,
    disableFontFace: true,
    standardFontDataUrl: join(files, 'standard_fonts/'),
    cMapUrl: join(files, 'cmaps/'),
    cMapPacked: true,
    wasmUrl: join(files, 'wasm/'),
    maxImageSize: maxPicturePixels,
    verbosity: VerbosityLevel.ERRORS,
  });
  try {
    return await use(await loading.promise);
  } finally {
    await loading.destroy();
  }
}

interface DrawWish {
  readonly pdf: PDFDocumentProxy;
  readonly page: PDFPageProxy;
  readonly dpi: number;
  readonly maxPixels: number;
}

async function draw({ pdf, page, dpi, maxPixels }: DrawWish): Promise<Pixels> {
  const size = page.getViewport({ scale: 1 });
  const scale = Math.min(dpi / 72, Math.sqrt(maxPixels / (size.width * size.height)));
  const viewport = page.getViewport({ scale });
  const width = Math.max(1, Math.floor(viewport.width));
  const height = Math.max(1, Math.floor(viewport.height));
  // pdfjs brings a canvas of its own; contexts of another one do not take its paths.
  const factory = pdf.canvasFactory as CanvasFactory;
  const drawing = factory.create(width, height);
  try {
    await page.render({ canvas: null, canvasContext: drawing.context, viewport, background: '#fff' }).promise;
    const { data } = drawing.context.getImageData(0, 0, width, height);
    return { width, height, rgba: new Uint8Array(data.buffer, data.byteOffset, data.byteLength) };
  } finally {
    factory.destroy(drawing);
  }
}

interface Drawing {
  readonly canvas: object;
  readonly context: { getImageData(left: number, top: number, width: number, height: number): { data: Uint8ClampedArray } };
}

interface CanvasFactory {
  create(width: number, height: number): Drawing;
  destroy(drawing: Drawing): void;
}

type Matrix = readonly [number, number, number, number, number, number];

/** A picture is drawn into the unit square of the current transformation, whose determinant is thus the picture's area. */
async function largestPicture(page: PDFPageProxy): Promise<number> {
  const { fnArray, argsArray } = await page.getOperatorList();
  const { width, height } = page.getViewport({ scale: 1 });
  const pictures = new Set([OPS.paintImageXObject, OPS.paintImageMaskXObject, OPS.paintInlineImageXObject, OPS.paintImageXObjectRepeat]);
  const saved: Matrix[] = [];
  let current: Matrix = [1, 0, 0, 1, 0, 0];
  let largest = 0;
  fnArray.forEach((operation, index) => {
    if (operation === OPS.save || operation === OPS.paintFormXObjectBegin) saved.push(current);
    if (operation === OPS.restore || operation === OPS.paintFormXObjectEnd) current = saved.pop() ?? current;
    const values: unknown = argsArray[index];
    const matrix: unknown = operation === OPS.transform ? values : operation === OPS.paintFormXObjectBegin && Array.isArray(values) ? values[0] : undefined;
    if (isMatrix(matrix)) current = times(current, matrix);
    if (pictures.has(operation)) largest = Math.max(largest, Math.abs(current[0] * current[3] - current[1] * current[2]));
  });
  return Math.min(1, largest / (width * height));
}

const isMatrix = (value: unknown): value is Matrix => (Array.isArray(value) || ArrayBuffer.isView(value)) && (value as unknown as Matrix).length === 6;

function times([a, b, c, d, e, f]: Matrix, [g, h, i, j, k, l]: Matrix): Matrix {
  return [a * g + c * h, b * g + d * h, a * i + c * j, b * i + d * j, a * k + c * l + e, b * k + d * l + f];
}

/** Whether dark and light differ within the box. */
function hasInk({ width, height, rgba }: Pixels, [left, top, boxWidth, boxHeight]: PlacedWord['box']): boolean {
  const fromX = Math.max(0, Math.floor(left * width));
  const toX = Math.min(width, Math.ceil((left + boxWidth) * width));
  const toY = Math.min(height, Math.ceil((top + boxHeight) * height));
  let darkest = 255;
  let lightest = 0;
  for (let y = Math.max(0, Math.floor(top * height)); y < toY; y++) {
    for (let x = fromX; x < toX; x++) {
      const at = (y * width + x) * 4;
      const light = 0.3 * (rgba[at] ?? 0) + 0.59 * (rgba[at + 1] ?? 0) + 0.11 * (rgba[at + 2] ?? 0);
      darkest = Math.min(darkest, light);
      lightest = Math.max(lightest, light);
    }
  }
  return lightest - darkest > 40;
}
