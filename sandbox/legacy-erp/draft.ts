import { z } from 'zod';
import { currencies, readAmount, showAmount } from './amounts.ts';
import type { Books, Draft } from './books.ts';
import type { Field } from './frame.ts';

export const headerFields = [
  { name: 'vendorId', label: 'Vendor no.', size: 14, max: 40, required: true },
  { name: 'vendorName', label: 'Vendor name', size: 50, max: 120, required: true },
  { name: 'invoiceNumber', label: 'Invoice no.', size: 24, max: 40, required: true },
  { name: 'invoiceDate', label: 'Document date', size: 10, max: 10, required: true, hint: 'DD.MM.YYYY' },
  { name: 'orderNumber', label: 'Purchase order', size: 24, max: 30, required: true },
  { name: 'costCentre', label: 'Cost centre', size: 14, max: 40, required: true },
  { name: 'reference', label: 'Reference', size: 60, max: 120, hint: 'free text' },
] as const satisfies readonly Field[];

export const amountFields = [
  { name: 'currency', label: 'Currency', size: 4, max: 3, required: true },
  { name: 'net', label: 'Net amount', size: 16, max: 20, required: true },
  { name: 'tax', label: 'Tax amount', size: 16, max: 20, required: true },
  { name: 'total', label: 'Gross amount', size: 16, max: 20, required: true },
] as const satisfies readonly Field[];

const text = z.string().trim().catch('');
const Form = z.object({
  vendorId: text,
  vendorName: text,
  invoiceNumber: text,
  invoiceDate: text,
  orderNumber: text,
  costCentre: text,
  reference: text,
  currency: text,
  net: text,
  tax: text,
  total: text,
});
/** What was typed, as it was typed. */
export type Typed = Readonly<z.infer<typeof Form>>;

/** Takes the known fields out of a form; what is missing or no text is empty. */
export const readForm = (body: unknown): Typed => Form.parse(typeof body === 'object' && body !== null ? body : {});

/** A draft as it would be typed, and as the pages show it. */
export function showDraft(draft: Draft): Typed {
  const { net, tax, total, invoiceDate, ...texts } = draft;
  return { ...texts, invoiceDate: showDate(invoiceDate), currency: total.currency, net: showAmount(net), tax: showAmount(tax), total: showAmount(total) };
}

interface Rules {
  books: Books;
  /** The last day of the last closed posting period, ISO. */
  closedUntil: string;
}

/** What speaks against the header, in words for the clerk; empty when nothing does. */
export function checkHeader({ typed, books, closedUntil }: { typed: Typed } & Rules): string[] {
  const problems = checkForm({ typed, fields: headerFields });
  const date = readDate(typed.invoiceDate);
  if (typed.invoiceDate !== '' && date === undefined) problems.push(`Document date ${typed.invoiceDate} is not a date (DD.MM.YYYY).`);
  if (date !== undefined && date <= closedUntil) problems.push(`Posting period ${date.slice(5, 7)}/${date.slice(0, 4)} is closed.`);
  const vendorBlock = books.block({ kind: 'vendor', value: typed.vendorId });
  if (vendorBlock) problems.push(`Vendor ${typed.vendorId} is blocked for posting: ${vendorBlock.reason}`);
  const referenceBlock = books.block({ kind: 'reference', value: typed.reference });
  if (referenceBlock) problems.push(`Reference ${typed.reference} is blocked for posting: ${referenceBlock.reason}`);
  return problems;
}

export function checkAmounts({ typed }: { typed: Typed }): string[] {
  const problems = checkForm({ typed, fields: amountFields });
  if (problems.length > 0) return problems;
  const { currency } = typed;
  if (!Object.hasOwn(currencies, currency)) return [`Currency ${currency} is not set up in client 100.`];
  for (const { name, label } of amountFields.slice(1)) {
    if (readAmount({ text: typed[name], currency }) === undefined) problems.push(`${label} ${typed[name]} is not an amount in ${currency}.`);
  }
  if (problems.length > 0) return problems;
  const { net, tax, total } = amountsOf(typed);
  if (total.minorUnits <= 0) problems.push('Gross amount must be greater than zero.');
  if (net.minorUnits + tax.minorUnits !== total.minorUnits) problems.push(`Document does not balance: net ${typed.net} + tax ${typed.tax} is not gross ${typed.total}.`);
  return problems;
}

/** What was typed, once the checks found nothing. */
export function draftOf(typed: Typed): Draft {
  const { vendorId, vendorName, invoiceNumber, orderNumber, costCentre, reference } = typed;
  const invoiceDate = readDate(typed.invoiceDate);
  if (invoiceDate === undefined) throw new Error(`unchecked document date "${typed.invoiceDate}"`);
  return { vendorId, vendorName, invoiceNumber, invoiceDate, orderNumber, costCentre, reference, ...amountsOf(typed) };
}

function amountsOf(typed: Typed): Pick<Draft, 'net' | 'tax' | 'total'> {
  const { currency } = typed;
  const amount = (text: string) => {
    const minorUnits = readAmount({ text, currency });
    if (minorUnits === undefined) throw new Error(`unchecked amount "${text}"`);
    return { minorUnits, currency };
  };
  return { net: amount(typed.net), tax: amount(typed.tax), total: amount(typed.total) };
}

function checkForm({ typed, fields }: { typed: Typed; fields: readonly (Field & { name: keyof Typed })[] }): string[] {
  return fields.flatMap(({ name, label, max, required }) => {
    if (required && typed[name] === '') return [`${label} is missing.`];
    return typed[name].length > max ? [`${label} is longer than ${max} characters.`] : [];
  });
}

function readDate(text: string): string | undefined {
  const [, day, month, year] = /^(\d{2})\.(\d{2})\.(\d{4})$/.exec(text) ?? [];
  const iso = `${year}-${month}-${day}`;
  const date = new Date(`${iso}T00:00:00Z`);
  // 31.02. becomes 3 March, and is therefore no date.
  return !Number.isNaN(date.valueOf()) && date.toISOString().startsWith(iso) ? iso : undefined;
}

export const showDate = (iso: string): string => iso.slice(0, 10).split('-').reverse().join('.');
