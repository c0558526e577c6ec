import { Context } from '@temporalio/activity';
import type { ApplicationFailure } from '@temporalio/common';
import type { z } from 'zod';
import type { Call, Implementation } from '../activities/implement.ts';
import { compensatedSchema, CompensationResult } from '../contracts/define/activity.ts';
import { issuesOf, sentenceOf } from '../contracts/define/issues.ts';
import { payloadLimit, utf8Length } from '../contracts/define/limits.ts';
import { invalidInput, unexpected } from '../contracts/failures.ts';
import type { Envelope } from '../contracts/quick.ts';
import type { DocumentStore } from '../documents/store.ts';
import { alarmed } from './alarm.ts';
import { remembering } from './attempts.ts';

/** As `Evidence` has it. */
const longestEvidenceName = 120;

/** One attempt. */
export interface Attempt extends Pick<Call, 'idempotencyKey' | 'step' | 'attempt' | 'signal' | 'heartbeat'> {
  readonly input: unknown;
  readonly earlierIncidents?: number;
}

/** The Temporal activity that checks what goes in and out and tells the implementation what it must know. */
export function bind(implementation: Implementation, evidence: DocumentStore): (input: unknown, envelope: Envelope) => Promise<unknown> {
  const answer = answering(implementation, evidence);
  return (input, { idempotencyKey, earlierAttempts = 0, earlierIncidents = 0 }) => {
    const { info, cancellationSignal: signal } = Context.current();
    const attempt = info.attempt + earlierAttempts;
    return remembering({ attempt, first: earlierAttempts + 1 }, (heartbeat) => alarmed(implementation.implements, () => answer({ input, idempotencyKey, step: info.activityId, attempt, earlierIncidents, signal, heartbeat })));
  };
}

/** Answers an attempt, or throws what the kit and Temporal understand. */
export function answering({ implements: contract, run }: Implementation, evidence: DocumentStore): (attempt: Attempt) => Promise<unknown> {
  const schemas =
    contract.contract === 'compensation'
      ? { input: compensatedSchema(contract), output: CompensationResult }
      : { input: contract.input, output: contract.output };
  return async ({ input: raw, ...attempt }) => {
    const input = parse({ schema: schemas.input, value: raw, else: (words) => invalidInput(`the input of ${contract.name} does not fit its contract: ${words}`) });
    const answer = await run(input, callOf({ attempt, evidence }));
    const output = parse({ schema: schemas.output, value: answer, else: (words) => unexpected(`${contract.name} answered what breaks its contract: ${words}`) });
    const size = utf8Length(JSON.stringify(output) ?? '');
    if (size > payloadLimit) throw unexpected(`${contract.name} answered ${size} bytes, more than the ${payloadLimit} that fit into a history; it should keep large content as a document`);
    return output;
  };
}

function callOf({ attempt: { earlierIncidents = 0, ...attempt }, evidence }: { attempt: Omit<Attempt, 'input'>; evidence: DocumentStore }): Call {
  const context = Context.current();
  const { step } = attempt;
  return {
    ...attempt,
    instanceId: context.info.workflowExecution?.workflowId ?? step,
    log: {
      info: (message, facts) => void context.log.info(message, facts),
      warn: (message, facts) => void context.log.warn(message, facts),
    },
    async evidence({ name, title, mediaType, bytes }) {
      // Attempts are counted anew after an incident.
      const round = earlierIncidents > 0 ? `.${earlierIncidents}` : '';
      const unique = `${step}${round}-${attempt.attempt}-${name}`.replaceAll(/[^A-Za-z0-9._-]/g, '-').slice(0, longestEvidenceName);
      return { name: unique, title, document: await evidence.put(bytes, mediaType) };
    },
  };
}

function parse({ schema, value, else: failure }: { schema: z.ZodType; value: unknown; else: (words: string) => ApplicationFailure }): unknown {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw failure(sentenceOf(issuesOf(parsed.error)));
}
