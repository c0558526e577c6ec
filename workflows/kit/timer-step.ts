import { sleep } from '@temporalio/workflow';
import { milliseconds } from '../../contracts/define/duration.ts';
import { type TimerContract, When } from '../../contracts/define/timer.ts';
import { timerSummary } from '../../contracts/ids.ts';
import type { Call } from './call.ts';
import { fitInput } from './fit-input.ts';
import { stopIfCancelled } from './failure.ts';

/** A step that waits until a time has come: one timer of Temporal's. */
export async function askClock({ instance, step, visit, id, contract, input }: Call<TimerContract>): Promise<void> {
  const { title, name } = contract;
  const former = instance.timers.get(id);
  const when = former !== undefined ? { until: former } : contract.for === undefined ? await fitInput({ instance, schema: When, value: input, trouble: { activityId: id, step, visit, of: 'step', title, activity: name, waitsFor: [name] } }) : { for: contract.for };
  stopIfCancelled(`step "${id}" of ${instance.id}`);
  // A moment that has passed leaves its events too, so that the history tells that the step was reached.
  const length = Math.max(1, lengthOf(when));
  instance.timers.set(id, new Date(Date.now() + length).toISOString());
  try {
    await sleep(length, { summary: timerSummary({ title, id }) });
  } finally {
    instance.timers.delete(id);
  }
}

const lengthOf = (when: When): number => ('for' in when ? milliseconds(when.for) : Date.parse(when.until) - Date.now());
