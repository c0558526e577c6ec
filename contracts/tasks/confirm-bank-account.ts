import { z } from 'zod';
import { humanTask } from '../define/task.ts';
import { DocumentRef } from '../documents.ts';
import { Iban, Invoice, Vendor } from '../invoice.ts';

export const confirmBankAccount = humanTask({
  name: 'confirmBankAccount',
  title: 'Confirm the changed bank account',
  input: z.strictObject({ document: DocumentRef, vendor: Vendor, invoice: Invoice, onInvoice: Iban, onFile: Iban }),
  form: z.discriminatedUnion('outcome', [
    z.strictObject({ outcome: z.literal('confirm'), note: z.string().min(3).max(500) }),
    z.strictObject({ outcome: z.literal('reject'), reason: z.string().min(3).max(500) }),
  ]),
  candidateGroups: ['treasury'],
  dueIn: '2 days',
});
