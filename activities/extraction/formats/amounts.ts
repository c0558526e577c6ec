/** ISO 4217: how many digits follow the point, where it is not two. */
const minorDigits: Readonly<Record<string, number>> = { JPY: 0, KRW: 0, ISK: 0, CLP: 0, VND: 0, KWD: 3, BHD: 3, TND: 3, JOD: 3, OMR: 3 };

export const minorDigitsOf = (currency: string): number => minorDigits[currency] ?? 2;

const signs: Readonly<Record<string, string>> = { '€': 'EUR', EURO: 'EUR', '£': 'GBP', '¥': 'JPY', $: 'USD', US$: 'USD', C$: 'CAD', A$: 'AUD', HK$: 'HKD', SFR: 'CHF' };
const codes = new Set('EUR USD GBP CHF JPY SEK NOK DKK PLN CZK HUF RON BGN CAD AUD NZD HKD SGD CNY INR KRW ISK TRY ZAR MXN BRL ILS AED SAR KWD BHD TND JOD OMR CLP VND THB'.split(' '));

export interface CurrencySign {
  readonly currency: string;
  /** `$` and `¥` stand for several currencies. */
  readonly exact: boolean;
}

/** The currency that a word, or the sign at one of its ends, stands for. */
export function currencyIn(word: string): CurrencySign | undefined {
  const [, before = '', after = ''] = /^([^\d\s]*)(?:\d[\d.,'’–-]*)?([^\d\s]*)$/.exec(word) ?? [];
  for (const part of [before, after]) {
    const bare = part.replace(/[()[\].,:;/*+-]/g, '');
    if (codes.has(bare)) return { currency: bare, exact: true };
    const currency = signs[bare.toUpperCase()];
    if (currency !== undefined) return { currency, exact: bare !== '$' && bare !== '¥' };
  }
  return undefined;
}

export interface Amount {
  readonly minorUnits: number;
  /** Whether it is written with the digits after the point that its currency has. */
  readonly exact: boolean;
}

/**
 * An amount as German, English and Swiss invoices write it, with or without its currency's sign: `1.838,55`, `€1,838.55`, `1'838.55`, `1.838,-`.
 * `undefined` when the text is no amount, a rate (`19,00%`), or follows no one's rules.
 */
export function parseAmount(text: string, currency: string): Amount | undefined {
  const bare = text.replace(/^[„“"'(]*(?:[A-Z]{0,2}[€$£¥]|[A-Z]{3})?/, '').replace(/(?:[€$£¥]|[A-Z]{3})?\)?[*.:;]?$/, '');
  const digits = minorDigitsOf(currency);
  const fractions = digits === 0 ? '[-–—]{1,2}' : `\\d{${digits}}|[-–—]{1,2}`;
  // With three digits after the point, the last group is the fraction.
  const lazy = digits === 3 ? '?' : '';
  const [, minus, whole, point, fraction] = new RegExp(`^([-–−]?)(\\d{1,3}(?:[.,'’]\\d{3})*${lazy}|\\d+)(?:([.,])(${fractions}))?$`).exec(bare) ?? [];
  if (whole === undefined) return undefined;
  const groups = new Set(whole.replace(/\d/g, ''));
  // `1.234.56` and `1,234.567,00`
  if (groups.size > 1 || (point !== undefined && groups.has(point))) return undefined;
  const cents = fraction !== undefined && /\d/.test(fraction) ? Number(fraction) : undefined;
  const minorUnits = Number(whole.replace(/\D/g, '')) * 10 ** digits + (cents ?? 0);
  if (!Number.isSafeInteger(minorUnits)) return undefined;
  return { minorUnits: minus ? -minorUnits : minorUnits, exact: cents !== undefined || digits === 0 };
}

/** `19 %`, `(7,7%)`: per cent. */
export function parseRate(text: string): number | undefined {
  const [, whole, fraction = '0'] = /^\(?(\d{1,2})(?:[.,](\d{1,2}))?%[):]?$/.exec(text.replace(/\s/g, '')) ?? [];
  return whole === undefined ? undefined : Number(`${whole}.${fraction}`);
}
