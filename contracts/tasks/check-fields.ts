import { z } from 'zod';
import { humanTask } from '../define/task.ts';
import { DocumentRef } from '../documents.ts';
import { ExtractedFields, Invoice } from '../invoice.ts';

export const checkFields = humanTask({
  name: 'checkFields',
  title: 'Check the fields of the invoice',
  input: z.strictObject({
    document: DocumentRef,
    documentType: z.enum(['invoice', 'other', 'unknown']),
    fields: ExtractedFields,
    /** The fields that need a look, most doubtful first. */
    doubtful: z.array(z.string()),
    warnings: z.array(z.string()),
  }),
  form: z.discriminatedUnion('outcome', [
    z.strictObject({ outcome: z.literal('confirm'), invoice: Invoice }),
    z.strictObject({ outcome: z.literal('reject'), reason: z.string().min(3).max(500) }),
  ]),
  candidateGroups: ['accounts-payable'],
  dueIn: '1 day',
  escalateTo: ['finance'],
});
