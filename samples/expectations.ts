import { readFileSync } from 'node:fs';
import type { SupplierInvoiceStep } from '../contracts/processes/supplier-invoice.ts';
import type { Invoice } from '../contracts/invoice.ts';
import type { Truth } from './truth.ts';

/** Somebody who decides a task, and how. */
export interface ExpectedDecision {
  readonly step: SupplierInvoiceStep;
  readonly user: 'petra' | 'felix' | 'tara';
  readonly decision: Readonly<Record<string, unknown>> & { readonly outcome: string };
}

/** What the books of the sandbox hold for one document when its instance has ended. */
export interface ExpectedBooks {
  readonly claim: 'claimed' | 'released' | null;
  readonly reservation: 'reserved' | 'released' | null;
  readonly erpEntry: 'posted' | 'cancelled' | null;
  readonly payment: 'scheduled' | 'cancelled' | null;
  readonly mails: number;
}

export interface Expectation {
  readonly file: string;
  readonly title: string;
  readonly status: 'completed' | 'rejected';
  /** The steps that run, in the order of the definition; a refused one counts. */
  readonly steps: readonly SupplierInvoiceStep[];
  /** The steps that are undone, newest first. */
  readonly undone: readonly SupplierInvoiceStep[];
  readonly decisions: readonly ExpectedDecision[];
  readonly books: ExpectedBooks;
  /** A document that must have ended before this one is handed in. */
  readonly after?: string;
}

const read = ['readDocument', 'extractFields'] as const;
const find = ['findVendor', 'findOrder'] as const;
const finish = ['reserveBudget', 'enterInLegacyErp', 'schedulePayment', 'notifySupplier'] as const;

const paid: ExpectedBooks = { claim: 'claimed', reservation: 'reserved', erpEntry: 'posted', payment: 'scheduled', mails: 1 };
const untouched: ExpectedBooks = { claim: null, reservation: null, erpEntry: null, payment: null, mails: 0 };
const numberReleased: ExpectedBooks = { ...untouched, claim: 'released' };

const truths = JSON.parse(readFileSync(new URL('truth.json', import.meta.url), 'utf8')) as Readonly<Record<string, Truth>>;

/** What a careful person types in: the fields as they stand on the paper. */
function confirmed(file: string, corrections: Partial<Invoice> = {}): ExpectedDecision {
  const { fields } = truthOf(file);
  return { step: 'checkFields', user: 'petra', decision: { outcome: 'confirm', invoice: { ...fields, ...corrections } } };
}

const refused = (reason: string): ExpectedDecision => ({ step: 'checkFields', user: 'petra', decision: { outcome: 'reject', reason } });
const approved = (note: string): ExpectedDecision => ({ step: 'approveInvoice', user: 'felix', decision: { outcome: 'approve', note } });

function truthOf(file: string): Truth {
  const found = truths[file];
  if (!found) throw new Error(`there is no sample document "${file}"`);
  return found;
}

/** What becomes of each of the twelve sample documents. The demo and the tests hold every run against this table. */
export const expectations: readonly Expectation[] = [
  {
    file: '01-clean-pdf.pdf',
    title: 'German, PDF with text',
    status: 'completed',
    steps: [...read, ...find, 'claimNumber', ...finish],
    undone: [],
    decisions: [],
    books: paid,
  },
  {
    file: '02-clean-scan.png',
    title: 'English, clean scan',
    status: 'completed',
    steps: [...read, ...find, 'claimNumber', ...finish],
    undone: [],
    decisions: [],
    books: paid,
  },
  {
    file: '03-poor-scan.pdf',
    title: 'German, poor scan: skewed, noisy, low resolution',
    status: 'completed',
    steps: [...read, 'checkFields', ...find, 'claimNumber', ...finish],
    undone: [],
    decisions: [confirmed('03-poor-scan.pdf')],
    books: paid,
  },
  {
    file: '04-unreadable.jpg',
    title: 'Unreadable',
    status: 'rejected',
    steps: [...read, 'checkFields'],
    undone: [],
    decisions: [refused('the document cannot be read; ask the supplier for a copy')],
    books: untouched,
  },
  {
    file: '05-duplicate.pdf',
    title: 'The first invoice again, as a copy',
    status: 'rejected',
    steps: [...read, ...find, 'claimNumber'],
    undone: [],
    decisions: [],
    books: untouched,
    after: '01-clean-pdf.pdf',
  },
  {
    file: '06-over-order.pdf',
    title: 'More than was ordered',
    status: 'completed',
    steps: [...read, ...find, 'claimNumber', 'approveInvoice', ...finish],
    undone: [],
    decisions: [approved('the additional delivery was agreed by telephone')],
    books: paid,
  },
  {
    file: '07-over-budget.pdf',
    title: 'More than the budget has left',
    status: 'rejected',
    steps: [...read, ...find, 'claimNumber', 'reserveBudget'],
    undone: ['claimNumber'],
    decisions: [],
    books: numberReleased,
  },
  {
    file: '08-unknown-vendor.pdf',
    title: 'A vendor that nobody knows',
    status: 'rejected',
    steps: [...read, ...find],
    undone: [],
    decisions: [],
    books: untouched,
  },
  {
    file: '09-foreign-currency.pdf',
    title: 'In US dollars',
    status: 'completed',
    steps: [...read, ...find, 'claimNumber', 'approveInvoice', ...finish],
    undone: [],
    decisions: [approved('the exchange rate was checked')],
    books: paid,
  },
  {
    file: '10-changed-account.pdf',
    title: 'Another bank account than on file',
    status: 'rejected',
    steps: [...read, ...find, 'claimNumber', 'confirmBankAccount'],
    undone: ['claimNumber'],
    decisions: [{ step: 'confirmBankAccount', user: 'tara', decision: { outcome: 'reject', reason: 'the supplier knows nothing of a new account' } }],
    books: numberReleased,
  },
  {
    file: '11-orders-to-a-machine.pdf',
    title: 'Its text gives orders to a model',
    status: 'completed',
    steps: [...read, 'checkFields', ...find, 'claimNumber', ...finish],
    undone: [],
    decisions: [confirmed('11-orders-to-a-machine.pdf')],
    books: paid,
  },
  {
    file: '12-no-invoice.jpg',
    title: 'No invoice: a delivery note',
    status: 'rejected',
    steps: [...read, 'checkFields'],
    undone: [],
    decisions: [refused('this is a delivery note, not an invoice')],
    books: untouched,
  },
];
