const months = [
  'januar january janner jan',
  'februar february feb',
  'marz maerz march mrz mar',
  'april apr',
  'mai may',
  'juni june jun',
  'juli july jul',
  'august aug',
  'september sept sep',
  'oktober october okt oct',
  'november nov',
  'dezember december dez dec',
].map((names) => names.split(' '));

export interface ParsedDate {
  /** ISO 8601 */
  readonly iso: string;
  /** The other day that the same digits may mean: `03/04/2026` is in March or in April. */
  readonly or?: string;
}

interface Shape {
  readonly pattern: RegExp;
  readonly read: (parts: readonly string[]) => ParsedDate | undefined;
}

const shapes: readonly Shape[] = [
  { pattern: /^(\d{4})-(\d{1,2})-(\d{1,2})$/, read: ([y = '', m = '', d = '']) => day({ y, m, d }) },
  { pattern: /^(\d{1,2})\.(\d{1,2})\.(\d{4}|\d{2})$/, read: ([d = '', m = '', y = '']) => day({ y, m, d }) },
  { pattern: /^(\d{1,2})[/-](\d{1,2})[/-](\d{4}|\d{2})$/, read: ([a = '', b = '', y = '']) => dayOrMonthFirst({ a, b, y }) },
  { pattern: /^(\d{1,2})(?:\.|st|nd|rd|th)?[ -]?([a-z]+)[.,]?[ -]?(\d{4})$/, read: ([d = '', month = '', y = '']) => day({ y, m: monthOf(month), d }) },
  { pattern: /^([a-z]+)\.? ?(\d{1,2})(?:st|nd|rd|th)?,? ?(\d{4})$/, read: ([month = '', d = '', y = '']) => day({ y, m: monthOf(month), d }) },
];

/** A date as German and English invoices write it; `undefined` for what is none, the 31st of April included. */
export function parseDate(text: string): ParsedDate | undefined {
  const plain = text.toLowerCase().normalize('NFD').replace(/\p{M}/gu, '').replace(/\s+/g, ' ').replace(/[,;)]+$/, '').trim();
  for (const { pattern, read } of shapes) {
    const match = pattern.exec(plain);
    if (match) return read(match.slice(1));
  }
  return undefined;
}

/** With slashes, Europeans write the day first, and Americans the month. */
function dayOrMonthFirst({ a, b, y }: { a: string; b: string; y: string }): ParsedDate | undefined {
  const european = day({ y, m: b, d: a });
  const american = day({ y, m: a, d: b });
  if (european === undefined || american === undefined || european.iso === american.iso) return european ?? american;
  return { iso: european.iso, or: american.iso };
}

function day({ y, m, d }: { y: string; m: string; d: string }): ParsedDate | undefined {
  const year = y.length === 2 ? `20${y}` : y;
  const iso = `${year}-${m.padStart(2, '0')}-${d.padStart(2, '0')}`;
  const time = Date.parse(`${iso}T00:00:00Z`);
  if (Number.isNaN(time) || new Date(time).toISOString().slice(0, 10) !== iso) return undefined;
  return Number(year) >= 2000 && Number(year) < 2100 ? { iso } : undefined;
}

function monthOf(name: string): string {
  const index = months.findIndex((names) => names.includes(name));
  return index < 0 ? '' : String(index + 1);
}
