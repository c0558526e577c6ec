import type { z } from 'zod';
import { payloadLimit, utf8Length } from '../../contracts/define/limits.ts';
import { type FailureDetail, invalidInput, unexpected } from '../../contracts/failures.ts';

type Issues = NonNullable<FailureDetail['issues']>;

/** A value may be wrong in a thousand places and under names of any length; what is told of it goes into histories and memos. */
const [mostIssues, longestWord] = [20, 300];

/** A schema's complaints as the catalogue of failures carries them, the first ones only. */
export function issuesOf(error: z.ZodError): Issues {
  return error.issues.slice(0, mostIssues).map(({ path, message }) => ({ path: brief(path.join('.')), message: brief(message) }));
}

/** A text of at most some hundred characters. */
export const brief = (text: string, longest = longestWord): string => (text.length <= longest ? text : `${text.slice(0, longest)}…`);

const sentence = (error: z.ZodError): string =>
  issuesOf(error)
    .map(({ path, message }) => (path === '' ? message : `${path}: ${message}`))
    .join('; ');

const sizeOf = (value: unknown): number => utf8Length(JSON.stringify(value) ?? '');

/** What a value is checked against; `what` begins the message: `the input of step "findVendor"`. */
interface Check<S extends z.ZodType> {
  readonly schema: S;
  readonly value: unknown;
  readonly what: string;
}

/** What a step or an instance is given; throws `InvalidInput`. `limit` is in bytes of JSON. */
export function checkedInput<S extends z.ZodType>({ schema, value, what, limit = payloadLimit }: Check<S> & { limit?: number | undefined }): z.output<S> {
  const parsed = schema.safeParse(value);
  if (!parsed.success) throw invalidInput(`${what} does not fit its contract: ${sentence(parsed.error)}`, { issues: issuesOf(parsed.error) });
  const size = sizeOf(parsed.data);
  if (size > limit) throw invalidInput(`${what} has ${size} bytes as JSON, more than the ${limit} that fit into a history. Pass large content as a document, by reference.`);
  return parsed.data;
}

/** What an activity answered; throws `Unexpected`. */
export function checkedOutput<S extends z.ZodType>({ schema, value, what }: Check<S>): z.output<S> {
  const parsed = schema.safeParse(value);
  if (!parsed.success) throw unexpected(`${what} breaks its contract: ${sentence(parsed.error)}`, { issues: issuesOf(parsed.error) });
  return parsed.data;
}

/** What a flow returned. A result that breaks the contract is a bug in the flow: a plain error, which Temporal retries until the code is mended. */
export function checkedResult<S extends z.ZodType>({ schema, value, what }: Check<S>): z.output<S> {
  const parsed = schema.safeParse(value);
  if (!parsed.success) throw new Error(`${what} breaks its contract: ${sentence(parsed.error)}. Mend the flow; its instances then go on by themselves.`);
  const size = sizeOf(parsed.data);
  if (size > payloadLimit) throw new Error(`${what} has ${size} bytes as JSON, more than the ${payloadLimit} that fit into a history. Mend the flow: large content travels as a document, by reference.`);
  return parsed.data;
}
