import type { ActivityContract } from '../../contracts/define/activity.ts';
import { rejected } from '../../contracts/failures.ts';
import { ask } from './ask.ts';
import type { Call } from './call.ts';
import type { Entry } from './compensations.ts';
import { here } from './context.ts';
import { causeOf, refusedAtOnce } from './failure.ts';

/** A step that asks a service, a robot or a model. */
export function askActivity({ instance, step, visit, id: activityId, contract, input, optional = false }: Call<ActivityContract>): Promise<unknown> {
  const { compensation } = contract;
  const { compensations } = here();
  let effect: Entry | undefined;
  let rounds = 0;
  return ask(instance, {
    activityId,
    step,
    visit,
    of: 'step',
    optional,
    contract,
    input: { schema: contract.input, value: input },
    output: contract.output,
    onAsk(checked) {
      rounds += 1;
      if (compensation) effect ??= compensations.register({ step, visit, activityId, forwardKey: instance.key(activityId), contract: compensation, input: checked });
    },
    onAnswer(output) {
      if (effect) effect.output = output;
    },
    onRefusal(error) {
      // After an incident a first attempt is not the first of all.
      if (effect && rounds === 1 && refusedAtOnce(error)) compensations.drop(effect);
      return rejected(`step "${activityId}" of ${instance.id}: ${causeOf(error).message}`, { cause: error });
    },
  });
}
