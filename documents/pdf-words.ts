import type { PageViewport } from 'pdfjs-dist';
import type { TextContent, TextItem } from 'pdfjs-dist/types/src/display/api.d.ts';

export interface PlacedWord {
  readonly text: string;
  /** left, top, width, height as fractions of the page */
  readonly box: readonly [number, number, number, number];
}

/** A piece of one text item without blanks, in the item's own coordinates: along its baseline, in points. */
interface Piece {
  text: string;
  readonly item: TextItem;
  readonly from: number;
  to: number;
}

/** pdfjs gives runs of text that may hold several words, or a part of one: this makes words of them. */
export function wordsOf({ content, viewport }: { content: TextContent; viewport: PageViewport }): PlacedWord[] {
  const pieces: Piece[] = [];
  let open = false;
  for (const item of content.items) {
    // Marked content carries no text.
    if (!('str' in item)) continue;
    const [first, ...rest] = split(item);
    const last = pieces.at(-1);
    if (first && open && last && !/^\s/.test(item.str) && follows(last, first)) {
      last.text += first.text;
      last.to += first.to - first.from;
    } else if (first) {
      pieces.push(first);
    }
    pieces.push(...rest);
    if (item.str !== '' || item.hasEOL) open = !item.hasEOL && !/\s$/.test(item.str);
  }
  return pieces.map((piece) => ({ text: piece.text, box: boxOf({ piece, content, viewport }) }));
}

/** pdfjs knows the width of a run, not of its letters; narrow letters count half, which puts words about where they are. */
function split(item: TextItem): Piece[] {
  const weight = (text: string) => [...text].reduce((sum, letter) => sum + (/[\s.,:;'|!ijltfI()[\]-]/.test(letter) ? 0.5 : 1), 0);
  const unit = item.width / (weight(item.str) || 1);
  return [...item.str.matchAll(/\S+/g)].map(({ 0: text, index }) => {
    const from = weight(item.str.slice(0, index)) * unit;
    return { text, item, from, to: from + weight(text) * unit };
  });
}

/** Whether the second piece goes on where the first ends, on the same line, with no gap that one would see as a blank. */
function follows(first: Piece, second: Piece): boolean {
  const [a, b, , , x, y] = matrixOf(first.item);
  const [a2, b2, , , x2, y2] = matrixOf(second.item);
  const size = Math.hypot(a, b) || 1;
  const along = ((x2 - x) * a + (y2 - y) * b) / size + second.from;
  const across = Math.abs(((x2 - x) * -b + (y2 - y) * a) / size);
  return Math.abs(a - a2) + Math.abs(b - b2) < 0.1 * size && across < 0.1 * size && along - first.to < 0.15 * size && along - first.to > -0.5 * size;
}

function boxOf({ piece: { item, from, to }, content, viewport }: { piece: Piece; content: TextContent; viewport: PageViewport }): PlacedWord['box'] {
  const [a, b, c, d, x, y] = matrixOf(item);
  const size = Math.hypot(a, b) || 1;
  const style = content.styles[item.fontName];
  const { ascent, descent } = style && Number.isFinite(style.ascent) && style.ascent > 0 ? style : { ascent: 0.75, descent: -0.2 };
  const corners = [from, to].flatMap((along) =>
    [descent, ascent].map((up) => viewport.convertToViewportPoint(x + (a / size) * along + c * up, y + (b / size) * along + d * up) as [number, number]),
  );
  const left = Math.min(...corners.map(([at]) => at));
  const top = Math.min(...corners.map(([, at]) => at));
  const right = Math.max(...corners.map(([at]) => at));
  const bottom = Math.max(...corners.map(([, at]) => at));
  const round = (value: number) => Math.round(value * 1e5) / 1e5;
  return [round(left / viewport.width), round(top / viewport.height), round((right - left) / viewport.width), round((bottom - top) / viewport.height)];
}

function matrixOf(item: TextItem): readonly [number, number, number, number, number, number] {
  const [a = 1, b = 0, c = 0, d = 1, e = 0, f = 0] = item.transform as number[];
  return [a, b, c, d, e, f];
}
