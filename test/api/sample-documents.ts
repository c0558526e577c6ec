import PDFDocument from 'pdfkit';

/** The bytes of a small PDF; another text is another document. */
export function pdfOf(text: string, { pages = 1 }: { pages?: number } = {}): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    const file = new PDFDocument({ autoFirstPage: false });
    const chunks: Buffer[] = [];
    file.on('data', (chunk: Buffer) => chunks.push(chunk));
    file.on('end', () => resolve(new Uint8Array(Buffer.concat(chunks))));
    file.on('error', reject);
    for (let page = 1; page <= pages; page++) file.addPage().text(`${text} ${page}`);
    file.end();
  });
}
