import PDFDocument from 'pdfkit';

export type Face = 'Helvetica' | 'Helvetica-Bold' | 'Helvetica-Oblique' | 'Times-Roman' | 'Times-Bold' | 'Times-Italic' | 'Courier' | 'Courier-Bold';

export interface Style {
  readonly face?: Face;
  /** points */
  readonly size?: number;
  readonly colour?: string;
  /** What `x` is of the text. */
  readonly anchor?: 'left' | 'right' | 'centre';
}

/** One page to write on, in points from the top left; everything on it is placed by hand, as layouts do. */
export interface Sheet {
  readonly width: number;
  readonly height: number;
  text(text: string, place: Style & { readonly x: number; readonly y: number }): void;
  line(from: readonly [number, number], to: readonly [number, number], look?: { readonly weight?: number; readonly colour?: string }): void;
  box(area: readonly [number, number, number, number], look: { readonly fill?: string; readonly stroke?: string }): void;
  /** Large, pale and slanted, behind what is written later. */
  watermark(text: string): void;
  bytes(): Promise<Buffer>;
}

/** The same content makes the same bytes: the date, and with it the file's id, is given. */
export function newSheet({ title, date, size = 'A4', style = {} }: { title: string; date: string; size?: 'A4' | 'LETTER'; style?: Style }): Sheet {
  const made = new Date(`${date}T08:00:00Z`);
  const doc = new PDFDocument({ size, margin: 0, info: { Title: title, Producer: 'Throughline samples', Creator: 'Throughline samples', CreationDate: made, ModDate: made } });
  const chunks: Buffer[] = [];
  doc.on('data', (chunk: Buffer) => chunks.push(chunk));
  const ended = new Promise<void>((resolve, reject) => doc.once('end', resolve).once('error', reject));

  return {
    width: doc.page.width,
    height: doc.page.height,
    text(text, place) {
      const { x, y, face, size: points, colour, anchor } = { face: 'Helvetica', size: 9.5, colour: '#1a1a1a', anchor: 'left', ...style, ...place } as const;
      doc.font(face).fontSize(points).fillColor(colour);
      const back = anchor === 'left' ? 0 : doc.widthOfString(text) / (anchor === 'right' ? 1 : 2);
      doc.text(text, x - back, y, { lineBreak: false });
    },
    line([x, y], [toX, toY], { weight = 0.6, colour = '#333333' } = {}) {
      doc.moveTo(x, y).lineTo(toX, toY).lineWidth(weight).strokeColor(colour).stroke();
    },
    box([x, y, width, height], { fill, stroke }) {
      if (fill) doc.rect(x, y, width, height).fillColor(fill).fill();
      if (stroke) doc.rect(x, y, width, height).lineWidth(0.6).strokeColor(stroke).stroke();
    },
    watermark(text) {
      doc.save().rotate(-35, { origin: [doc.page.width / 2, doc.page.height / 2] });
      doc.font('Helvetica-Bold').fontSize(110).fillColor('#ececec');
      doc.text(text, doc.page.width / 2 - doc.widthOfString(text) / 2, doc.page.height / 2 - 60, { lineBreak: false });
      doc.restore();
    },
    async bytes() {
      doc.end();
      await ended;
      return Buffer.concat(chunks);
    },
  };
}
