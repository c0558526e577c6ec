import { z } from 'zod';
import { unavailable, unexpected } from '../../contracts/failures.ts';
import { exchange, isPassing, largestAnswer, parsed, retryAfter } from '../exchange.ts';
import type { Call } from '../implement.ts';
import type { ModelAccess } from './access.ts';
import { strictSchema } from './strict-schema.ts';

/** Milliseconds; below the bound on one attempt that the contracts of kind `ai` have here. */
const answerWithin = 45_000;

const Completion = z.object({
  choices: z.array(z.object({ finish_reason: z.string().nullish(), message: z.object({ content: z.string().nullish(), refusal: z.string().nullish() }) })).min(1),
});

/** What the model says, or in which words it declines to. */
export type ModelReply<A> = { readonly answer: A } | { readonly refusal: string };

export interface Question<A extends z.ZodType> {
  readonly access: ModelAccess;
  /** What the model is to do. It is told apart from the data, which never is an instruction. */
  readonly task: string;
  /** What it is to do it with, sent as JSON. */
  readonly data: unknown;
  /** The form of the answer, and a name for it. */
  readonly answer: A;
  readonly name: string;
  /** Milliseconds until the whole answer must be there. */
  readonly within?: number;
}

/**
 * Asks the model once, without tools; trying again is Temporal's part.
 *
 * @throws ApplicationFailure `Unavailable` when it cannot be reached, is too slow, or answers 408, 429 or 5xx (Retry-After is heeded), and when its first
 * answer is cut or of another shape, since it may do better when asked again; `Unexpected` when a later one is so too, and for every other status
 */
export async function askModel<A extends z.ZodType>(call: Call, { access, task, data, answer: schema, name, within = answerWithin }: Question<A>): Promise<ModelReply<z.output<A>>> {
  const what = `model ${access.model} at ${access.url.origin}`;
  const body = {
    model: access.model,
    messages: [
      { role: 'system', content: task },
      { role: 'user', content: JSON.stringify(data) },
    ],
    response_format: { type: 'json_schema', json_schema: { name, strict: true, schema: strictSchema(schema) } },
  };
  const authorization: Record<string, string> = access.key === undefined ? {} : { authorization: `Bearer ${access.key}` };
  const { status, headers, text } = await exchange(call, { url: access.url, method: 'POST', body, within, what, headers: { accept: 'application/json', ...authorization } });
  const facts = { status };
  if (text === undefined) throw unexpected(`${what} answered with more than ${largestAnswer} bytes`, { facts });
  if (isPassing(status)) throw unavailable(`${what} answered ${status}: ${wordsOf(text, access)}`, { facts, nextRetryDelay: retryAfter(headers) });
  if (status < 200 || status >= 300) {
    throw unexpected(`${what} answered ${status}: ${wordsOf(text, access)}. Check ${access.settings.join(', ')}.`, { facts });
  }
  const choice = Completion.safeParse(parsed(text)).data?.choices[0];
  if (choice?.message.refusal) return { refusal: choice.message.refusal };
  if (choice?.finish_reason === 'content_filter') return { refusal: 'its content filter stopped the answer' };
  const answer = schema.safeParse(parsed(choice?.message.content ?? ''));
  if (answer.success && (choice?.finish_reason ?? 'stop') === 'stop') return { answer: answer.data };

  const message = `${what} gave an answer that is not what was asked for: ${whatIsWrong(choice, answer.error)}`;
  throw call.attempt === 1 ? unavailable(message, { facts }) : unexpected(message, { facts });
}

function whatIsWrong(choice: z.output<typeof Completion>['choices'][number] | undefined, error: z.ZodError | undefined): string {
  if (choice === undefined) return 'it is no chat completion';
  if ((choice.finish_reason ?? 'stop') !== 'stop') return `it ended with "${choice.finish_reason}"`;
  return (error?.issues ?? []).map(({ path, message }) => `${path.join('.') || 'the whole'}: ${message}`).join('; ').slice(0, 500);
}

const Problem = z.object({ error: z.object({ message: z.string() }) });

/** What a person reads of a failure; endpoints quote the key that they refuse. */
function wordsOf(text: string, { key }: ModelAccess): string {
  const words = Problem.safeParse(parsed(text)).data?.error.message ?? text;
  return (key === undefined ? words : words.replaceAll(key, '***')).slice(0, 200) || '(nothing)';
}
