import { type ActivityOptions, isCancellation, scheduleActivity, type TemporalFailure } from '@temporalio/workflow';
import type { z } from 'zod';
import { type ActivityBounds, type ActivityKind, attemptsOf, type Patience, patienceOf, type Quick, type RetryPolicy } from '../../contracts/define/activity.ts';
import { systemOf } from '../../contracts/define/definition.ts';
import { milliseconds } from '../../contracts/define/duration.ts';
import type { Envelope } from '../../contracts/quick.ts';
import { changedId } from '../../contracts/ids.ts';
import { taskQueues } from '../../contracts/verbs.ts';
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

interface Plan extends Pick<Trouble, 'waitsFor' | 'probe'> {
  readonly options: ActivityOptions;
  readonly patience: Patience | undefined;
}
/** What is the same in all instances that a worker runs. */
const plans = new WeakMap<Question['contract'], Plan>();

function plan(contract: Question['contract']): Plan {
  const known = plans.get(contract);
  if (known) return known;
  const { kind, name, title, startToCloseTimeout, heartbeatTimeout, retry, probe } = contract;
  const { scheduleToCloseTimeout, ...most } = attemptsOf(contract);
  const fresh: Plan = {
    options: {
      taskQueue: taskQueues[kind],
      summary: title,
      startToCloseTimeout,
      scheduleToCloseTimeout,
      heartbeatTimeout,
      retry: { ...retryOf(retry), ...most },
      // Compensation must know whether the step took effect, so its end is awaited.
      cancellationType: 'WAIT_CANCELLATION_COMPLETED',
    },
    patience: patienceOf(contract),
    waitsFor: [systemOf(name)],
    probe: probe && { activity: probe.asks.name, perSecond: probe.perSecond ?? ordinaryRate },
  };
  plans.set(contract, fresh);
  return fresh;
}

/**
 * Asks until there is an answer: what outlasts its retries opens an incident, whose decision is to ask again or to fail.
 *
 * By callbacks, since each await is promises more, of each of which the SDK keeps the stack trace.
 */
export function ask(instance: Instance, question: Question): Promise<unknown> {
  const { activityId, step, visit, of, optional = false, contract, input, output, onAsk, onChange, onAnswer, onRefusal } = question;
  const { incidents, quick: quickSteps } = instance;
  const what = `step "${activityId}" of ${instance.id}`;
  const { options, patience, waitsFor, probe } = plan(contract);
  const trouble: Trouble = { activityId, step, visit, of, title: contract.title, activity: contract.name, waitsFor, optional, probe };
  // One of a former run, whose decision is still to come.
  let stopped = incidents.isOpen(activityId);

  const given = (answer: unknown): unknown => {
    onAnswer?.(answer);
    return answer;
  };
  const answered = (answer: unknown): unknown => given(checkedOutput({ schema: output, value: answer, what: `the answer to ${what}` }));
  /** `decision`: on an incident that opened while the system was being asked. */
  const heldUp = async (failure: Failure | undefined, decision?: Promise<Supplied | undefined>): Promise<unknown> => {
    const supplied = await (decision ?? instance.holdUp(trouble, failure));
    stopped = false;
    return supplied ? given(supplied.output) : round(false);
  };
  const failed = (error: unknown): Promise<unknown> => {
    // What is no failure of Temporal's world is a bug in our code or in a contract's.
    if (!isTemporalFailure(error) || isCancellation(error)) throw error;
    if (onRefusal && causeOf(error).type === 'Rejected') throw onRefusal(error);
    return heldUp({ error });
  };

  const put = ({ id, checked, quick }: { id: string; checked: unknown; quick: boolean }): Promise<unknown> => {
    const idempotencyKey = instance.key(id);
    const over = instance.seam.work();
    const settled = (conclude: () => unknown): unknown => {
      over();
      try {
        return conclude();
      } catch (error) {
        return failed(error);
      }
    };
    const unsettled = (error: unknown): Promise<unknown> => {
      over();
      return failed(error);
    };
    const ordinarily = (earlier?: Pick<Envelope, 'earlierAttempts'>): Promise<unknown> => {
      const earlierIncidents = incidents.count(activityId);
      const envelope: Envelope = { idempotencyKey, ...earlier, ...(earlierIncidents > 0 ? { earlierIncidents } : {}) };
      const schedule = (): Promise<unknown> => scheduleActivity(contract.name, [checked, envelope], { ...options, activityId });
      const concluded = (conclude: () => unknown): unknown =>
        settled(() => {
          quickSteps.rest();
          return conclude();
        });
      if (!patience) return schedule().then((answer) => concluded(() => answered(answer)), unsettled);
      return askWatched({ instance, trouble, patience }, schedule).then((outcome) => concluded(() => ('decision' in outcome ? heldUp(undefined, outcome.decision) : answered(outcome.answer))), unsettled);
    };
    if (!quick || !quickSteps.mayBegin(checked)) return ordinarily();
    return quickSteps.attempt({ contract, input: checked, envelope: { idempotencyKey, step: activityId } }).then((quickly) => (quickly ? settled(() => answered(quickly.output)) : ordinarily({ earlierAttempts: 1 })), unsettled);
  };

  const round = (quick: boolean): Promise<unknown> => {
    const { inputs, clean } = incidents.changesOf(activityId);
    const [newest, before] = [input.value, ...inputs].reverse();
    const idAfter = (changes: number): string => changedId({ id: activityId, changes });
    if (!clean) {
      return Promise.resolve(onChange?.({ id: idAfter(inputs.length - 1), input: before })).then(() => {
        incidents.cleaned(activityId);
        return round(quick);
      });
    }
    const id = idAfter(inputs.length);
    let checked: unknown;
    try {
      checked = checkedInput({ ...input, value: newest, what: `the input of ${what}` });
    } catch (error) {
      if (!isTemporalFailure(error)) throw error;
      return heldUp({ error, given: newest });
    }
    onAsk?.({ id, input: checked });
    return stopped ? heldUp(undefined) : put({ id, checked, quick });
  };

  return round(contract.quick === true && !stopped);
}
