import { labelIn, type Label } from './labels.ts';
import type { Cell, Layout, Token } from './layout.ts';

export interface NameFind {
  readonly value: string;
  readonly tokens: readonly Token[];
  readonly cell: Cell;
  readonly label: Label | undefined;
}

/** Legal forms at the end of firms' names, one or more words each, without points and in lower case. */
const legalForms = new Set([
  'gmbh', 'mbh', 'ag', 'kg', 'ohg', 'gbr', 'ug', 'se', 'ek', 'eg', 'ev', 'kgaa', 'partg', 'ltd', 'limited', 'plc', 'llp', 'llc', 'inc', 'corp', 'corporation', 'bv', 'nv', 'sa',
  'sarl', 'sas', 'srl', 'spa', 'oy', 'ab', 'as', 'aps', 'dac', 'sl', 'kft', 'sro',
]);

const plain = (word: string) => word.toLowerCase().replace(/[.,;:()]/g, '');
const isForm = (word: string) => legalForms.has(plain(word)) && /^[A-Za-z]/.test(word);

/** Names of firms: words that begin with a capital, up to a legal form. */
export function findNames(layout: Layout): NameFind[] {
  return layout.cells.flatMap((cell) => {
    const found: NameFind[] = [];
    for (let at = 1; at < cell.tokens.length; at++) {
      const word = cell.tokens[at]?.text ?? '';
      if (!isForm(word)) continue;
      let end = at;
      // GmbH & Co. KG, UG (haftungsbeschränkt)
      while (end + 1 < cell.tokens.length && (isForm(text(cell, end + 1)) || /^\(haftungsbeschränkt\)|^Co\.?$/i.test(text(cell, end + 1)) || (text(cell, end + 1) === '&' && /^Co/.test(text(cell, end + 2))))) end++;
      let from = at;
      while (from > 0 && belongs(text(cell, from - 1))) from--;
      if (from === at) continue;
      const tokens = cell.tokens.slice(from, end + 1);
      found.push({ value: nameOf(tokens), tokens, cell, label: labelBefore({ layout, cell, from }) });
      at = end;
    }
    return found;
  });
}

const text = (cell: Cell, at: number) => cell.tokens[at]?.text ?? '';

/** A part of a name, and not the end of a sentence or of a label before it. */
const belongs = (word: string) => !/[:;,·|]$/.test(word) && (/^[\p{Lu}\d][\p{L}\d'’.&+-]*$/u.test(word) || /^(&|\+|und|and|of|de|van|der)$/.test(word));

/** Points after abbreviations belong to the name (Inc., B.V.), those after words end a sentence. */
function nameOf(tokens: readonly Token[]): string {
  const name = tokens.map((token) => token.text).join(' ').replace(/[,;:]+$/, '');
  return /\b(GmbH|AG|KG|Limited|plc|LLP|LLC|SE)\.$/.test(name) ? name.slice(0, -1) : name;
}

function labelBefore({ layout, cell, from }: { layout: Layout; cell: Cell; from: number }): Label | undefined {
  if (from > 0) return labelIn(cell.tokens.slice(0, from).map((token) => token.text).join(' '));
  const left = layout.leftOf(cell);
  const above = layout.above(cell);
  return (above && labelIn(above.text)) ?? (left && labelIn(left.text));
}

/** Second-level names of the mail and web addresses on the page: `nordlicht-papier` of billing@nordlicht-papier.example. */
export function domainsIn(layout: Layout): string[] {
  const words = layout.cells.flatMap((cell) => cell.tokens.map((token) => token.text.toLowerCase()));
  return words.flatMap((word) => /(?:@|www\.|https?:\/\/)(?:[a-z0-9-]+\.)*?([a-z0-9-]{3,})\.[a-z]{2,}/.exec(word)?.[1] ?? []);
}

/** Whether a domain is made of a name's first words: `cloverquay` of Clover Quay Stationers Ltd. */
export function namesDomain(name: string, domain: string): boolean {
  const words = name
    .toLowerCase()
    .replaceAll('ä', 'ae')
    .replaceAll('ö', 'oe')
    .replaceAll('ü', 'ue')
    .replaceAll('ß', 'ss')
    .split(/\s+/)
    .map((word) => word.replace(/[^a-z0-9]/g, ''))
    .filter((word) => word !== '' && !legalForms.has(word));
  const bare = domain.replaceAll('-', '');
  const [first = '', second = ''] = words;
  return (first.length >= 4 && bare.startsWith(first)) || (first + second).length >= 5 && bare.startsWith(first + second);
}
