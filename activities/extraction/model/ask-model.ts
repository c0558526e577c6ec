import { z } from 'zod';
import { unavailable, unexpected } from '../../../contracts/failures.ts';
import type { Call } from '../../implement.ts';
import type { Layout } from '../page/layout.ts';
import type { ModelAccess } from './access.ts';
import { ModelAnswer, questionFor } from './question.ts';

/** Milliseconds; below the contract's bound on one attempt. */
const answerWithin = 45_000;
const heartbeatEvery = 5_000;
const largestAnswer = 1_000_000;
/** An endpoint that asks for patience may not park a step for longer. */
const longestPatience = 300_000;

const Completion = z.object({
  choices: z.array(z.object({ finish_reason: z.string().nullish(), message: z.object({ content: z.string().nullish(), refusal: z.string().nullish() }) })).min(1),
});

/** What the model says, or in which words it declines to. */
export type ModelReply = { readonly answer: ModelAnswer } | { readonly refusal: string };

export interface Question {
  readonly access: ModelAccess;
  readonly layout: Layout;
  /** Milliseconds until the whole answer must be there. */
  readonly within?: number;
}

/**
 * Asks the model once; trying again is Temporal's part.
 *
 * @throws ApplicationFailure `Unavailable` when it cannot be reached, is too slow, or answers 408, 429 or 5xx (Retry-After is heeded), and when its first
 * answer is cut or of another shape, since it may do better when asked again; `Unexpected` when a later one is so too, and for every other status
 */
export async function askModel({ access, layout, within = answerWithin }: Question, call: Call): Promise<ModelReply> {
  const what = `model ${access.model} at ${access.url.origin}`;
  const { status, retryAfter, text } = await exchange({ access, layout, within, what }, call);
  const facts = { status };
  if (text === undefined) throw unexpected(`${what} answered with more than ${largestAnswer} bytes`, { facts });
  if (status === 408 || status === 429 || status >= 500) throw unavailable(`${what} answered ${status}: ${wordsOf(text, access)}`, { facts, nextRetryDelay: patience(retryAfter) });
  if (status < 200 || status >= 300) {
    throw unexpected(`${what} answered ${status}: ${wordsOf(text, access)}. Check EXTRACTION_MODEL_URL, EXTRACTION_MODEL and EXTRACTION_API_KEY, or unset them to use the rules.`, { facts });
  }
  const choice = Completion.safeParse(parsed(text)).data?.choices[0];
  if (choice?.message.refusal) return { refusal: choice.message.refusal };
  if (choice?.finish_reason === 'content_filter') return { refusal: 'its content filter stopped the answer' };
  const answer = ModelAnswer.safeParse(parsed(choice?.message.content ?? ''));
  if (answer.success && (choice?.finish_reason ?? 'stop') === 'stop') return { answer: answer.data };

  const message = `${what} gave an answer that is not what was asked for: ${whatIsWrong(choice, answer.error)}`;
  throw call.attempt === 1 ? unavailable(message, { facts }) : unexpected(message, { facts });
}

function whatIsWrong(choice: z.output<typeof Completion>['choices'][number] | undefined, error: z.ZodError | undefined): string {
  if (choice === undefined) return 'it is no chat completion';
  if ((choice.finish_reason ?? 'stop') !== 'stop') return `it ended with "${choice.finish_reason}"`;
  return (error?.issues ?? []).map(({ path, message }) => `${path.join('.') || 'the whole'}: ${message}`).join('; ').slice(0, 500);
}

type Exchange = Required<Question> & { readonly what: string };

async function exchange({ access, layout, within, what }: Exchange, call: Call): Promise<{ status: number; retryAfter: string | null; text: string | undefined }> {
  const slow = AbortSignal.timeout(within);
  call.signal.throwIfAborted();
  call.heartbeat();
  const beating = setInterval(() => call.heartbeat(), heartbeatEvery);
  try {
    const response = await fetch(access.url, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        accept: 'application/json',
        'idempotency-key': call.idempotencyKey,
        ...(access.key === undefined ? {} : { authorization: `Bearer ${access.key}` }),
      },
      body: JSON.stringify(questionFor({ layout, model: access.model })),
      // A redirect would carry the document to another place.
      redirect: 'manual',
      signal: AbortSignal.any([slow, call.signal]),
    });
    return { status: response.status, retryAfter: response.headers.get('retry-after'), text: await bounded(response) };
  } catch (error) {
    // Temporal must see its own reason, or a cancellation would count as a failure.
    call.signal.throwIfAborted();
    if (slow.aborted) throw unavailable(`${what} did not answer within ${within / 1_000} s`);
    const { message, cause } = error as Error & { cause?: { message?: string; code?: string } };
    throw unavailable(`${what} cannot be reached: ${cause?.message || cause?.code || message}`);
  } finally {
    clearInterval(beating);
  }
}

/** `undefined` when it is too much. */
async function bounded({ body }: Response): Promise<string | undefined> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of (body ?? []) as AsyncIterable<Uint8Array>) {
    size += chunk.length;
    // Leaving the loop cancels the stream, and with it the connection.
    if (size > largestAnswer) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** `undefined` when the text is no JSON. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const Problem = z.object({ error: z.object({ message: z.string() }) });

/** What a person reads of a failure; endpoints quote the key that they refuse. */
function wordsOf(text: string, { key }: ModelAccess): string {
  const words = Problem.safeParse(parsed(text)).data?.error.message ?? text;
  return (key === undefined ? words : words.replaceAll(key, '***')).slice(0, 200) || '(nothing)';
}

/** Milliseconds, from seconds or a date. */
function patience(header: string | null): number | undefined {
  if (header === null) return undefined;
  const wait = /^\d+(?:\.\d+)?$/.test(header) ? Number(header) * 1_000 : Date.parse(header) - Date.now();
  return Number.isNaN(wait) || wait <= 0 ? undefined : Math.min(wait, longestPatience);
}
