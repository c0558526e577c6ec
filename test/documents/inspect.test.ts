import { afterAll, describe, expect, it } from '@jest/globals';
import { createCanvas } from '@napi-rs/canvas';
import { readFile } from 'node:fs/promises';
import { crc32 } from 'node:zlib';
import PDFDocument from 'pdfkit';
import { inspectDocument } from '../../documents/inspect.ts';
import { closePages } from '../../documents/pages.ts';

const sample = (file: string) => readFile(new URL(`../../samples/documents/${file}`, import.meta.url));

async function pdf({ pages = 1, ...options }: { pages?: number; userPassword?: string; ownerPassword?: string } = {}): Promise<Buffer> {
  const doc = new PDFDocument({ autoFirstPage: false, ...options });
  const chunks: Buffer[] = [];
  doc.on('data', (chunk: Buffer) => chunks.push(chunk));
  const ended = new Promise((resolve) => doc.once('end', resolve));
  for (let page = 1; page <= pages; page++) doc.addPage().text(`Page ${page}`);
  doc.end();
  await ended;
  return Buffer.concat(chunks);
}

const picture = (width: number, height: number) => createCanvas(width, height);

/** A PNG that says it is as large as wanted, with right checksums and next to no bytes. */
function pngThatClaims(width: number, height: number): Buffer {
  const png = picture(60, 60).toBuffer('image/png');
  png.writeUInt32BE(width, 16);
  png.writeUInt32BE(height, 20);
  png.writeUInt32BE(crc32(png.subarray(12, 29)), 29);
  return png;
}

const refused = (bytes: Uint8Array, limits?: Parameters<typeof inspectDocument>[1]) => expect(inspectDocument(bytes, limits)).rejects;
const invalid = (message: string) => ({ type: 'InvalidInput', message: expect.stringContaining(message) });

afterAll(closePages);

describe('the inspection of a document', () => {
  it.each([
    ['01-clean-pdf.pdf', 'application/pdf'],
    ['02-clean-scan.png', 'image/png'],
    ['03-poor-scan.pdf', 'application/pdf'],
    ['04-unreadable.jpg', 'image/jpeg'],
  ])('takes %s as %s', async (file, mediaType) => {
    expect(await inspectDocument(await sample(file))).toEqual({ mediaType, pages: 1 });
  });

  it('counts pages, and refuses a PDF of 500', async () => {
    expect(await inspectDocument(await pdf({ pages: 3 }))).toEqual({ mediaType: 'application/pdf', pages: 3 });
    await refused(await pdf({ pages: 500 })).toMatchObject(invalid('500 pages'));
  });

  it('refuses an empty document and one that is too large', async () => {
    await refused(new Uint8Array()).toMatchObject(invalid('empty'));
    await refused(await sample('01-clean-pdf.pdf'), { maxBytes: 100 }).toMatchObject(invalid('more than the 100'));
  });

  it.each(['plain text', '<svg xmlns="http://www.w3.org/2000/svg"/>', 'GIF89a', 'PK\u0003\u0004'])('refuses what is none of the three kinds: %j', async (text) => {
    await refused(Buffer.from(text)).toMatchObject(invalid('neither a PDF nor a PNG nor a JPEG'));
  });

  it.each([0.3, 0.6, 0.9, 0.99])('refuses a PDF that was cut off at %d of its length, although it could be mended', async (share) => {
    const whole = await sample('01-clean-pdf.pdf');
    await refused(whole.subarray(0, Math.floor(whole.length * share))).toMatchObject(invalid('incomplete or damaged'));
  });

  it('refuses a PDF that asks for a password, and takes one that is only protected against changes', async () => {
    await refused(await pdf({ userPassword: 'secret' })).toMatchObject(invalid('encrypted'));
    expect(await inspectDocument(await pdf({ ownerPassword: 'secret' }))).toEqual({ mediaType: 'application/pdf', pages: 1 });
  });

  it('refuses a PDF that is one in name only', async () => {
    await refused(Buffer.from('%PDF-1.7\n1 0 obj\nnonsense\nstartxref\n9\n%%EOF\n')).toMatchObject(invalid('the PDF cannot be opened'));
  });

  it.each(['02-clean-scan.png', '04-unreadable.jpg'])('refuses %s when its end is missing', async (file) => {
    const whole = await sample(file);
    await refused(whole.subarray(0, whole.length - 30)).toMatchObject(invalid('incomplete or damaged'));
  });

  it('refuses a PNG with a flipped bit', async () => {
    const png = Buffer.from(await sample('02-clean-scan.png'));
    png[5_000] = (png[5_000] ?? 0) ^ 1;
    await refused(png).toMatchObject(invalid('checksum'));
  });

  it('refuses a picture that would take gigabytes to decode, without decoding it', async () => {
    await refused(pngThatClaims(60_000, 60_000)).toMatchObject(invalid('60000 x 60000'));
    await refused(pngThatClaims(15_000, 15_000)).toMatchObject(invalid('15000 x 15000'));
  });

  it('refuses a picture in which nothing can be read', async () => {
    await refused(picture(20, 300).toBuffer('image/png')).toMatchObject(invalid('20 x 300'));
  });

  it.each(['01-clean-pdf.pdf', '02-clean-scan.png'])('ends for the reason that the caller gives, before and in the middle of %s', async (file) => {
    const reason = new Error('no longer wanted');
    const bytes = await sample(file);
    await refused(bytes, { signal: AbortSignal.abort(reason) }).toBe(reason);
    const leaving = new AbortController();
    const inspection = refused(bytes, { signal: leaving.signal }).toBe(reason);
    // By then the thread has been asked; its answer cannot be here yet.
    process.nextTick(() => leaving.abort(reason));
    await inspection;
    expect(await inspectDocument(bytes)).toMatchObject({ pages: 1 });
  });
});
