import { z } from 'zod';
import type { Definitions, KnownProcess } from '../definitions/definitions.ts';

const JsonSchema = z.record(z.string(), z.unknown()).describe('A JSON Schema, draft 7.');

/** Words, milliseconds or none. OpenAPI 3.0 knows null beside a type only, not beside a choice. */
const Length = z.union([z.string().nullable(), z.number()]);

export const ProcessSummary = z.object({
  name: z.string(),
  title: z.string(),
  definition: z.string().describe('The digest of the definition; it changes with the contract.'),
  links: z.object({ self: z.string(), start: z.string(), instances: z.string() }),
});
type ProcessSummary = z.infer<typeof ProcessSummary>;

export const ProcessDetails = ProcessSummary.extend({
  target: Length.describe('The time within which an instance should end: words, or milliseconds.'),
  input: JsonSchema,
  output: JsonSchema,
  steps: z.array(
    z.object({
      step: z.string(),
      kind: z.enum(['service', 'bot', 'ai', 'human', 'message', 'timer', 'process']),
      title: z.string(),
      asks: z.string().describe('The name of the activity, task, timer or message.'),
      of: z.array(z.string()).readonly().describe('The system that is asked, or the candidate groups.'),
      input: JsonSchema.describe('What it is given.'),
      output: JsonSchema.describe('What it gives; of a message what it says.'),
      effect: z.unknown().describe('How it is undone: `{ compensation: { name, title } }`, `readOnly`, `irreversible`; null for a person.'),
      form: JsonSchema.nullable().describe('What a person answers.'),
      dueIn: Length,
    }),
  ),
});
type ProcessDetails = z.infer<typeof ProcessDetails>;

export interface Processes {
  list(): { readonly processes: readonly ProcessSummary[] };
  /** @throws NotFound */
  read(name: string): ProcessDetails;
}

export function createProcesses({ definitions }: { definitions: Definitions }): Processes {
  return {
    list: () => ({ processes: definitions.current.map(summaryOf) }),
    read(name) {
      const known = definitions.process(name);
      const { target, input, output, steps } = known.definition;
      return {
        ...summaryOf(known),
        target,
        input,
        output,
        steps: steps.map(({ step, kind, title, asks, of, input, output, effect, form, dueIn }) => ({ step, kind, title, asks, of, input, output, effect, form: form?.schema ?? null, dueIn })),
      };
    },
  };
}

function summaryOf({ definition: { name, title }, digest }: KnownProcess): ProcessSummary {
  const self = `/api/processes/${name}`;
  return { name, title, definition: digest, links: { self, start: `${self}/instances`, instances: `/api/instances?process=${name}` } };
}
