import { type ActivityOptions, isCancellation, scheduleActivity, type TemporalFailure } from '@temporalio/workflow';
import type { z } from 'zod';
import { type ActivityBounds, type ActivityKind, attemptsOf, patienceOf, type Quick, type RetryPolicy } from '../../contracts/define/activity.ts';
import { systemOf } from '../../contracts/define/definition.ts';
import { milliseconds } from '../../contracts/define/duration.ts';
import type { Envelope } from '../../contracts/quick.ts';
import { changedId, taskQueues } from '../../contracts/verbs.ts';
import { askWatched } from './ask-watched.ts';
import { checkedInput, checkedOutput } from './checked.ts';
import { causeOf, isTemporalFailure } from './failure.ts';
import type { Failure, Supplied, Trouble } from './incident.ts';
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
  /** Told that the input is fit, before the system is asked; again after an incident. `id` is another for each input. */
  readonly onAsk?: (asked: { readonly id: string; readonly input: unknown }) => void;
  /** Told what was asked before an operator changed the input: what that did is to be undone first. It may have been unfit. */
  readonly onChange?: (before: { readonly id: string; readonly input: unknown }) => Promise<void>;
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

/** How many of those that waited are let go in a second, once a system answers again. */
const ordinaryRate = 5;

/** Asks until there is an answer: what outlasts its retries opens an incident, whose decision is to ask again or to fail. */
export async function ask(instance: Instance, question: Question): Promise<unknown> {
  const { activityId, step, visit, of, optional = false, contract, input, output, onAsk, onChange, onAnswer, onRefusal } = question;
  const { scheduleToCloseTimeout, ...most } = attemptsOf(contract);
  const what = `step "${activityId}" of ${instance.id}`;
  const options: ActivityOptions = {
    activityId,
    taskQueue: taskQueues[contract.kind],
    summary: contract.title,
    startToCloseTimeout: contract.startToCloseTimeout,
    scheduleToCloseTimeout,
    heartbeatTimeout: contract.heartbeatTimeout,
    retry: { ...retryOf(contract.retry), ...most },
    // Compensation must know whether the step took effect, so its end is awaited.
    cancellationType: 'WAIT_CANCELLATION_COMPLETED',
  };
  const trouble: Trouble = { activityId, step, visit, of, title: contract.title, activity: contract.name, waitsFor: [systemOf(contract.name)], optional, probe: contract.probe && { activity: contract.probe.asks.name, perSecond: contract.probe.perSecond ?? ordinaryRate } };
  const patience = patienceOf(contract);
  // One of a former run, whose decision is still to come.
  let stopped = instance.incidents.isOpen(activityId);
  for (let quick = contract.quick === true && !stopped; ; quick = false) {
    const { inputs, clean } = instance.incidents.changesOf(activityId);
    const [given, before] = [input.value, ...inputs].reverse();
    const idAfter = (changes: number): string => changedId({ id: activityId, changes });
    if (!clean) {
      await onChange?.({ id: idAfter(inputs.length - 1), input: before });
      instance.incidents.cleaned(activityId);
    }
    const id = idAfter(inputs.length);
    let failure: Failure | undefined;
    /** On an incident that opened while the system was being asked. */
    let decision: Promise<Supplied | undefined> | undefined;
    let checked: unknown;
    try {
      checked = checkedInput({ ...input, value: given, what: `the input of ${what}` });
    } catch (error) {
      if (!isTemporalFailure(error)) throw error;
      failure = { error, given };
    }
    if (!failure) onAsk?.({ id, input: checked });
    if (!failure && !stopped) {
      const idempotencyKey = instance.key(id);
      quick &&= instance.quick.mayBegin(checked);
      const over = instance.seam.work();
      try {
        let quickly: { readonly output: unknown } | undefined;
        let answer: unknown;
        try {
          if (quick) quickly = await instance.quick.attempt({ contract, input: checked, envelope: { idempotencyKey, step: activityId } });
          const earlierIncidents = instance.incidents.count(activityId);
          const envelope: Envelope = { idempotencyKey, ...(quick ? { earlierAttempts: 1 } : {}), ...(earlierIncidents > 0 ? { earlierIncidents } : {}) };
          const schedule = (): Promise<unknown> => scheduleActivity(contract.name, [checked, envelope], options);
          if (quickly) answer = quickly.output;
          else if (!patience) answer = await schedule();
          else {
            const outcome = await askWatched({ instance, trouble, patience }, schedule);
            if ('decision' in outcome) ({ decision } = outcome);
            else ({ answer } = outcome);
          }
        } finally {
          over();
        }
        if (!quickly) instance.quick.rest();
        if (!decision) {
          const checkedAnswer = checkedOutput({ schema: output, value: answer, what: `the answer to ${what}` });
          onAnswer?.(checkedAnswer);
          return checkedAnswer;
        }
      } catch (error) {
        // What is no failure of Temporal's world is a bug in our code or in a contract's.
        if (!isTemporalFailure(error) || isCancellation(error)) throw error;
        if (onRefusal && causeOf(error).type === 'Rejected') throw onRefusal(error);
        failure = { error };
      }
    }
    const supplied = await (decision ?? instance.holdUp(trouble, failure));
    if (supplied) {
      onAnswer?.(supplied.output);
      return supplied.output;
    }
    stopped = false;
  }
}
