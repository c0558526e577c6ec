import { ApplicationFailure } from '@temporalio/common';
import { z } from 'zod';
import type { Evidence } from '../contracts/documents.ts';
import { rejected, unavailable, unexpected, type FailureDetail } from '../contracts/failures.ts';
import { keepIfPossible, withEvidence } from './evidence.ts';
import { type Answer, exchange, isPassing, largestAnswer, parsed, retryAfter } from './exchange.ts';
import type { Call } from './implement.ts';

export interface HttpRequest<A extends z.ZodType> {
  /** The environment variable that holds the address of the system, for example `LEDGER_URL`. */
  system: string;
  method: 'GET' | 'POST';
  /** The parts of the path, not encoded: `['orders', number]`. */
  path: readonly string[];
  query?: Readonly<Record<string, string>>;
  body?: unknown;
  answer: A;
  /** The codes of the problems by which the system says that the business says no. */
  refusals?: readonly string[];
  /** Milliseconds until the whole answer must be there; default 8,000. Keep it below the contract's bound on one attempt. */
  timeout?: number;
}

const defaultTimeout = 8_000;
/** Characters of an answer that is kept as evidence. */
const mostKept = 100_000;

/** A problem after RFC 9457, as far as it is needed here. */
const ProblemBody = z.object({ code: z.string().optional(), title: z.string().optional(), detail: z.string().optional() });

/**
 * Asks a system over HTTP, once: trying again is Temporal's part. Sends the call's idempotency key, ends when the call is aborted.
 *
 * @throws ApplicationFailure `Rejected` in the system's words when it answers with one of `refusals`; `Unavailable` when it cannot be reached, is too
 * slow, or answers 408, 429 or 5xx (its Retry-After is heeded), which leaves open whether the request took effect; `Unexpected` for everything
 * else, a redirect and an answer that breaks the schema included. What was answered is kept as evidence of the last two
 */
export async function askHttp<A extends z.ZodType>(call: Call, request: HttpRequest<A>): Promise<z.output<A>> {
  const { method, body, timeout = defaultTimeout } = request;
  const url = urlOf(request);
  const what = `${method} ${url.pathname} of ${request.system} (${url.origin})`;
  const answer = await exchange(call, { url, method, body, within: timeout, what, headers: { accept: 'application/json, application/problem+json' } });
  try {
    return answerOf({ answer, request, what });
  } catch (failure) {
    if (!(failure instanceof ApplicationFailure) || failure.type === 'Rejected') throw failure;
    throw withEvidence(failure, await keepIfPossible(call, () => keepAnswer({ call, answer, what })));
  }
}

interface Answered {
  readonly answer: Answer;
  readonly request: HttpRequest<z.ZodType>;
  readonly what: string;
}

function answerOf<A extends z.ZodType>({ answer: { status, headers, text }, request, what }: Answered & { readonly request: HttpRequest<A> }): z.output<A> {
  const facts = { status };
  if (text === undefined) throw unexpected(`${what} answered ${status} with more than ${largestAnswer} bytes`, { facts });

  if (isPassing(status)) throw unavailable(`${what} answered ${status}: ${wordsOf(text)}`, { facts, nextRetryDelay: retryAfter(headers) });
  if (status >= 200 && status < 300) return agreed({ text, schema: request.answer, what, facts });
  const problem = ProblemBody.safeParse(parsed(text)).data;
  if (problem?.code !== undefined && request.refusals?.includes(problem.code)) {
    throw rejected(problem.detail ?? problem.title ?? problem.code, { facts: { ...facts, code: problem.code } });
  }
  if (status >= 300 && status < 400) {
    throw unexpected(`${what} redirects to ${headers.get('location')}, which is not followed; put the right address into ${request.system}`, { facts });
  }
  throw unexpected(`${what} answered ${status}: ${wordsOf(text)}`, { facts: { ...facts, ...(problem?.code === undefined ? {} : { code: problem.code }) } });
}

/** What a person will want to see of it. Of a longer answer the beginning. */
function keepAnswer({ call, answer: { status, headers, text }, what }: Pick<Answered, 'answer' | 'what'> & { readonly call: Call }): Promise<Evidence> {
  const told = { asked: what, status, contentType: headers.get('content-type'), body: text?.slice(0, mostKept) ?? null };
  return call.evidence({ name: 'response.json', title: `What ${what} answered`.slice(0, 200), mediaType: 'application/json', bytes: Buffer.from(JSON.stringify(told, null, 2)) });
}

/** @throws ApplicationFailure `Unexpected` when the variable is missing or no address */
function urlOf({ system, path, query = {} }: HttpRequest<z.ZodType>): URL {
  const base = process.env[system];
  if (!base) throw unexpected(`the environment variable ${system} is not set: put the address of the system there and start the worker again`);
  if (!URL.canParse(base) || !/^https?:$/.test(new URL(base).protocol)) {
    throw unexpected(`the environment variable ${system} holds "${base}", which is no http or https address`);
  }
  // A dot segment survives encoding and would climb out of the path.
  const climbing = path.find((part) => part === '' || part === '.' || part === '..');
  if (climbing !== undefined) throw unexpected(`"${climbing}" cannot be part of an address of ${system}`);
  const url = new URL(base);
  url.pathname = [url.pathname.replace(/\/$/, ''), ...path.map(encodeURIComponent)].join('/');
  for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
  return url;
}

function agreed<A extends z.ZodType>({ text, schema, what, facts }: { text: string; schema: A; what: string; facts: FailureDetail['facts'] }): z.output<A> {
  const json = parsed(text);
  if (json === undefined) throw unexpected(`${what} answered no JSON: ${wordsOf(text)}`, { facts });
  const answer = schema.safeParse(json);
  if (answer.success) return answer.data;
  const issues = answer.error.issues.map(({ path, message }) => ({ path: path.join('.'), message }));
  const words = issues.map(({ path, message }) => `${path || 'the whole'}: ${message}`).join('; ');
  throw unexpected(`${what} answered what was not agreed: ${words}`, { facts, issues });
}

/** What a person reads of an answer: the words of a problem, or the beginning of the text. */
function wordsOf(text: string): string {
  const { title, detail } = ProblemBody.safeParse(parsed(text)).data ?? {};
  const words = [title, detail].filter((part) => part !== undefined).join(': ');
  return words || text.slice(0, 200) || '(nothing)';
}
