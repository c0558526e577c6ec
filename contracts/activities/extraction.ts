import { z } from 'zod';
import { ai } from '../define/activity.ts';
import { DocumentRef } from '../documents.ts';
import { ExtractedFields } from '../invoice.ts';

export const extractInvoice = ai({
  name: 'extraction.extractInvoice',
  title: 'Extract the fields of the invoice',
  input: z.strictObject({ reading: DocumentRef }),
  output: z.strictObject({
    /** `unknown` when there is too little text to tell. */
    documentType: z.enum(['invoice', 'other', 'unknown']),
    fields: ExtractedFields,
    /** `rules`, or the name of the model that proposed the values. */
    extractor: z.string(),
    /** What a person should know, for example that the text addresses a machine. */
    warnings: z.array(z.string().max(300)).max(20),
  }),
  readOnly: true,
  startToCloseTimeout: '1 minute',
  scheduleToCloseTimeout: '10 minutes',
  heartbeatTimeout: '20 seconds',
});
