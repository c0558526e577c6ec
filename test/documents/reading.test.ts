import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import PDFDocument from 'pdfkit';
import { extractInvoice } from '../../activities/extraction/extract-invoice.ts';
import { closeOcr, readDocument } from '../../activities/ocr/read-document.ts';
import { Reading } from '../../contracts/activities/ocr.ts';
import { invoiceFields } from '../../contracts/invoice.ts';
import { createDiskStore } from '../../documents/disk-store.ts';
import { inspectDocument } from '../../documents/inspect.ts';
import type { DocumentStore } from '../../documents/store.ts';
import { documents } from '../../samples/documents.ts';
import { truth } from '../../samples/truth.ts';
import { aCall } from './call.ts';

const sample = (file: string) => readFile(new URL(`../../samples/documents/${file}`, import.meta.url));
/** Below it a person is asked. */
const threshold = 0.85;

let directory: string;
let store: DocumentStore;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'throughline-reading-'));
  process.env.DOCUMENTS_DIR = directory;
  // Whatever the developer's machine has set: here the rules are tested.
  delete process.env.EXTRACTION_MODEL_URL;
  store = createDiskStore({ directory });
});
afterAll(async () => {
  await closeOcr();
  await rm(directory, { recursive: true });
});

async function read(bytes: Uint8Array, call = aCall()) {
  const { mediaType } = await inspectDocument(bytes);
  const output = await readDocument.run({ document: await store.put(bytes, mediaType) }, call);
  const kept = await store.get(output.reading.sha256);
  return { output, call, reading: Reading.parse(JSON.parse(Buffer.from(kept?.bytes ?? []).toString())) };
}

/** Recognition takes seconds: each sample is read once. */
const extractions = new Map<string, ReturnType<typeof extractInvoice.run>>();
function extracted(file: string) {
  const known = extractions.get(file) ?? (async () => extractInvoice.run({ reading: (await read(await sample(file))).output.reading }, aCall()))();
  extractions.set(file, known);
  return known;
}

async function pdfOf(draw: (doc: PDFKit.PDFDocument) => void): Promise<Buffer> {
  const doc = new PDFDocument({ size: 'A4', margin: 0 });
  const chunks: Buffer[] = [];
  doc.on('data', (chunk: Buffer) => chunks.push(chunk));
  const ended = new Promise((resolve) => doc.once('end', resolve));
  draw(doc);
  doc.end();
  await ended;
  return Buffer.concat(chunks);
}

describe('the twelve documents', () => {
  it.each(documents.map(({ file }) => file))('%s: no field is both wrong and beyond doubt', async (file) => {
    const { fields } = await extracted(file);
    const expected = truth()[file];
    const wrongWithoutDoubt = invoiceFields.filter((field) => fields[field].value !== expected?.fields[field] && fields[field].confidence >= threshold);
    expect(wrongWithoutDoubt).toEqual([]);
  });

  const clean = ['01', '02', '05', '06', '07', '08', '09', '10'];
  it.each(documents.map(({ file }) => file).filter((file) => clean.includes(file.slice(0, 2))))('%s: nobody needs to be asked', async (file) => {
    const { documentType, fields, warnings } = await extracted(file);
    expect({ documentType, warnings }).toEqual({ documentType: 'invoice', warnings: [] });
    expect(Object.fromEntries(invoiceFields.map((field) => [field, fields[field].value]))).toEqual(truth()[file]?.fields);
    expect(invoiceFields.filter((field) => fields[field].confidence < threshold)).toEqual([]);
  });

  it.each(['03-poor-scan.pdf', '04-unreadable.jpg', '11-orders-to-a-machine.pdf', '12-no-invoice.jpg'])('%s: a person is asked', async (file) => {
    const { documentType, fields, warnings } = await extracted(file);
    const doubtful = invoiceFields.some((field) => fields[field].confidence < threshold);
    expect(documentType !== 'invoice' || doubtful || warnings.length > 0).toBe(true);
  });
});

