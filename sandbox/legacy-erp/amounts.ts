/** The currencies this ERP was set up with, and how many decimals each has. */
export const currencies: Readonly<Record<string, number>> = { EUR: 2, USD: 2, GBP: 2, CHF: 2, SEK: 2, NOK: 2, DKK: 2, PLN: 2, CZK: 2, HUF: 2, JPY: 0 };

/** `1234.50` or `1,234.50` to minor units; `undefined` when it is no amount in that currency. */
export function readAmount({ text, currency }: { text: string; currency: string }): number | undefined {
  const decimals = currencies[currency] ?? 2;
  const match = /^(-?)(\d{1,3}(?:,\d{3})+|\d{1,12})(?:\.(\d+))?$/.exec(text.trim());
  if (!match) return undefined;
  const [, sign = '', whole = '', fraction = ''] = match;
  if (fraction.length > decimals) return undefined;
  const minorUnits = Number(whole.replaceAll(',', '') + fraction.padEnd(decimals, '0'));
  // Not -0, which JSON would turn into 0 on the way to the journal.
  return sign && minorUnits ? -minorUnits : minorUnits;
}

/** Minor units to `1,234.50`. */
export function showAmount({ minorUnits, currency }: { minorUnits: number; currency: string }): string {
  const decimals = currencies[currency] ?? 2;
  return new Intl.NumberFormat('en-US', { minimumFractionDigits: decimals, maximumFractionDigits: decimals }).format(minorUnits / 10 ** decimals);
}
