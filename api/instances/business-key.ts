import { z } from 'zod';
import { longestInstanceId } from '../../contracts/ids.ts';

/** What tells one instance of a process from another: 1 to 200 characters that are well-formed Unicode without control characters. */
export const BusinessKey = z
  .string()
  .refine((text) => text.length > 0 && [...text].length <= 200, 'a business key has 1 to 200 characters')
  .refine((text) => !/[\p{Cc}\p{Cs}]/u.test(text), 'a business key is well-formed Unicode without control characters');

/** As long as an id can be: a process's name, and 200 characters. */
export const InstanceId = z
  .string()
  .min(3)
  .max(longestInstanceId)
  .regex(/^[a-z][A-Za-z0-9]*\/[^]+$/, 'an instance id is <process>/<business key>; in a path its "/" is written %2F')
  .describe('`<process>/<business key>`, percent-encoded: `supplierInvoice%2F4711`');
