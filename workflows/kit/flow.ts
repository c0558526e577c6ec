import { allHandlersFinished, CancellationScope, condition, isCancellation, upsertSearchAttributes } from '@temporalio/workflow';
import { defineSearchAttributeKey, SearchAttributeType } from '@temporalio/common';
import type { z } from 'zod';
import type { ActivityContract } from '../../contracts/define/activity.ts';
import type { OptionalContract, ProcessContract, StepContract, Steps } from '../../contracts/define/process.ts';
import type { Duration } from '../../contracts/define/duration.ts';
import type { MessageContract } from '../../contracts/define/message.ts';
import type { Decided, TaskContract } from '../../contracts/define/task.ts';
import type { TimerContract, When } from '../../contracts/define/timer.ts';
import { visitId } from '../../contracts/ids.ts';
import type { searchAttributes } from '../../contracts/verbs.ts';
import { askActivity } from './activity-step.ts';
import type { Call } from './call.ts';
import type { Carried } from './carried.ts';
import { checkedInput, checkedResult } from './checked.ts';
import { compensate } from './compensate.ts';
import { here } from './context.ts';
import { causeOf, isTemporalFailure, stopIfCancelled } from './failure.ts';
import { formerEffects, handOver } from './hand-over.ts';
import { askPerson } from './human-step.ts';
import { createInstance } from './create-instance.ts';
import type { Instance } from './instance.ts';
import { awaitMessage } from './message-step.ts';
import { orNothing } from './optional-step.ts';
import { runProcess } from './process-step.ts';
import { askClock } from './timer-step.ts';
import { listen } from './verbs.ts';

/** What a flow calls: give a step its input, await its answer. A timer whose contract says how long it takes is given nothing. */
export type StepCall<C extends StepContract> = C extends TaskContract<infer I, infer F>
  ? (input: z.input<I>) => Promise<Decided<z.output<F>>>
  : C extends ActivityContract<infer I, infer O>
    ? (input: z.input<I>) => Promise<z.output<O>>
    : C extends TimerContract<infer F>
      ? F extends Duration
        ? () => Promise<void>
        : (when: When) => Promise<void>
      : C extends MessageContract<infer P>
        ? () => Promise<z.output<P>>
        : C extends ProcessContract<infer I, infer O>
          ? (input: z.input<I>) => Promise<z.output<O>>
          : C extends OptionalContract<infer A>
            ? (...given: Parameters<StepCall<A>>) => Promise<Awaited<ReturnType<StepCall<A>>> | undefined>
            : never;
export type StepCalls<S extends Steps> = { readonly [K in keyof S]: StepCall<S[K]> };

/** A result as a flow may write it: `const` keeps its literals, and makes its objects and arrays readonly. */
type Returned<T> = T extends object ? { readonly [K in keyof T]: Returned<T[K]> } : T;

/** Each contract's way of being asked. */
const ways: { readonly [K in StepContract['contract']]: (call: Call<Extract<StepContract, { contract: K }>>) => Promise<unknown> } = {
  activity: askActivity,
  task: askPerson,
  timer: askClock,
  message: awaitMessage,
  process: runProcess,
  optional: (call) => orNothing(wayOf(call.contract.asks)({ ...call, contract: call.contract.asks, optional: true })),
};

const wayOf = ({ contract }: StepContract): ((call: Call<StepContract>) => Promise<unknown>) => ways[contract] as (call: Call<StepContract>) => Promise<unknown>;

/**
 * Binds a process to the code that runs it; the result is the Temporal workflow to export under the process's name. The body gets the checked
 * input and one function per step. What it returns ends the instance as completed; `Rejected` that it does not catch, a cancellation, or a person's
 * decision to fail a step undoes what was done first. The last two cannot be caught for good: whatever the body returns, they stand.
 */
export function flow<I extends z.ZodType, O extends z.ZodType, S extends Steps, const R extends Returned<z.input<O>>>(
  process: ProcessContract<I, O, S>,
  body: (input: z.output<I>, steps: StepCalls<S>) => Promise<R>,
): (input: z.input<I>, carried?: Carried) => Promise<z.output<O>> {
  return (raw, carried?: Carried) => {
    const input = checkedInput({ schema: process.input, value: raw, what: `the input of process "${process.name}"` });
    const instance = createInstance(process, carried);
    listen(instance);
    const failed = async (error: unknown): Promise<never> => {
      if (!isTemporalFailure(error)) throw error;
      await compensate(instance, instance.compensations);
      if (!allHandlersFinished()) await everyoneAnswered();
      if (!isCancellation(error) && causeOf(error).type === 'Rejected') upsertSearchAttributes([{ key: outcomeKey, value: 'rejected' }]);
      throw error;
    };
    const ended = (output: z.output<O>): z.output<O> | Promise<z.output<O>> => {
      try {
        const result = instance.parent ? (handOver({ output, entries: instance.compensations.all(), what: `sub-process ${instance.id}` }) as z.output<O>) : output;
        return allHandlersFinished() ? result : everyoneAnswered().then(() => result);
      } catch (error) {
        return failed(error);
      }
    };
    // By callbacks, since each await is promises more, of each of which the SDK keeps the stack trace.
    return instance
      .runBody({
        given: raw,
        body() {
          if (carried) void instance.journal.tell();
          return body(input, callsOf(instance) as StepCalls<S>);
        },
        resultOf: (value) => checkedResult({ schema: process.output, value, what: `the result of process "${process.name}"` }),
      })
      .then(ended, failed);
  };
}

/** The end must not cut off the answer to a verb that has just been taken. */
const everyoneAnswered = (): Promise<void> => CancellationScope.nonCancellable(() => condition(allHandlersFinished));

const outcomeKey = defineSearchAttributeKey('Outcome' satisfies keyof typeof searchAttributes, SearchAttributeType.KEYWORD);

/** Neither paused nor about to continue as a new run. */
async function mayBegin({ gate, seam }: Instance): Promise<void> {
  while (gate.isPaused() || seam.isNear()) {
    await gate.passed();
    if (!seam.isNear()) return;
    await seam.passed();
    if (!gate.isPaused()) return;
  }
}

function callsOf(instance: Instance): Record<string, (input: unknown) => Promise<unknown>> {
  const called = new Set<string>();
  return Object.fromEntries(
    Object.entries(instance.process.steps).map(([step, contract]) => [
      step,
      (input: unknown) => {
        const { visits, compensations } = here();
        const visit = visits.next(step);
        const id = visitId({ step, visit });
        // A system would take the second call for the first, since both have one key.
        if (called.has(id)) throw new Error(`step "${step}" is called in a forEach and at the same time beside it, so that "${id}" comes twice. Give the step another name in \`steps\` for one of the two places.`);
        called.add(id);
        instance.rewind.calls(id);
        const former = instance.journal.recall(id);
        if (former) {
          for (const entry of formerEffects({ process: instance.process, learned: former.learned })) compensations.register(entry);
          return former.answer;
        }
        const begin = (): Promise<unknown> => wayOf(contract)({ instance, step, visit, id, contract, input });
        const ask = (): Promise<unknown> => {
          stopIfCancelled(`step "${step}" of ${instance.id}`);
          return instance.gate.isPaused() || instance.seam.isNear() ? mayBegin(instance).then(begin) : begin();
        };
        return instance.run(instance.journal.inTurn(ask), id);
      },
    ]),
  );
}
