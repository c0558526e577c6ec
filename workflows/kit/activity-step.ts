import type { ActivityContract } from '../../contracts/define/activity.ts';
import { rejected } from '../../contracts/failures.ts';
import { visitId } from '../../contracts/verbs.ts';
import { ask } from './ask.ts';
import type { Entry } from './compensations.ts';
import { causeOf, refusedAtOnce } from './failure.ts';
import type { Instance } from './instance.ts';

/** A step that asks a service, a robot or a model. */
export function askActivity({ instance, step, contract, input }: { instance: Instance; step: string; contract: ActivityContract; input: unknown }): Promise<unknown> {
  const visit = instance.nextVisit(step);
  const activityId = visitId({ step, visit });
  const { compensation } = contract;
  let effect: Entry | undefined;
  let rounds = 0;
  return ask(instance, {
    activityId,
    step,
    visit,
    of: 'step',
    contract,
    input: { schema: contract.input, value: input },
    output: contract.output,
    onAsk(checked) {
      rounds += 1;
      if (compensation) effect ??= instance.compensations.register({ step, visit, activityId, contract: compensation, input: checked });
    },
    onAnswer(output) {
      if (effect) effect.output = output;
    },
    onRefusal(error) {
      // After an incident a first attempt is not the first of all.
      if (effect && rounds === 1 && refusedAtOnce(error)) instance.compensations.drop(effect);
      return rejected(`step "${activityId}" of ${instance.id}: ${causeOf(error).message}`, { cause: error });
    },
  });
}
