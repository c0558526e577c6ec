import type { z } from 'zod';
import { payloadLimit, utf8Length } from '../../contracts/define/limits.ts';
import { type FailureDetail, invalidInput, unexpected } from '../../contracts/failures.ts';

/** A schema's complaints as the catalogue of failures carries them. */
export function issuesOf(error: z.ZodError): NonNullable<FailureDetail['issues']> {
  return error.issues.map(({ path, message }) => ({ path: path.join('.'), message }));
}

const sentence = (error: z.ZodError): string =>
  issuesOf(error)
    .map(({ path, message }) => (path === '' ? message : `${path}: ${message}`))
    .join('; ');

/** What a step or an instance is given; throws `InvalidInput`. `what` begins the message: `input of step "findVendor"`. */
export function checkedInput<S extends z.ZodType>({ schema, value, what }: { schema: S; value: unknown; what: string }): z.output<S> {
  const parsed = schema.safeParse(value);
  if (!parsed.success) throw invalidInput(`${what} does not fit its contract: ${sentence(parsed.error)}`, { issues: issuesOf(parsed.error) });
  const size = utf8Length(JSON.stringify(parsed.data) ?? '');
  if (size > payloadLimit) {
    throw invalidInput(`${what} has ${size} bytes as JSON, more than the ${payloadLimit} that fit into a history. Pass large content as a document, by reference.`);
  }
  return parsed.data;
}

/** What an activity answered; throws `Unexpected`. */
export function checkedOutput<S extends z.ZodType>({ schema, value, what }: { schema: S; value: unknown; what: string }): z.output<S> {
  const parsed = schema.safeParse(value);
  if (!parsed.success) throw unexpected(`${what} breaks its contract: ${sentence(parsed.error)}`, { issues: issuesOf(parsed.error) });
  return parsed.data;
}
