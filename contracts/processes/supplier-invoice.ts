import { z } from 'zod';
import { extractInvoice } from '../activities/extraction.ts';
import { claimNumber, reserveBudget } from '../activities/ledger.ts';
import { enterInvoice } from '../activities/legacy-erp.ts';
import { sendMail } from '../activities/mail.ts';
import { readDocument } from '../activities/ocr.ts';
import { schedulePayment } from '../activities/payments.ts';
import { findOrder } from '../activities/purchasing.ts';
import { findVendor } from '../activities/vendors.ts';
import { defineProcess } from '../define/process.ts';
import { DocumentRef } from '../documents.ts';
import { InvoiceNumber } from '../invoice.ts';
import { Money } from '../money.ts';
import { approveInvoice } from '../tasks/approve-invoice.ts';
import { checkFields } from '../tasks/check-fields.ts';
import { confirmBankAccount } from '../tasks/confirm-bank-account.ts';

export const supplierInvoice = defineProcess({
  name: 'supplierInvoice',
  title: 'Pay a supplier invoice',
  input: z.strictObject({ document: DocumentRef }),
  output: z.strictObject({
    status: z.literal('paid'),
    vendorId: z.string(),
    invoiceNumber: InvoiceNumber,
    total: Money,
    erpDocument: z.string(),
    paymentId: z.string(),
  }),
  businessKey: ({ document }) => document.sha256.slice(0, 16),
  target: '5 days',
  steps: {
    readDocument,
    extractFields: extractInvoice,
    checkFields,
    findVendor,
    findOrder,
    claimNumber,
    confirmBankAccount,
    approveInvoice,
    reserveBudget,
    enterInLegacyErp: enterInvoice,
    schedulePayment,
    notifySupplier: sendMail,
  },
});

export type SupplierInvoiceStep = keyof typeof supplierInvoice.steps;
