import { z } from 'zod';
import { ai } from '../define/activity.ts';
import { DocumentRef } from '../documents.ts';

/** The words of a document with their places; kept in the document store because it is large. */
export const Reading = z.strictObject({
  /** `text`: the PDF's own text layer; `ocr`: recognised from the picture. */
  source: z.enum(['text', 'ocr']),
  pages: z.array(
    z.strictObject({
      /** width divided by height */
      aspect: z.number().positive(),
      words: z.array(
        z.strictObject({
          text: z.string(),
          /** left, top, width, height as fractions of the page */
          box: z.tuple([z.number(), z.number(), z.number(), z.number()]),
          /** 0 to 1; 1 for a text layer */
          confidence: z.number().min(0).max(1),
        }),
      ),
    }),
  ),
});
export type Reading = z.infer<typeof Reading>;

export const readDocument = ai({
  name: 'ocr.readDocument',
  title: 'Read the document',
  input: z.strictObject({ document: DocumentRef }),
  output: z.strictObject({
    reading: DocumentRef,
    source: z.enum(['text', 'ocr']),
    pages: z.int().min(1),
    words: z.int().min(0),
    /** The mean over all words, 0 to 1; 0 without words. */
    confidence: z.number().min(0).max(1),
  }),
  readOnly: true,
  startToCloseTimeout: '2 minutes',
  scheduleToCloseTimeout: '15 minutes',
  heartbeatTimeout: '30 seconds',
});
