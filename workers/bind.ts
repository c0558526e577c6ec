import { Context } from '@temporalio/activity';
import { ApplicationFailure, CancelledFailure } from '@temporalio/common';
import type { z } from 'zod';
import type { Call, Implementation } from '../activities/implement.ts';
import { compensatedSchema, CompensationResult } from '../contracts/define/activity.ts';
import { issuesOf, sentenceOf } from '../contracts/define/issues.ts';
import { payloadLimit, utf8Length } from '../contracts/define/limits.ts';
import { type FailureDetail, invalidInput, unexpected } from '../contracts/failures.ts';
import type { Envelope } from '../contracts/quick.ts';
import type { DocumentStore } from '../documents/store.ts';

/** As `Evidence` has it. */
const longestEvidenceName = 120;

/** One attempt. */
export interface Attempt extends Pick<Call, 'idempotencyKey' | 'step' | 'attempt' | 'signal'> {
  readonly input: unknown;
}

/** The Temporal activity that checks what goes in and out and tells the implementation what it must know. */
export function bind(implementation: Implementation, evidence: DocumentStore): (input: unknown, envelope: Envelope) => Promise<unknown> {
  const answer = answering(implementation, evidence);
  return (input, { idempotencyKey, earlierAttempts = 0 }) => {
    const { info, cancellationSignal: signal } = Context.current();
    return answer({ input, idempotencyKey, step: info.activityId, attempt: info.attempt + earlierAttempts, signal });
  };
}

/** Answers an attempt, or throws what the kit and Temporal understand. */
export function answering({ implements: contract, run }: Implementation, evidence: DocumentStore): (attempt: Attempt) => Promise<unknown> {
  const schemas =
    contract.contract === 'compensation'
      ? { input: compensatedSchema(contract), output: CompensationResult }
      : { input: contract.input, output: contract.output };
  return async ({ input: raw, ...attempt }) => {
    try {
      const input = parse({ schema: schemas.input, value: raw, else: (words) => invalidInput(`the input of ${contract.name} does not fit its contract: ${words}`) });
      const answer = await run(input, callOf({ attempt, evidence }));
      const output = parse({ schema: schemas.output, value: answer, else: (words) => unexpected(`${contract.name} answered what breaks its contract: ${words}`) });
      const size = utf8Length(JSON.stringify(output) ?? '');
      if (size > payloadLimit) throw unexpected(`${contract.name} answered ${size} bytes, more than the ${payloadLimit} that fit into a history; it should keep large content as a document`);
      return output;
    } catch (error) {
      throw withAttempt(error, attempt.attempt);
    }
  };
}

function callOf({ attempt, evidence }: { attempt: Omit<Attempt, 'input'>; evidence: DocumentStore }): Call {
  const context = Context.current();
  const { step } = attempt;
  return {
    ...attempt,
    instanceId: context.info.workflowExecution?.workflowId ?? step,
    heartbeat: (detail) => context.heartbeat(detail),
    log: {
      info: (message, facts) => void context.log.info(message, facts),
      warn: (message, facts) => void context.log.warn(message, facts),
    },
    async evidence({ name, title, mediaType, bytes }) {
      const unique = `${step}-${attempt.attempt}-${name}`.replaceAll(/[^A-Za-z0-9._-]/g, '-').slice(0, longestEvidenceName);
      return { name: unique, title, document: await evidence.put(bytes, mediaType) };
    },
  };
}

function parse({ schema, value, else: failure }: { schema: z.ZodType; value: unknown; else: (words: string) => ApplicationFailure }): unknown {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw failure(sentenceOf(issuesOf(parsed.error)));
}

/** The kit must know which attempt was refused: only a first attempt's refusal says that nothing took effect. */
function withAttempt(error: unknown, attempt: number): unknown {
  if (!(error instanceof ApplicationFailure) || error instanceof CancelledFailure) return error;
  const [first] = (error.details ?? []) as FailureDetail[];
  const { message, type, nonRetryable, nextRetryDelay, cause } = error;
  return ApplicationFailure.create({
    message,
    type: type ?? undefined,
    nonRetryable: nonRetryable ?? undefined,
    details: [{ ...first, attempt }],
    ...(nextRetryDelay == null ? {} : { nextRetryDelay }),
    ...(cause === undefined ? {} : { cause }),
  });
}
