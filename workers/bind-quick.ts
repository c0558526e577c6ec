import { Context } from '@temporalio/activity';
import { ApplicationFailure, CancelledFailure } from '@temporalio/common';
import type { Implementation } from '../activities/implement.ts';
import type { ActivityContract } from '../contracts/define/activity.ts';
import { milliseconds } from '../contracts/define/duration.ts';
import { quickLimit, utf8Length } from '../contracts/define/limits.ts';
import { unavailable } from '../contracts/failures.ts';
import type { QuickAnswer, QuickEnvelope, QuickFailure } from '../contracts/quick.ts';
import type { DocumentStore } from '../documents/store.ts';
import { errorMessage } from '../platform/errors.ts';
import { answering } from './bind.ts';

type QuickFunction = (input: unknown, envelope: QuickEnvelope) => Promise<QuickAnswer>;

/** The local activities of a workflow worker, which make the first attempts of quick steps. They never fail: what they answer is all that the history keeps of an attempt. */
export function bindQuick(implementations: readonly Implementation[], evidence: DocumentStore): Readonly<Record<string, QuickFunction>> {
  const quick = implementations.filter((one): one is Implementation<ActivityContract> => one.implements.contract === 'activity' && one.implements.quick === true);
  return { ...Object.fromEntries(quick.map((one) => [one.implements.name, firstAttempt(one, evidence)])), default: unknownHere };
}

function firstAttempt(implementation: Implementation<ActivityContract>, evidence: DocumentStore): QuickFunction {
  const { name, startToCloseTimeout } = implementation.implements;
  const answer = answering(implementation, evidence);
  const longest = milliseconds(startToCloseTimeout);
  return async (input, { step, idempotencyKey }) => {
    const startedAt = now();
    const tooLate = (): ApplicationFailure => unavailable(`${name} gave no answer within ${startToCloseTimeout}`);
    const ended = await inTime({ longest, tooLate }, (signal) => answer({ input, step, idempotencyKey, attempt: 1, signal, heartbeat: () => undefined })).then(
      (output) => ({ output }),
      (error: unknown) => ({ failure: failureOf(error) }),
    );
    return fitting({ quick: step, input, startedAt, closedAt: now(), ...ended });
  };
}

/** Of a former build that this process runs: it may ask what today's source does not know as quick. It goes on as an ordinary step. */
const unknownHere: QuickFunction = (input, { step }) => {
  const at = now();
  const message = `this workflow worker has no quick implementation of ${Context.current().info.activityType}`;
  return Promise.resolve({ quick: step, input, startedAt: at, closedAt: at, failure: { type: 'Unavailable', message } });
};

/** Gives the work up when its time is over, or Temporal wants it to end. */
async function inTime<R>({ longest, tooLate }: { longest: number; tooLate: () => Error }, work: (signal: AbortSignal) => Promise<R>): Promise<R> {
  const { cancellationSignal: parent } = Context.current();
  const own = new AbortController();
  const giveUp = (reason: unknown): void => own.abort(reason);
  const followParent = (): void => giveUp(parent.reason);
  parent.addEventListener('abort', followParent, { once: true });
  const timer = setTimeout(() => giveUp(tooLate()), longest);
  const givenUp = new Promise<never>((_, reject) => own.signal.addEventListener('abort', () => reject(own.signal.reason as Error), { once: true }));
  try {
    return await Promise.race([work(own.signal), givenUp]);
  } finally {
    clearTimeout(timer);
    parent.removeEventListener('abort', followParent);
  }
}

const now = (): string => new Date().toISOString();

function failureOf(error: unknown): QuickFailure {
  const message = errorMessage(error);
  if (error instanceof CancelledFailure) return { type: 'Cancelled', message };
  if (!(error instanceof ApplicationFailure)) return { type: error instanceof Error ? error.name : 'Error', message };
  const [details] = error.details ?? [];
  return { type: error.type ?? 'Error', message, ...(details === undefined ? {} : { details }) };
}

function fitting(answer: QuickAnswer): QuickAnswer {
  const size = utf8Length(JSON.stringify(answer));
  if (size <= quickLimit) return answer;
  const { output: _, failure, ...rest } = answer;
  const message = failure?.message.slice(0, quickLimit / 20) ?? `its input and answer have ${size} bytes, more than the ${quickLimit} that a quick step may leave in the history`;
  return { ...rest, failure: { type: failure?.type ?? 'Unavailable', message } };
}
