import type { ExtractedFields } from '../../../contracts/invoice.ts';
import type { Doubt } from '../page/found.ts';
import type { Proposal } from '../evidence/judge.ts';
import { placesOf } from '../evidence/legibility.ts';
import { amountsAmong, sumFields } from '../fields/sums.ts';
import { minorDigitsOf } from '../formats/amounts.ts';
import { parseDate } from '../formats/dates.ts';
import type { Survey } from '../page/survey.ts';
import { keyOf } from '../page/vocabulary.ts';
import type { ModelAnswer } from './question.ts';

export interface Reconciled {
  readonly proposal: Proposal;
  readonly doubts: ReadonlyMap<keyof ExtractedFields, Doubt>;
}

/**
 * Takes the model's values as far as they stand on the page, and the rules' otherwise. Where both do not say the same, a person is to look: a model
 * reads labels that the rules do not know, but it also believes what a forger writes.
 */
export function reconcile({ page, answer, rules }: { page: Survey; answer: ModelAnswer; rules: Proposal }): Reconciled {
  const said = valuesOf(answer, page);
  const proposal: Record<string, string | number | null> = {};
  const doubts = new Map<keyof ExtractedFields, Doubt>();
  for (const field of Object.keys(rules) as (keyof ExtractedFields)[]) {
    const own = rules[field];
    const value = said[field];
    proposal[field] = own;
    if (value === own || (value !== null && own !== null && field === 'vendorName' && keyOf(String(value)) === keyOf(String(own)))) continue;
    if (value === null) {
      doubts.set(field, { why: 'the model does not find it', atMost: 0.75 });
    } else if (isOnPage({ page, field, value })) {
      proposal[field] = value;
      doubts.set(field, { why: own === null ? 'only the model finds it' : `the labels speak for "${own}"`, atMost: 0.6 });
    } else {
      doubts.set(field, { why: `the model says "${String(value).slice(0, 80)}", which does not stand on the page`, atMost: 0.6 });
    }
  }
  return { proposal: proposal as unknown as Proposal, doubts };
}

function valuesOf(answer: ModelAnswer, { currency }: Survey): Proposal {
  const bare = (text: string | null) => text?.toUpperCase().replace(/[^A-Z0-9]/g, '') || null;
  const trimmed = (text: string | null) => text?.trim().replace(/\s+/g, ' ') || null;
  const amount = (text: string | null) => minorUnitsOf(text, answer.currency ?? currency);
  return {
    vendorName: trimmed(answer.vendorName),
    vendorTaxId: bare(answer.vendorTaxId),
    invoiceNumber: trimmed(answer.invoiceNumber),
    invoiceDate: answer.invoiceDate === null ? null : (parseDate(answer.invoiceDate)?.iso ?? trimmed(answer.invoiceDate)),
    orderNumber: trimmed(answer.orderNumber),
    currency: bare(answer.currency),
    net: amount(answer.net),
    tax: amount(answer.tax),
    total: amount(answer.total),
    iban: bare(answer.iban),
  };
}

/** From a decimal number in digits; `null` for anything else. */
function minorUnitsOf(text: string | null, currency: string): number | null {
  const [, sign = '', whole, fraction = ''] = /^(-?)(\d{1,12})(?:\.(\d{1,3}))?$/.exec(text?.trim() ?? '') ?? [];
  const digits = minorDigitsOf(currency);
  if (whole === undefined || /[1-9]/.test(fraction.slice(digits))) return null;
  const units = Number(whole + fraction.slice(0, digits).padEnd(digits, '0'));
  return sign === '' || units === 0 ? units : -units;
}

function isOnPage({ page, field, value }: { page: Survey; field: keyof ExtractedFields; value: string | number }): boolean {
  const amounts = sumFields.find((sum) => sum === field);
  if (amounts !== undefined) return page.layout.rows.some(({ words }) => amountsAmong(words, page.currency).some((amount) => amount.value === value));
  const text = String(value);
  return page.texts[field as keyof Survey['texts']].some((found) => found.value === text) || placesOf({ layout: page.layout, value: text }).length > 0;
}
