import { type ActivityOptions, isCancellation, scheduleActivity, type TemporalFailure } from '@temporalio/workflow';
import type { z } from 'zod';
import type { ActivityBounds, ActivityKind, Quick, RetryPolicy } from '../../contracts/define/activity.ts';
import { systemOf } from '../../contracts/define/definition.ts';
import { milliseconds } from '../../contracts/define/duration.ts';
import type { Envelope } from '../../contracts/quick.ts';
import { taskQueues } from '../../contracts/verbs.ts';
import { checkedInput, checkedOutput } from './checked.ts';
import { causeOf, isTemporalFailure } from './failure.ts';
import type { Trouble } from './incidents.ts';
import type { Instance } from './instance.ts';

/** One question to a system: the same for a step and for its compensation. */
export interface Question {
  readonly activityId: string;
  readonly step: string;
  readonly visit: number;
  readonly of: Trouble['of'];
  readonly optional?: boolean;
  readonly contract: ActivityBounds & Quick & { readonly name: string; readonly title: string; readonly kind: ActivityKind };
  /** `limit` in bytes of JSON, where it is not that of a step. */
  readonly input: { readonly schema: z.ZodType; readonly value: unknown; readonly limit?: number };
  readonly output: z.ZodType;
  /** Told that the input is fit, before the system is asked; again after an incident. */
  readonly onAsk?: (input: unknown) => void;
  readonly onAnswer?: (output: unknown) => void;
  /** Makes of the business's refusal what the caller gets. Where it is missing, nobody expects one, and it goes to an operator. */
  readonly onRefusal?: (error: TemporalFailure) => TemporalFailure;
}

/** Temporal refuses a longest interval that is shorter than the first, and would have the workflow task tried again for ever. */
const retryOf = ({ initialInterval = '1 second', ...rest }: RetryPolicy = {}): RetryPolicy => ({
  initialInterval,
  backoffCoefficient: 2,
  maximumInterval: Math.max(30_000, milliseconds(initialInterval)),
  ...rest,
});

/** Asks until there is an answer: what outlasts its retries opens an incident, whose decision is to ask again or to fail. */
export async function ask(instance: Instance, question: Question): Promise<unknown> {
  const { activityId, step, visit, of, optional = false, contract, input, output, onAsk, onAnswer, onRefusal } = question;
  const what = `step "${activityId}" of ${instance.id}`;
  const options: ActivityOptions = {
    activityId,
    taskQueue: taskQueues[contract.kind],
    summary: contract.title,
    startToCloseTimeout: contract.startToCloseTimeout,
    scheduleToCloseTimeout: contract.scheduleToCloseTimeout,
    heartbeatTimeout: contract.heartbeatTimeout,
    retry: retryOf(contract.retry),
    // Compensation must know whether the step took effect, so its end is awaited.
    cancellationType: 'WAIT_CANCELLATION_COMPLETED',
  };
  const trouble: Trouble = { activityId, step, visit, of, title: contract.title, activity: contract.name, waitsFor: [systemOf(contract.name)], optional };
  // One of a former run, whose decision is still to come.
  let stopped = instance.incidents.isOpen(activityId);
  for (let quick = contract.quick === true && !stopped; ; quick = false) {
    let failure: unknown;
    try {
      const checked = checkedInput({ ...input, what: `the input of ${what}` });
      onAsk?.(checked);
      if (!stopped) {
        const idempotencyKey = instance.key(activityId);
        quick &&= instance.quick.mayBegin(checked);
        const over = instance.seam.work();
        let quickly: { readonly output: unknown } | undefined;
        let answer: unknown;
        try {
          if (quick) quickly = await instance.quick.attempt({ contract, input: checked, envelope: { idempotencyKey, step: activityId } });
          const envelope: Envelope = { idempotencyKey, ...(quick ? { earlierAttempts: 1 } : {}) };
          answer = quickly ? quickly.output : await scheduleActivity(contract.name, [checked, envelope], options);
        } finally {
          over();
        }
        if (!quickly) instance.quick.rest();
        const checkedAnswer = checkedOutput({ schema: output, value: answer, what: `the answer to ${what}` });
        onAnswer?.(checkedAnswer);
        return checkedAnswer;
      }
    } catch (error) {
      // What is no failure of Temporal's world is a bug in our code or in a contract's.
      if (!isTemporalFailure(error) || isCancellation(error)) throw error;
      if (onRefusal && causeOf(error).type === 'Rejected') throw onRefusal(error);
      failure = error;
    }
    await instance.holdUp(trouble, failure);
    stopped = false;
  }
}
