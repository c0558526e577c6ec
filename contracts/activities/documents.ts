import { z } from 'zod';
import { service } from '../define/activity.ts';
import { DocumentRef } from '../documents.ts';

/** Keeps a value as a JSON document. Content-addressed, so that doing it twice changes nothing. */
export const keepJson = service({
  name: 'documents.keepJson',
  title: 'Keep in the document store',
  input: z.strictObject({ json: z.json() }),
  output: DocumentRef,
  readOnly: true,
  startToCloseTimeout: '10 seconds',
  scheduleToCloseTimeout: '10 minutes',
});
