import type { Proposal } from './evidence/judge.ts';
import { strongestFirst, type Survey, type TextField } from './page/survey.ts';
import type { SumField } from './fields/sums.ts';

/** The fields as the page's own labels name them, without a model. */
export function proposeByRules({ texts, amounts, sums }: Survey): Proposal {
  const text = (field: TextField) => strongestFirst(texts[field])[0]?.value ?? null;
  const amount = (field: SumField) => sums[0]?.[field] ?? strongestFirst(amounts[field])[0]?.value ?? null;
  return {
    vendorName: text('vendorName'),
    vendorTaxId: text('vendorTaxId'),
    invoiceNumber: text('invoiceNumber'),
    invoiceDate: text('invoiceDate'),
    orderNumber: text('orderNumber'),
    currency: text('currency'),
    net: amount('net'),
    tax: amount('tax'),
    total: amount('total'),
    iban: text('iban'),
  };
}
