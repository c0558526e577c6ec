import { createHash } from 'node:crypto';
import type { enterInvoice } from '../../contracts/activities/legacy-erp.ts';
import { unexpected } from '../../contracts/failures.ts';
import type { Money } from '../../contracts/money.ts';
import type { InputOf } from '../implement.ts';

export type Entry = InputOf<typeof enterInvoice>;

export const headerLabels = ['Vendor no.', 'Vendor name', 'Invoice no.', 'Document date', 'Purchase order', 'Cost centre', 'Reference'] as const;
export const amountLabels = ['Currency', 'Net amount', 'Tax amount', 'Gross amount'] as const;
export type Label = (typeof headerLabels)[number] | (typeof amountLabels)[number];

/** What stands, or is to stand, beside each label of the ERP. */
export type Facts = Readonly<Record<Label, string>>;

const longestReference = 120;

/** The idempotency key as the ERP's reference. A key too long for the field keeps its beginning, for people, and gets a digest. */
export function referenceOf(key: string): string {
  if (key.length <= longestReference) return key;
  const digest = createHash('sha256').update(key).digest('hex').slice(0, 32);
  return `${key.slice(0, longestReference - digest.length - 1)}#${digest}`;
}

/** What the robot types. */
export function factsOf({ entry, reference }: { entry: Entry; reference: string }): Facts {
  const { net, tax, total } = entry;
  if (net.currency !== total.currency || tax.currency !== total.currency) {
    throw unexpected(`invoice ${entry.invoiceNumber}: net is in ${net.currency}, tax in ${tax.currency}, total in ${total.currency}; the legacy ERP keeps one currency per document. Correct the amounts.`);
  }
  return {
    'Vendor no.': entry.vendorId,
    'Vendor name': entry.vendorName,
    'Invoice no.': entry.invoiceNumber,
    'Document date': entry.invoiceDate.split('-').reverse().join('.'),
    'Purchase order': entry.orderNumber,
    'Cost centre': entry.costCentre,
    Reference: reference,
    Currency: total.currency,
    'Net amount': decimal(net),
    'Tax amount': decimal(tax),
    'Gross amount': decimal(total),
  };
}

/** Compares what the ERP shows with what was meant; empty when all is the same. */
export function differences({ meant, shown }: { meant: Facts; shown: ReadonlyMap<string, string> }): string[] {
  return [...headerLabels, ...amountLabels].flatMap((label) => {
    const there = shown.get(label);
    return there !== undefined && canonical({ label, text: there }) === canonical({ label, text: meant[label] })
      ? []
      : [`${label} is ${there === undefined ? 'not shown' : `"${there}"`} instead of "${meant[label]}"`];
  });
}

/** How the ERP finds things: letter case and blanks do not count. */
export const sameInErp = (one: string, other: string): boolean => squeezed(one).toLowerCase() === squeezed(other).toLowerCase();

export const squeezed = (text: string): string => text.replaceAll(/\s+/g, ' ').trim();

function canonical({ label, text }: { label: Label; text: string }): string {
  // 1,190.00 and 1190.00 are one amount.
  return label.endsWith('amount') ? squeezed(text).replaceAll(',', '') : squeezed(text);
}

function decimal({ minorUnits, currency }: Money): string {
  const decimals = new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions().maximumFractionDigits ?? 2;
  const digits = String(Math.abs(minorUnits)).padStart(decimals + 1, '0');
  const whole = digits.slice(0, digits.length - decimals);
  return `${minorUnits < 0 ? '-' : ''}${whole}${decimals > 0 ? `.${digits.slice(-decimals)}` : ''}`;
}
