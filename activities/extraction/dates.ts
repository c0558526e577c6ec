const monthNames: readonly (readonly string[])[] = [
  ['januar', 'jänner', 'january', 'jan'],
  ['februar', 'february', 'feb'],
  ['märz', 'maerz', 'march', 'mar', 'mrz'],
  ['april', 'apr'],
  ['mai', 'may'],
  ['juni', 'june', 'jun'],
  ['juli', 'july', 'jul'],
  ['august', 'aug'],
  ['september', 'sept', 'sep'],
  ['oktober', 'october', 'okt', 'oct'],
  ['november', 'nov'],
  ['dezember', 'december', 'dez', 'dec'],
];

export interface PrintedDate {
  readonly iso: string;
  /** The other date that the same digits may mean where the month comes first: 03/04/2026. */
  readonly orElse?: string;
  /** How many words it takes. */
  readonly words: number;
}

/**
 * The date that begins with the first of these words: 05.10.2026, 5.10.26, 2026-10-05, 14/10/2026, 5. Oktober 2026, 5 October 2026,
 * October 5, 2026. `undefined` when there is none.
 */
export function dateAt(words: readonly string[]): PrintedDate | undefined {
  const [first = '', second = '', third = ''] = words.map((word) => word.replace(/[,;:)]+$/, '').replace(/^\(/, ''));
  return inDigits(first) ?? inWords({ day: first, month: second, year: third, words: 3 }) ?? inWords({ day: second, month: first, year: third, words: 3 });
}

function inDigits(word: string): PrintedDate | undefined {
  const iso = /^(\d{4})-(\d{2})-(\d{2})$/.exec(word);
  if (iso) return checked({ year: Number(iso[1]), month: Number(iso[2]), day: Number(iso[3]) });
  const match = /^(\d{1,2})([./-])(\d{1,2})\2(\d{4}|\d{2})\.?$/.exec(word);
  if (!match) return undefined;
  const [, first, separator, second, digits = ''] = match;
  const year = digits.length === 2 ? 2000 + Number(digits) : Number(digits);
  const dayFirst = checked({ year, month: Number(second), day: Number(first) });
  // With points the day comes first everywhere; with strokes America puts the month first.
  if (separator === '.') return dayFirst;
  const monthFirst = checked({ year, month: Number(first), day: Number(second) });
  if (dayFirst && monthFirst && dayFirst.iso !== monthFirst.iso) return { ...dayFirst, orElse: monthFirst.iso };
  return dayFirst ?? monthFirst;
}

function inWords({ day, month, year, words }: { day: string; month: string; year: string; words: number }): PrintedDate | undefined {
  const name = month.toLowerCase().replace(/\.$/, '');
  const at = monthNames.findIndex((names) => names.includes(name));
  if (at < 0 || !/^\d{1,2}(\.|st|nd|rd|th)?$/.test(day) || !/^\d{4}\.?$/.test(year)) return undefined;
  const date = checked({ year: Number.parseInt(year, 10), month: at + 1, day: Number.parseInt(day, 10) });
  return date && { ...date, words };
}

function checked({ year, month, day }: { year: number; month: number; day: number }): PrintedDate | undefined {
  const date = new Date(Date.UTC(year, month - 1, day));
  if (year < 1990 || year > 2099 || date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day) return undefined;
  return { iso: date.toISOString().slice(0, 10), words: 1 };
}
