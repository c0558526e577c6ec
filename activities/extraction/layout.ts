import type { Reading } from '../../contracts/activities/ocr.ts';

/** A word where it stands. Lengths are in heights of its page, so that both directions have one measure. */
export interface Token {
  readonly text: string;
  readonly confidence: number;
  /** From 1. */
  readonly page: number;
  /** As the reading has it: left, top, width, height as fractions. */
  readonly box: readonly [number, number, number, number];
  readonly left: number;
  readonly right: number;
  readonly middle: number;
  readonly height: number;
}

/** Words that stand together, with no wider gap than between words: a cell of a table, a label, a sentence. */
export interface Cell {
  readonly tokens: readonly Token[];
  readonly text: string;
  readonly page: number;
  readonly left: number;
  readonly right: number;
  readonly middle: number;
  readonly height: number;
}

/** Cells side by side, from the left. */
export type Line = readonly Cell[];

export interface Layout {
  /** From the top of the first page to the end of the last. */
  readonly lines: readonly Line[];
  readonly cells: readonly Cell[];
  /** The cell to the left on the same line. */
  leftOf(cell: Cell): Cell | undefined;
  /** The nearest cell that is above, at most three lines away. */
  above(cell: Cell): Cell | undefined;
}

/** Words taller than so many usual ones are no text but a watermark or dirt. */
const giant = 4;

/** Finds lines and cells. Scans may lie at a slight angle: the words' own sequence tells it. */
export function layOut(reading: Reading): Layout {
  const lines = reading.pages.flatMap((page, index) => linesOf(tokensOf(page, index + 1)));
  const place = new Map(lines.flatMap((line, row) => line.map((cell, column) => [cell, { row, column }] as const)));
  return {
    lines,
    cells: lines.flat(),
    leftOf(cell) {
      const at = place.get(cell);
      return at && lines[at.row]?.[at.column - 1];
    },
    above(cell) {
      const at = place.get(cell);
      for (let row = (at?.row ?? 0) - 1; row >= 0; row--) {
        const line = lines[row] ?? [];
        const far = line[0] === undefined || line[0].page !== cell.page || cell.middle - line[0].middle > 3.5 * cell.height;
        if (far) return undefined;
        const found = line.find((candidate) => isOver(candidate, cell));
        if (found) return found;
      }
      return undefined;
    },
  };
}

/** Whether they share a left or a right edge, or a good part of their width. */
function isOver(upper: Cell, lower: Cell): boolean {
  const slack = Math.max(upper.height, lower.height);
  const shared = Math.min(upper.right, lower.right) - Math.max(upper.left, lower.left);
  return Math.abs(upper.left - lower.left) < slack || Math.abs(upper.right - lower.right) < slack || shared > 0.4 * Math.min(upper.right - upper.left, lower.right - lower.left);
}

function tokensOf(page: Reading['pages'][number], number: number): Token[] {
  const raw = page.words.filter((word) => word.text.trim() !== '');
  const slope = slopeOf(raw.map(({ box: [left, top, width, height] }) => ({ x: (left + width / 2) * page.aspect, y: top + height / 2, height })));
  return raw.map(({ text, confidence, box }) => {
    const [left, top, width, height] = box;
    const x = (left + width / 2) * page.aspect;
    const y = top + height / 2;
    const middle = { x: x + slope * y, y: y - slope * x };
    const half = (width * page.aspect) / 2;
    return { text: text.trim(), confidence, page: number, box, left: middle.x - half, right: middle.x + half, middle: middle.y, height };
  });
}

/** How much lines fall from left to right: the median over words that follow one another to the right. */
function slopeOf(middles: readonly { x: number; y: number; height: number }[]): number {
  const slopes = middles
    .flatMap((from, index) => {
      const to = middles[index + 1];
      if (to === undefined || to.x - from.x < from.height || Math.abs(to.y - from.y) > Math.max(from.height, 0.1 * (to.x - from.x))) return [];
      return [(to.y - from.y) / (to.x - from.x)];
    })
    .sort((a, b) => a - b);
  return slopes.length < 5 ? 0 : (slopes[slopes.length >> 1] ?? 0);
}

function linesOf(tokens: readonly Token[]): Line[] {
  const heights = tokens.map((token) => token.height).sort((a, b) => a - b);
  const usual = heights[heights.length >> 1] ?? 0;
  const rows: { tokens: Token[]; middle: number; height: number }[] = [];
  for (const token of tokens.filter(({ height }) => height <= giant * usual).sort((a, b) => a.middle - b.middle)) {
    const row = rows.slice(-4).find((candidate) => Math.abs(candidate.middle - token.middle) < 0.45 * Math.max(Math.min(candidate.height, token.height), 0.6 * usual));
    if (row === undefined) {
      rows.push({ tokens: [token], middle: token.middle, height: token.height });
      continue;
    }
    row.tokens.push(token);
    row.middle += (token.middle - row.middle) / row.tokens.length;
    row.height += (token.height - row.height) / row.tokens.length;
  }
  return rows.sort((a, b) => a.middle - b.middle).map((row) => cellsOf(row.tokens));
}

function cellsOf(tokens: readonly Token[]): Line {
  const sorted = [...tokens].sort((a, b) => a.left - b.left);
  const heights = sorted.map((token) => token.height).sort((a, b) => a - b);
  // Words without tall letters have low boxes in a scan.
  const height = heights[Math.floor(heights.length * 0.7)] ?? 0;
  const groups: Token[][] = [];
  for (const token of sorted) {
    const last = groups.at(-1);
    const before = last?.at(-1);
    if (last && before && token.left - before.right < height) last.push(token);
    else groups.push([token]);
  }
  return groups.map((group) => ({
    tokens: group,
    text: group.map((token) => token.text).join(' '),
    page: group[0]?.page ?? 1,
    left: Math.min(...group.map((token) => token.left)),
    right: Math.max(...group.map((token) => token.right)),
    middle: group.reduce((sum, token) => sum + token.middle, 0) / group.length,
    height,
  }));
}
