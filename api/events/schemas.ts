import { z } from 'zod';
import { InstanceStatusSchema } from '../instances/status.ts';
import { Patch, StepState } from '../instances/view-schema.ts';
import { FeedEvent } from './feed-event.ts';

const patch = Patch.describe('JSON Patch (RFC 6902) of the instance as it was told with the messages that have an id.');

/** The data of `change`. */
export const InstanceChange = z.object({
  at: z.iso.datetime(),
  status: InstanceStatusSchema,
  steps: z.array(z.object({ step: z.string(), state: StepState })).readonly().describe('Steps whose state changed.'),
  story: z.array(z.string()).readonly().describe('Lines that the story got.'),
  patch,
});
export type InstanceChange = z.infer<typeof InstanceChange>;

/** The data of `pending`. */
export const InstancePending = z.object({ patch });

/** What OpenAPI says of the data of events, by the names that the descriptions use. */
export const eventSchemas = { InstanceChange, InstancePending, InstanceEvent: FeedEvent.omit({ change: true }) } as const;
