import type { Found } from '../page/found.ts';
import { byRow, type Label } from '../page/labels.ts';
import { keyOf } from '../page/vocabulary.ts';
import { areApart, gap, segmentsOf, textOf, type Layout, type Row, type Word } from '../page/layout.ts';

const legalForms =
  /^(?:gmbh|mbh|ggmbh|ag|kg|ohg|ug|gbr|se|e\.?k\.?|e\.?v\.?|eg|kgaa|ltd\.?|limited|plc|llp|llc|inc\.?|incorporated|corp\.?|corporation|co\.?|b\.?v\.?|n\.?v\.?|s\.?a\.?|s\.?a\.?s\.?|sarl|s\.?r\.?l\.?|s\.?p\.?a\.?|a\/s|aps|as|ab|oy|oyj|d\.?o\.?o\.?|s\.?r\.?o\.?|sp\.?z\.?o\.?o\.?|kft\.?|lda\.?)$/i;

/** Ends of a name in a line that goes on: `Nordlicht GmbH · Leuchtturmweg 12`. */
const separator = /^[·•|,;–—/-]$/;

export interface NameFound extends Found {
  /** Whether a mail or web address of the page is named after it. */
  readonly inDomain: boolean;
  readonly holdsAccount: boolean;
  /** In larger letters than the rest, or first of all. */
  readonly setOff: boolean;
}

/** The names of companies on the page that may have sent it; what stands in the recipient's block is left out. */
export function vendorNamesOn(layout: Layout, { labels }: { labels: readonly Label[] }): NameFound[] {
  const domains = layout.rows.flatMap(({ words }) => words.flatMap(({ text }) => domainOf(text)));
  const labelsIn = byRow(labels);
  const recipients = recipientWords(layout, { labels });
  const tallest = Math.max(0, ...layout.rows.filter(({ height }) => height < 4 * layout.height).slice(0, 12).map(({ words }) => Math.max(...words.map(({ height }) => height))));
  return layout.rows.flatMap((row, index) =>
    namesIn(row, { labels: labelsIn(row) }).filter((words) => !words.some((word) => recipients.has(word))).map((words): NameFound => {
      const value = textOf(words).replace(/[,;:.·|]+$/, (end) => (/^\.$/.test(end) && legalForms.test(words.at(-1)?.text ?? '') ? '.' : ''));
      const holder = labelsIn(row).find((label) => label.meaning === 'accountHolder' && words[0] !== undefined && row.words.indexOf(words[0]) >= label.to && row.words.indexOf(words[0]) - label.to < 2) ?? null;
      const inDomain = domains.some((domain) => namesDomain({ name: value, domain }));
      const large = (words[0]?.height ?? 0) > 0.9 * tallest && tallest > 1.25 * layout.height;
      const strength = holder !== null ? 1 : inDomain ? 0.95 : large ? 0.85 : index < 3 ? 0.7 : 0.5;
      return { value, words, label: holder, strength, doubts: [], inDomain, holdsAccount: holder !== null, setOff: large || index === 0 };
    }),
  );
}

/** Runs of words that end in a legal form and begin where a segment, a sentence part or a label ends. */
function namesIn(row: Row, { labels }: { /** of the row */ labels: readonly Label[] }): Word[][] {
  return segmentsOf(row).flatMap((segment) => {
    const names: Word[][] = [];
    let begin = 0;
    segment.forEach((word, at) => {
      const place = row.words.indexOf(word);
      const ofLabel = labels.some((label) => label.meaning !== 'orderNumber' && place >= label.from && place < label.to);
      if (separator.test(word.text) || ofLabel || /[:;]$/.test(word.text) || /^\p{Ll}/u.test(word.text) && !/^(?:und|and|de|van|von|der|the|of|e\.)/i.test(word.text)) begin = at + 1;
      const bare = word.text.replace(/[,;:]+$/, '');
      const next = segment[at + 1]?.text.replace(/[,;:]+$/, '') ?? '';
      const goesOn = /^(?:&|\+|co\.?|kg|kgaa|limited|ltd\.?)$/i.test(next) && !/,$/.test(word.text);
      // What a recogniser makes of a logo.
      if (at === begin && (!/^[\p{Lu}\d]/u.test(word.text) || keyOf(word.text).length < 2) && !/^(?:\p{Ll}.*\p{L}{2})/u.test(word.text)) begin = at + 1;
      if (at > begin && legalForms.test(bare) && /^\p{Lu}|^(?:mbH|e)/u.test(bare) && !goesOn) {
        names.push(segment.slice(begin, at + 1));
        begin = at + 1;
      } else if (/,$/.test(word.text)) begin = at + 1;
    });
    return names;
  });
}

/** `billing@nordlicht-papier.example` and `www.nordlicht-papier.example`: `nordlichtpapier`. */
function domainOf(text: string): string[] {
  const [, domain] = /(?:@|^www\.|^https?:\/\/(?:www\.)?)([\p{L}\d-]+(?:\.[\p{L}\d-]+)*)\.\p{L}{2,}/u.exec(text.toLowerCase()) ?? [];
  const name = domain?.split('.').at(-1);
  return name === undefined ? [] : [name];
}

/** Whether a long word of the name, in one of its spellings, is in the domain. */
function namesDomain({ name, domain }: { name: string; domain: string }): boolean {
  const plain = keyOf(domain);
  const spelled = name.toLowerCase().replace(/ä/g, 'ae').replace(/ö/g, 'oe').replace(/ü/g, 'ue');
  return [name, spelled].some((spelling) => spelling.split(/[\s&+-]+/).filter((word) => !legalForms.test(word)).some((word) => keyOf(word).length >= 4 && plain.includes(keyOf(word))));
}

/** The column of text beside or under a label such as `Bill to`. */
export function recipientWords(layout: Layout, { labels }: { labels: readonly Label[] }): ReadonlySet<Word> {
  const labelsIn = byRow(labels);
  const heads = labels.filter(({ meaning, row, from }) => meaning === 'buyer' && startsSegment(row, from));
  return new Set(
    heads.flatMap(({ row, from }) => {
      const beside = row.words.slice(from).filter((word, index, all) => index === 0 || gap(all[index - 1] ?? word, word) < 6 * word.height);
      return [...beside, ...columnBelow(layout, { row, at: from, labelsIn })];
    }),
  );
}

/** What stands under a word at its left edge, line by line, up to a gap or another label. */
export function columnBelow(layout: Layout, { row: head, at, labelsIn }: { row: Row; at: number; labelsIn: ReturnType<typeof byRow> }): Word[] {
  const left = head.words[at]?.left ?? 0;
  const found: Word[] = [];
  let lowest = head.middle;
  for (const row of layout.rows.slice(layout.rows.indexOf(head) + 1)) {
    const unit = Math.max(row.height, layout.height);
    if (row.page !== head.page || row.middle - lowest > 3 * unit) break;
    const segment = segmentsOf(row).find(([first]) => first !== undefined && Math.abs(first.left - left) < unit);
    if (segment === undefined) continue;
    const label = labelsIn(row).find((other) => segment[0] === row.words[other.from]);
    if (label !== undefined && !['buyer', 'buyerTaxId', 'vendorTaxId'].includes(label.meaning)) break;
    found.push(...segment);
    lowest = row.middle;
  }
  return found;
}

function startsSegment(row: Row, at: number): boolean {
  const word = row.words[at];
  const before = row.words[at - 1];
  return word !== undefined && (before === undefined || areApart({ before, word }));
}
