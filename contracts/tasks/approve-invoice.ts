import { z } from 'zod';
import { humanTask } from '../define/task.ts';
import { DocumentRef } from '../documents.ts';
import { Invoice, PurchaseOrder, Vendor } from '../invoice.ts';

export const approveInvoice = humanTask({
  name: 'approveInvoice',
  title: 'Approve the invoice',
  input: z.strictObject({
    document: DocumentRef,
    invoice: Invoice,
    vendor: Vendor,
    order: PurchaseOrder,
    /** Why somebody is asked. */
    reasons: z.array(z.string()).min(1),
    /** Who checked the fields: that person may not approve. */
    checkedBy: z.string().nullable(),
  }),
  form: z.discriminatedUnion('outcome', [
    z.strictObject({ outcome: z.literal('approve'), note: z.string().max(500).optional() }),
    z.strictObject({ outcome: z.literal('reject'), reason: z.string().min(3).max(500) }),
  ]),
  candidateGroups: ['finance'],
  excludedUsers: ({ checkedBy }) => (checkedBy === null ? [] : [checkedBy]),
  dueIn: '3 days',
});
