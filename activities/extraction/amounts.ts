/** Currencies as they are printed. A dollar sign alone may be many a country's. */
const signs: readonly (readonly [RegExp, string])[] = [
  [/€|\bEUR\b|\bEuro\b/, 'EUR'],
  [/\bUSD\b|US\$/, 'USD'],
  [/£|\bGBP\b/, 'GBP'],
  [/\bCHF\b/, 'CHF'],
  [/\bJPY\b/, 'JPY'],
  [/\bCAD\b/, 'CAD'],
  [/\bAUD\b/, 'AUD'],
  [/\bSEK\b/, 'SEK'],
  [/\bDKK\b/, 'DKK'],
  [/\bNOK\b/, 'NOK'],
  [/\bPLN\b/, 'PLN'],
  [/\bCZK\b/, 'CZK'],
];

/** The currencies that a text names; `$` and `¥` stand for themselves when nothing says whose they are. */
export function currenciesIn(text: string): string[] {
  const named = signs.filter(([pattern]) => pattern.test(text)).map(([, code]) => code);
  if (/\$/.test(text) && !named.some((code) => code.endsWith('D'))) named.push('$');
  if (/¥/.test(text) && !named.includes('JPY')) named.push('¥');
  return named;
}

/** Digits after the point, by ISO 4217; two for those not named. */
const minorDigits: Readonly<Record<string, number>> = { JPY: 0, KRW: 0, ISK: 0, BHD: 3, KWD: 3, TND: 3 };
export const minorDigitsOf = (currency: string): number => minorDigits[currency] ?? 2;

/** An amount as printed: its digits without separators, and how many of them come after the decimal sign. */
export interface PrintedAmount {
  readonly digits: string;
  readonly decimals: number;
}

/**
 * Reads `1.234,56`, `1,234.56`, `1'234.56`, `1234,56`, `1.234` and `12,345`. Exactly three digits after the only kind of separator are thousands,
 * one or two are decimals. `undefined` for what is not an amount, such as dates, numbers of parts, percentages.
 */
export function parseAmount(text: string): PrintedAmount | undefined {
  const plain = text
    .replace(/^[^\d-]*(?=-?\d)/, (lead) => (/^([€$£¥(]|EUR|USD|GBP|CHF|JPY|[„"'])*$/.test(lead.replace(/\s/g, '')) ? '' : lead))
    .replace(/([€$£¥)]|EUR|USD|GBP|CHF|JPY|[,.;:-])+$/, '');
  const match = /^(\d{1,3}(?:([.,'’])\d{3})(?:\2\d{3})*|\d+)(?:([.,])(\d{1,3}))?$/.exec(plain);
  if (match === null) return undefined;
  const [, whole = '', thousands, point, fraction = ''] = match;
  // In scans a comma may pass for a point: 5.058.00.
  if (point !== undefined && point === thousands && fraction.length !== 2) return undefined;
  const digits = whole.replace(/\D/g, '');
  // An amount of money never begins with a nought but below one.
  if (/^0\d/.test(digits)) return undefined;
  return { digits: digits + fraction, decimals: fraction.length };
}

/** In the currency's minor unit; `undefined` when the decimals do not fit the currency. */
export function minorUnitsOf({ digits, decimals }: PrintedAmount, currency: string): number | undefined {
  const wanted = minorDigitsOf(currency);
  if (decimals !== 0 && decimals !== wanted) return undefined;
  const value = Number(digits) * 10 ** (wanted - decimals);
  return Number.isSafeInteger(value) ? value : undefined;
}
