import type { Invoice } from '../contracts/invoice.ts';
import { documents } from './documents.ts';
import { fieldsOf, paper } from './invoices.ts';

/** What a careful person reads in a document; `null` for what is not there, or cannot be read by anyone. */
export interface Truth {
  readonly documentType: 'invoice' | 'other' | 'unknown';
  readonly fields: { readonly [F in keyof Invoice]: Invoice[F] | null };
}

const nothing: Truth['fields'] = {
  vendorName: null,
  vendorTaxId: null,
  invoiceNumber: null,
  invoiceDate: null,
  orderNumber: null,
  currency: null,
  net: null,
  tax: null,
  total: null,
  iban: null,
};

/** By file name. */
export function truth(): Readonly<Record<string, Truth>> {
  return Object.fromEntries(documents.map((document) => [document.file, truthOf(document)]));
}

function truthOf({ invoice, readable }: (typeof documents)[number]): Truth {
  if (!readable) return { documentType: 'unknown', fields: nothing };
  if (invoice === null) {
    // The delivery note comes on the paper of the firm that sends the first invoice.
    const { seller, orderNumber } = paper;
    return { documentType: 'other', fields: { ...nothing, vendorName: seller.name, vendorTaxId: seller.taxId, orderNumber, iban: seller.iban } };
  }
  return { documentType: 'invoice', fields: fieldsOf(invoice) };
}
