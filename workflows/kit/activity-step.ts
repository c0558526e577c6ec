import type { ActivityContract } from '../../contracts/define/activity.ts';
import { rejected } from '../../contracts/failures.ts';
import { ask } from './ask.ts';
import type { Call } from './call.ts';
import type { Entry } from './compensations.ts';
import { undoOne } from './compensate.ts';
import { here } from './context.ts';
import { causeOf, refusedAtOnce, stopIfCancelled } from './failure.ts';

/** A step that asks a service, a robot or a model. */
export function askActivity({ instance, step, visit, id: activityId, contract, input, optional = false }: Call<ActivityContract>): Promise<unknown> {
  const { compensation } = contract;
  const { compensations } = here();
  /** What is asked with the newest input, and how often it was. */
  let newest: { readonly id: string; readonly effect: Entry | undefined; rounds: number } | undefined;
  const begin = ({ id, input: checked }: { id: string; input: unknown }): NonNullable<typeof newest> => ({
    id,
    effect: compensation && compensations.register({ step, visit, activityId: id, forwardKey: instance.key(id), contract: compensation, input: checked }),
    rounds: 0,
  });
  return ask(instance, {
    activityId,
    step,
    visit,
    of: 'step',
    optional,
    contract,
    input: { schema: contract.input, value: input },
    output: contract.output,
    onAsk(asked) {
      if (newest?.id !== asked.id) newest = begin(asked);
      newest.rounds += 1;
    },
    async onChange({ id, input: before }) {
      // A former run has asked it.
      const former = newest ? undefined : contract.input.safeParse(before);
      if (former?.success) newest = begin({ id, input: former.data });
      if (newest?.effect) await undoOne({ instance, compensations, entry: newest.effect });
      stopIfCancelled(`step "${activityId}" of ${instance.id}`);
    },
    onAnswer(output) {
      if (newest?.effect) newest.effect.output = output;
    },
    onRefusal(error) {
      // After an incident a first attempt is not the first of all.
      if (newest?.effect && newest.rounds === 1 && refusedAtOnce(error)) compensations.drop(newest.effect);
      return rejected(`step "${activityId}" of ${instance.id}: ${causeOf(error).message}`, { cause: error });
    },
  });
}
