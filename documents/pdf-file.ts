/**
 * What is wrong with the outer form of a PDF (ISO 32000-1, 7.5): it must end with `startxref`, the place of the cross-reference, and `%%EOF`.
 * pdfjs mends files that lack this, but half an invoice must not pass for a whole one. `undefined` when all is well.
 */
export function checkPdfFile(bytes: Uint8Array): string | undefined {
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  // Readers allow a kilobyte of other bytes before the header and after the end.
  const start = file.subarray(0, 1029).indexOf('%PDF-');
  const tail = file.subarray(-2048).toString('latin1');
  const end = /startxref\s+(\d+)\s+%%EOF(?!.*%%EOF)/s.exec(tail);
  if (end === null) return 'it does not end as a PDF must, with startxref and %%EOF';
  const place = Number(end[1]);
  // Some writers count from the start of the file, others from its header.
  const found = [place, place + Math.max(0, start)].some((at) => /^\s*(?:xref\s|\d+\s+\d+\s+obj)/.test(file.subarray(at, at + 40).toString('latin1')));
  return found ? undefined : 'its cross-reference table is not where it says';
}
