import { z } from 'zod';
import { BusinessKey } from './business-key.ts';
import { InstanceStatusSchema } from './status.ts';

export const StartBody = z.strictObject({
  input: z.unknown().refine((value) => value !== undefined, 'is missing: GET /api/processes/{name} shows its schema'),
  businessKey: BusinessKey.optional().describe('What makes two requests the same request. Without it the process makes one of the input, or every request is a new one.'),
  restart: z.boolean().optional().describe('Starts an instance that failed, was rejected, cancelled or terminated anew. One that runs or has completed is not restarted.'),
});
export type StartBody = z.infer<typeof StartBody>;

export const Started = z.object({
  id: z.string(),
  created: z.boolean().describe('`false`: this business key had an instance already, and it is this one.'),
  runId: z.string(),
  status: InstanceStatusSchema,
  startedAt: z.iso.datetime().nullable().describe('`null`: this very request started it.'),
  startedBy: z.string().nullable(),
  links: z.object({ self: z.string(), webUi: z.string().nullable() }),
});
export type Started = z.infer<typeof Started>;
