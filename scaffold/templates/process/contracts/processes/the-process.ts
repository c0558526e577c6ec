import { z } from 'zod';
import { defineProcess } from '../define/process.ts';

export const theProcess = defineProcess({
  name: 'theProcess',
  title: 'The process',
  input: z.strictObject({ number: z.string().min(1).max(40) }),
  output: z.strictObject({ result: z.string() }),
  // The same number again is the same request, and starts nothing new.
  businessKey: ({ number }) => number,
  // By the key that is a step's id everywhere: in Temporal's Web UI, in the API, in idempotency keys.
  steps: {},
});
