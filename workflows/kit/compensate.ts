import { CancellationScope } from '@temporalio/workflow';
import { compensatedSchema, CompensationResult } from '../../contracts/define/activity.ts';
import { compensatedLimit } from '../../contracts/define/limits.ts';
import { undoing } from '../../contracts/ids.ts';
import { ask } from './ask.ts';
import type { Compensations, Entry } from './compensations.ts';
import { isTemporalFailure } from './failure.ts';
import type { Instance } from './instance.ts';

/**
 * Undoes what was done, newest first, shielded from cancellation. A compensation that fails is an incident like any other; one that a
 * person gives up on is passed over, and the history says who did so and why.
 */
export async function compensate(instance: Instance, compensations: Compensations): Promise<void> {
  await CancellationScope.nonCancellable(async () => {
    for (const entry of compensations.takeNewestFirst()) await undoOrPass(instance, entry);
  });
}

/** Undoes what a step may have done, since it is asked something else in its place. */
export async function undoOne({ instance, compensations, entry }: { instance: Instance; compensations: Compensations; entry: Entry }): Promise<void> {
  await CancellationScope.nonCancellable(() => undoOrPass(instance, entry));
  compensations.drop(entry);
}

async function undoOrPass(instance: Instance, entry: Entry): Promise<void> {
  try {
    await undo(instance, entry);
  } catch (error) {
    if (!isTemporalFailure(error)) throw error;
  }
}

const undo = (instance: Instance, { step, visit, activityId, forwardKey, contract, input, output }: Entry): Promise<unknown> =>
  ask(instance, {
    activityId: undoing(activityId),
    step,
    visit,
    of: 'compensation',
    contract,
    input: {
      schema: compensatedSchema(contract),
      limit: compensatedLimit,
      value: { input, ...(output === undefined ? {} : { output }), forwardKey },
    },
    output: CompensationResult,
  });
