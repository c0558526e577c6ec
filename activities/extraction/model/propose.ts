import { invoiceFields, type ExtractedFields } from '../../../contracts/invoice.ts';
import type { Doubt, Found } from '../page/found.ts';
import type { Proposal } from '../evidence/judge.ts';
import { placesOf } from '../evidence/legibility.ts';
import { amountsAmong, sumFields } from '../fields/sums.ts';
import { minorDigitsOf } from '../formats/amounts.ts';
import { parseDate } from '../formats/dates.ts';
import type { Survey, TextField } from '../page/survey.ts';
import { keyOf } from '../page/vocabulary.ts';
import type { ModelAnswer } from './question.ts';

export interface Reconciled {
  readonly proposal: Proposal;
  readonly doubts: ReadonlyMap<keyof ExtractedFields, Doubt>;
}

/**
 * Takes of each field the value that the page itself supports better, the model's where both do alike or the rules have none. Where the two do not
 * say the same, a person is to look: a model reads labels that the rules do not know, but it also believes what a forger writes.
 */
export function reconcile({ page, answer, rules }: { page: Survey; answer: ModelAnswer; rules: Proposal }): Reconciled {
  const said = valuesOf(answer, page);
  const doubts = new Map<keyof ExtractedFields, Doubt>();
  const choose = (field: keyof ExtractedFields): string | number | null => {
    const own = rules[field];
    const value = said[field];
    if (value === own || (field === 'vendorName' && keyOf(String(value)) === keyOf(String(own)))) return own;
    if (value === null) {
      doubts.set(field, { why: 'the model does not find it', atMost: 0.75 });
      return own;
    }
    const support = supportFor({ page, field, value });
    if (support === undefined) {
      doubts.set(field, { why: `the model says "${String(value).slice(0, 80)}", which does not stand on the page`, atMost: 0.6 });
      return own;
    }
    const chosen = own === null || support >= (supportFor({ page, field, value: own }) ?? 0) ? value : own;
    const other = chosen === value ? own : value;
    doubts.set(field, { why: other === null ? 'only the model finds it' : `${chosen === value ? 'the rules take' : 'the model takes'} "${String(other).slice(0, 80)}"`, atMost: 0.6 });
    return chosen;
  };
  return { proposal: Object.fromEntries(invoiceFields.map((field) => [field, choose(field)])) as Proposal, doubts };
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

/** How clearly the page says that the value is the field's; 0 where it only stands there, `undefined` where it does not. */
function supportFor({ page, field, value }: { page: Survey; field: keyof ExtractedFields; value: string | number }): number | undefined {
  const sum = sumFields.find((name) => name === field);
  const founds: readonly (Found | Found<number>)[] = sum === undefined ? page.texts[field as TextField] : page.amounts[sum];
  const strengths = founds.filter((found) => found.value === value).map(({ strength }) => strength);
  if (strengths.length > 0) return Math.max(...strengths);
  const there =
    sum === undefined
      ? placesOf({ layout: page.layout, value: String(value) }).length > 0
      : page.layout.rows.some(({ words }) => amountsAmong(words, page.currency).some((amount) => amount.value === value));
  return there ? 0 : undefined;
}
