import type { z } from 'zod';
import { issuesOf, sentenceOf } from '../../contracts/define/issues.ts';
import { payloadLimit, utf8Length } from '../../contracts/define/limits.ts';
import { invalidInput, unexpected } from '../../contracts/failures.ts';

/** What a value is checked against; `what` begins the message: `the input of step "findVendor"`. */
interface Check<S extends z.ZodType> {
  readonly schema: S;
  readonly value: unknown;
  readonly what: string;
}

/** What a step or an instance is given; throws `InvalidInput`. `limit` is in bytes of JSON; `within` names the field of the request in which it came. */
export function checkedInput<S extends z.ZodType>({ schema, value, what, limit = payloadLimit, within }: Check<S> & { limit?: number | undefined; within?: string }): z.output<S> {
  const parsed = schema.safeParse(value);
  if (!parsed.success) {
    const issues = issuesOf(parsed.error);
    throw invalidInput(`${what} does not fit its contract: ${sentenceOf(issues)}`, { issues: issues.map(({ path, message }) => ({ path: [within, path].filter(Boolean).join('.'), message })) });
  }
  const size = sizeOf(parsed.data);
  if (size > limit) throw invalidInput(`${what} has ${size} bytes as JSON, more than the ${limit} that fit into a history. Pass large content as a document, by reference.`);
  return parsed.data;
}

/** What an activity answered; throws `Unexpected`. */
export function checkedOutput<S extends z.ZodType>({ schema, value, what }: Check<S>): z.output<S> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const issues = issuesOf(parsed.error);
  throw unexpected(`${what} breaks its contract: ${sentenceOf(issues)}`, { issues });
}

/** What a flow returned. A result that breaks the contract is a bug in the flow: a plain error, which Temporal retries until the code is mended. */
export function checkedResult<S extends z.ZodType>({ schema, value, what }: Check<S>): z.output<S> {
  const parsed = schema.safeParse(value);
  if (!parsed.success) throw new Error(`${what} breaks its contract: ${sentenceOf(issuesOf(parsed.error))}. Mend the flow, and let its instances go on with the mended build (docs/operating.md).`);
  const size = sizeOf(parsed.data);
  if (size > payloadLimit) throw new Error(`${what} has ${size} bytes as JSON, more than the ${payloadLimit} that fit into a history. Mend the flow: large content travels as a document, by reference.`);
  return parsed.data;
}

const sizeOf = (value: unknown): number => utf8Length(JSON.stringify(value) ?? '');
