import { z } from 'zod';
import { bot, compensation } from '../define/activity.ts';
import { Evidence } from '../documents.ts';
import { InvoiceNumber, OrderNumber } from '../invoice.ts';
import { Money } from '../money.ts';

const bounds = { startToCloseTimeout: '90 seconds', scheduleToCloseTimeout: '20 minutes', heartbeatTimeout: '30 seconds' } as const;

const entry = {
  input: z.strictObject({
    vendorId: z.string(),
    vendorName: z.string(),
    invoiceNumber: InvoiceNumber,
    invoiceDate: z.iso.date(),
    orderNumber: OrderNumber,
    costCentre: z.string(),
    net: Money,
    tax: Money,
    total: Money,
  }),
  output: z.strictObject({
    /** The number under which the ERP keeps the entry. */
    documentNumber: z.string(),
    evidence: z.array(Evidence).max(10),
  }),
};

export const cancelEntry = compensation({
  name: 'legacyErp.cancelEntry',
  title: 'Cancel the entry in the legacy ERP',
  kind: 'bot',
  ...entry,
  ...bounds,
});

/** Rejected when the ERP refuses the entry for a business reason, for example a closed period. */
export const enterInvoice = bot({
  name: 'legacyErp.enterInvoice',
  title: 'Enter the invoice in the legacy ERP',
  ...entry,
  ...bounds,
  compensation: cancelEntry,
});
