import { invalidInput } from '../contracts/failures.ts';
import { jpegSize, pngSize, type PictureSize } from './picture-header.ts';
import { threadEnded } from './off-thread.ts';
import { askPages } from './pages.ts';
import { checkPdfFile } from './pdf-file.ts';

export interface Inspection {
  readonly mediaType: 'application/pdf' | 'image/png' | 'image/jpeg';
  readonly pages: number;
}

export interface InspectionLimits {
  /** default 20 MB (20,000,000) */
  readonly maxBytes?: number;
  /** default 50 */
  readonly maxPages?: number;
  readonly signal?: AbortSignal;
}

/** Milliseconds to open a file. An ordinary one takes tens; one that takes longer than this, on a busy machine too, was made to. */
const openWithin = 20_000;
const smallestSide = 50;
const largestSide = 20_000;
/** An A3 sheet at 400 dpi has 31 million. Decoded, each pixel takes four bytes, however small the file is. */
const largestPicture = 50_000_000;

/**
 * What a document is, judged by its content, never by its name. Nothing that is in it runs.
 *
 * @throws InvalidInput that says what is wrong with the document and what to do; the signal's reason
 */
export async function inspectDocument(bytes: Uint8Array, { maxBytes = 20_000_000, maxPages = 50, signal }: InspectionLimits = {}): Promise<Inspection> {
  if (bytes.length === 0) throw invalidInput('the document is empty: send a file with content');
  if (bytes.length > maxBytes) {
    throw invalidInput(`the document has ${bytes.length} bytes, more than the ${maxBytes} that are taken: send it with a lower resolution, or only the invoice's own pages`);
  }
  const limits = { bytes, maxPages, ...(signal && { signal }) };
  if (startsWith(bytes, [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])) return inspectPicture({ ...limits, mediaType: 'image/png', size: pngSize(bytes) });
  if (startsWith(bytes, [0xff, 0xd8, 0xff])) return inspectPicture({ ...limits, mediaType: 'image/jpeg', size: jpegSize(bytes) });
  if (looksLikePdf(bytes)) return inspectPdf(limits);
  throw invalidInput('the document is neither a PDF nor a PNG nor a JPEG, whatever its name or media type says: send one of these');
}

async function inspectPdf({ bytes, maxPages, signal }: { bytes: Uint8Array; maxPages: number; signal?: AbortSignal }): Promise<Inspection> {
  const flaw = checkPdfFile(bytes);
  if (flaw !== undefined) throw invalidInput(`the PDF is incomplete or damaged (${flaw}): send the whole file again`);
  const { pages } = await orRefuse({ what: 'PDF', work: askPages({ name: 'openPdf', argument: { bytes, maxPages }, within: openWithin, ...(signal && { signal }) }), signal });
  if (pages < 1) throw invalidInput('the PDF has no pages: send one that has');
  if (pages > maxPages) throw invalidInput(`the PDF has ${pages} pages, more than the ${maxPages} that are taken: send the invoice's own pages only`);
  return { mediaType: 'application/pdf', pages };
}

async function inspectPicture(picture: { bytes: Uint8Array; mediaType: 'image/png' | 'image/jpeg'; size: PictureSize; signal?: AbortSignal }): Promise<Inspection> {
  const { bytes, mediaType, size, signal } = picture;
  const what = mediaType === 'image/png' ? 'PNG' : 'JPEG';
  if ('flaw' in size) throw invalidInput(`the ${what} is incomplete or damaged (${size.flaw}): send the whole file again`);
  const { width, height } = size;
  if (Math.min(width, height) < smallestSide) throw invalidInput(`the ${what} has only ${width} x ${height} pixels: no text can be read in it, send a larger scan`);
  if (Math.max(width, height) > largestSide || width * height > largestPicture) {
    throw invalidInput(`the ${what} has ${width} x ${height} pixels, more than are taken (${largestSide} a side, ${largestPicture} in all): scan with at most 300 dots per inch`);
  }
  const work = askPages({ name: 'decodePicture', argument: { bytes, maxPixels: 10_000 }, within: openWithin, ...(signal && { signal }) });
  await orRefuse({ what, work, signal });
  return { mediaType, pages: 1 };
}

async function orRefuse<T>({ what, work, signal }: { what: string; work: Promise<T>; signal: AbortSignal | undefined }): Promise<T> {
  try {
    return await work;
  } catch (error) {
    // Whoever no longer wants to know has learned nothing about the document.
    signal?.throwIfAborted();
    if (!(error instanceof Error)) throw error;
    if (error.name === 'PasswordException') throw invalidInput(`the ${what} is encrypted and asks for a password: save it without one and send it again`);
    if (error.name === threadEnded) throw invalidInput(`the ${what} takes too long or too much memory to open: print it to a new PDF, or scan it, and send that`);
    throw invalidInput(`the ${what} cannot be opened (${error.message.slice(0, 120)}): send a whole, undamaged file`, { cause: error });
  }
}

const startsWith = (bytes: Uint8Array, signature: readonly number[]) => signature.every((byte, index) => bytes[index] === byte);

/** Readers allow other bytes before the header, but not many. */
const looksLikePdf = (bytes: Uint8Array) => Buffer.from(bytes.subarray(0, 1024)).includes('%PDF-');