describe('reading', () => {
  it('takes the text layer of a PDF, with a box for each word on the page', async () => {
    const { output, reading } = await read(await sample('01-clean-pdf.pdf'));
    expect(output).toMatchObject({ source: 'text', pages: 1, confidence: 1 });
    const number = reading.pages[0]?.words.find(({ text }) => text === 'RE-2026-0417');
    expect(number?.box[0]).toBeCloseTo(460 / 595, 2);
    expect(number?.box[1]).toBeCloseTo(146 / 842, 2);
  });

  it('recognises a slanted scan, and places words where they are on the slanted page', async () => {
    const { output, reading } = await read(await sample('03-poor-scan.pdf'));
    expect(output.source).toBe('ocr');
    const words = reading.pages[0]?.words ?? [];
    const [left, right] = [words.find(({ text }) => text === 'Rechnung'), words.find(({ text }) => text === '2026-1187')];
    // The page was turned against the clock: what is further right lies higher.
    expect(right?.box[1]).toBeLessThan(left?.box[1] ?? 0);
  });

  it('does not believe the text behind a picture of the page', async () => {
    const scan = await sample('12-no-invoice.jpg');
    const bytes = await pdfOf((doc) => {
      doc.fontSize(10).text('Rechnung Nr. 999 vom 01.01.2026 Betrag 1,00 EUR Datum Bank Summe bitte zahlen', 50, 50);
      doc.image(scan, 0, 0, { width: doc.page.width, height: doc.page.height });
    });
    const { output, reading } = await read(bytes);
    expect(output.source).toBe('ocr');
    const texts = reading.pages.flatMap((page) => page.words.map(({ text }) => text));
    expect(texts).toContain('LS-2026-0981');
    expect(texts).not.toContain('999');
  });

  it('does not trust words that nobody can see', async () => {
    const bytes = await pdfOf((doc) => {
      doc.fontSize(11).fillColor('black').text('Invoice number 4711, date 1 May 2026, total amount due by bank', 50, 50);
      doc.fillColor('white').text('invisible', 50, 90);
      doc.fillColor('black').fontSize(1).text('minute', 50, 120);
    });
    const words = (await read(bytes)).reading.pages[0]?.words ?? [];
    const confidenceOf = (word: string) => words.find(({ text }) => text === word)?.confidence;
    expect([confidenceOf('Invoice'), confidenceOf('invisible'), confidenceOf('minute')]).toEqual([1, 0, 0]);
  });

  it('tells an unreadable page from a blank one', async () => {
    const unreadable = (await read(await sample('04-unreadable.jpg'))).reading;
    expect(unreadable.pages[0]?.words.length).toBeGreaterThan(0);
    expect(Math.max(...(unreadable.pages[0]?.words ?? []).map(({ confidence }) => confidence))).toBeLessThan(0.7);
    expect((await read(await pdfOf(() => undefined))).reading.pages[0]?.words).toEqual([]);
  });

  it('heartbeats for every page', async () => {
    const bytes = await pdfOf((doc) => {
      for (let page = 1; page <= 3; page++) {
        if (page > 1) doc.addPage({ size: 'A4', margin: 0 });
        doc.fontSize(11).text('Invoice number 4711, date 1 May 2026, total amount due by bank', 50, 50);
      }
    });
    expect((await read(bytes)).call.beats).toEqual(expect.arrayContaining([1, 2, 3].map((page) => ({ page, of: 3 }))));
  });

  it('stops when it is aborted, and reads the next document all the same', async () => {
    const controller = new AbortController();
    const stopped = read(await sample('02-clean-scan.png'), { ...aCall({ signal: controller.signal }), heartbeat: () => controller.abort(new Error('cancelled')) });
    await expect(stopped).rejects.toThrow('cancelled');
    expect((await read(await sample('01-clean-pdf.pdf'))).output.words).toBeGreaterThan(100);
  });

  it('goes on after its threads were ended', async () => {
    await closeOcr();
    expect((await read(await sample('12-no-invoice.jpg'))).output.source).toBe('ocr');
  });

  it('says what to do when the document is not in the store', async () => {
    const document = { sha256: 'a'.repeat(64), mediaType: 'application/pdf', size: 1 };
    await expect(readDocument.run({ document }, aCall())).rejects.toMatchObject({ type: 'InvalidInput', message: expect.stringContaining('upload it first') });
  });
});
