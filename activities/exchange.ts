import { unavailable } from '../contracts/failures.ts';
import type { Call } from './implement.ts';

export interface Exchange {
  readonly url: URL;
  readonly method: 'GET' | 'POST';
  /** Beside the idempotency key and those of the body. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as JSON. */
  readonly body?: unknown;
  /** Milliseconds until the whole answer must be there. */
  readonly within: number;
  /** Names the exchange in messages: `POST /claims of LEDGER_URL (http://…)`. */
  readonly what: string;
}

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  /** `undefined` when it is over `largestAnswer`. */
  readonly text: string | undefined;
}

/** bytes */
export const largestAnswer = 1_000_000;
/** Milliseconds. A system that asks for patience may not park a step for longer. */
const longestPatience = 300_000;
const heartbeatEvery = 2_000;

/**
 * One request and its whole answer, whatever its status: with the call's idempotency key, without following redirects, and ended when the call is
 * aborted.
 *
 * @throws ApplicationFailure `Unavailable` when there is no answer in time, which leaves open whether the request took effect; the abort's own reason
 */
export async function exchange(call: Call, { url, method, headers = {}, body, within, what }: Exchange): Promise<Answer> {
  call.signal.throwIfAborted();
  // Not AbortSignal.any of a .timeout: in several versions of Node that signal may be collected before it fires (nodejs/node#57736, #65995).
  const attempt = new AbortController();
  const abort = () => attempt.abort();
  call.signal.addEventListener('abort', abort, { once: true });
  const deadline = setTimeout(abort, within);
  call.heartbeat();
  const beating = setInterval(() => call.heartbeat(), heartbeatEvery);
  try {
    const response = await fetch(url, {
      method,
      headers: { ...headers, 'idempotency-key': call.idempotencyKey, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      // A redirect would carry what is sent to another place.
      redirect: 'manual',
      signal: attempt.signal,
    });
    return { status: response.status, headers: response.headers, text: await bounded(response) };
  } catch (error) {
    // Temporal must see its own reason, or a cancellation would count as a failure.
    call.signal.throwIfAborted();
    if (attempt.signal.aborted) throw unavailable(`${what} did not answer within ${within / 1_000} s`);
    throw unavailable(`${what} cannot be reached: ${reasonOf(error)}`);
  } finally {
    clearInterval(beating);
    clearTimeout(deadline);
    call.signal.removeEventListener('abort', abort);
  }
}

/** By these a system says that it may do better later; whether the request took effect stays open. */
export const isPassing = (status: number): boolean => status === 408 || status === 429 || status >= 500;

/** Retry-After in milliseconds, where it says anything: it is given in seconds, or as a date. */
export function retryAfter(headers: Headers): number | undefined {
  const header = headers.get('retry-after');
  if (header === null) return undefined;
  const wait = /^\d+(?:\.\d+)?$/.test(header) ? Number(header) * 1_000 : Date.parse(header) - Date.now();
  return Number.isNaN(wait) || wait <= 0 ? undefined : Math.min(wait, longestPatience);
}

/** `undefined` when the text is no JSON; no JSON text means `undefined`. */
export function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

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

/** `fetch` says only "fetch failed"; the reason is in the cause. */
function reasonOf(error: unknown): string {
  const { message, cause } = error as { message?: string; cause?: { code?: string; message?: string } };
  return cause?.message || cause?.code || message || String(error);
}
