/** How German and English invoices write amounts, dates and account numbers. */

export function amountIn(language: 'de' | 'en', minorUnits: number): string {
  const [group, point] = language === 'de' ? ['.', ','] : [',', '.'];
  const whole = String(Math.floor(minorUnits / 100)).replace(/\B(?=(\d{3})+$)/g, group);
  return `${whole}${point}${String(minorUnits % 100).padStart(2, '0')}`;
}

const months = {
  de: ['Januar', 'Februar', 'März', 'April', 'Mai', 'Juni', 'Juli', 'August', 'September', 'Oktober', 'November', 'Dezember'],
  en: ['January', 'February', 'March', 'April', 'May', 'June', 'July', 'August', 'September', 'October', 'November', 'December'],
} as const;

/** `5.10.2026` as 05.10.2026, in words as 5. Oktober 2026 or 5 October 2026 or, in America, October 5, 2026. */
export function dateIn(form: 'dotted' | 'deWords' | 'enWords' | 'usWords', iso: string): string {
  const [year = '', month = '', day = ''] = iso.split('-');
  const forms = {
    dotted: () => `${day}.${month}.${year}`,
    deWords: () => `${Number(day)}. ${months.de[Number(month) - 1]} ${year}`,
    enWords: () => `${Number(day)} ${months.en[Number(month) - 1]} ${year}`,
    usWords: () => `${months.en[Number(month) - 1]} ${Number(day)}, ${year}`,
  };
  return forms[form]();
}

/** ISO in, ISO out. */
export function daysLater(iso: string, days: number): string {
  return new Date(Date.parse(iso) + days * 86_400_000).toISOString().slice(0, 10);
}

/** In groups of four, as it is printed. */
export const grouped = (iban: string): string => iban.replace(/(.{4})(?=.)/g, '$1 ');
