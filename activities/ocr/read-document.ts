import { readDocument as contract, type Reading } from '../../contracts/activities/ocr.ts';
import type { DocumentRef } from '../../contracts/documents.ts';
import { invalidInput } from '../../contracts/failures.ts';
import { documentsFromEnv } from '../../documents/from-env.ts';
import { inspectDocument, type Inspection } from '../../documents/inspect.ts';
import { askPages, closePages } from '../../documents/pages.ts';
import type { Pixels } from '../../documents/picture.ts';
import { implement, type Call } from '../implement.ts';
import { closeWithWorker } from '../lifetime.ts';
import { closePrepare } from './prepare.ts';
import { closeOcr as closeRecognisers } from './recogniser.ts';
import { recognisePage, unreadablePage } from './recognise-page.ts';
import { fromTextLayer } from './text-layer.ts';

type Page = Reading['pages'][number];
type Source = Reading['source'];

const drawWithin = 20_000;
const textWithin = 10_000;
/** An A4 page as large as the recogniser wants it, and no page larger than twice that. */
const dpi = 212;
const maxPixels = 9_000_000;
/** Milliseconds after which no further page is recognised, so that a thick scan ends within the bound of an attempt. */
const enough = 80_000;
const heartbeatEvery = 5_000;

/** Reads PDFs by their text layer where it is what the page shows, everything else by recognition. */
export const readDocument = implement(contract, async ({ document }, call) => {
  const store = documentsFromEnv();
  const kept = await store.get(document.sha256);
  if (kept === undefined) throw invalidInput(`document ${document.sha256} is not in the document store: upload it first`);
  const beat = setInterval(() => call.heartbeat(), heartbeatEvery);
  try {
    const reading = await readPages({ bytes: kept.bytes, inspection: await inspectDocument(kept.bytes, { signal: call.signal }), call });
    const words = reading.pages.flatMap((page) => page.words);
    const ref: DocumentRef = await store.put(Buffer.from(JSON.stringify(reading)), 'application/json');
    return {
      reading: ref,
      source: reading.source,
      pages: reading.pages.length,
      words: words.length,
      confidence: words.length === 0 ? 0 : words.reduce((sum, word) => sum + word.confidence, 0) / words.length,
    };
  } finally {
    clearInterval(beat);
  }
});

/** Ends the threads that reading keeps alive. A later call starts them anew. */
export async function closeOcr(): Promise<void> {
  await Promise.all([closePages(), closePrepare(), closeRecognisers()]);
}

async function readPages({ bytes, inspection, call }: { bytes: Uint8Array; inspection: Inspection; call: Call }): Promise<Reading> {
  const started = Date.now();
  const pages: Page[] = [];
  let source: Source = 'text';
  for (let number = 1; number <= inspection.pages; number++) {
    call.heartbeat({ page: number, of: inspection.pages });
    const page = inspection.mediaType === 'application/pdf' ? await textOf({ bytes, page: number, call }) : undefined;
    if (page !== undefined) {
      pages.push(page);
      continue;
    }
    source = 'ocr';
    if (Date.now() - started > enough) {
      call.log.warn('the document has too many scanned pages for one reading', { page: number, of: inspection.pages });
      pages.push({ aspect: 1, words: [...unreadablePage] });
      continue;
    }
    pages.push(await recognisePage(await pictureOf({ bytes, mediaType: inspection.mediaType, page: number, call }), call));
  }
  return { source, pages };
}

interface PageWish {
  readonly bytes: Uint8Array;
  readonly page: number;
  readonly call: Call;
}

async function textOf({ bytes, page, call: { signal } }: PageWish): Promise<Page | undefined> {
  return fromTextLayer(await askPages({ name: 'readText', argument: { bytes, page }, within: textWithin, signal }));
}

async function pictureOf({ bytes, page, mediaType, call: { signal } }: PageWish & { mediaType: Inspection['mediaType'] }): Promise<Pixels> {
  if (mediaType === 'application/pdf') return askPages({ name: 'drawPage', argument: { bytes, page, dpi, maxPixels }, within: drawWithin, signal });
  return askPages({ name: 'decodePicture', argument: { bytes, maxPixels }, within: drawWithin, signal });
}

closeWithWorker(closeOcr);
