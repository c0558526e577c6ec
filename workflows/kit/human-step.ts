import { keepJson } from '../../contracts/activities/documents.ts';
import { shownLimit, utf8Length } from '../../contracts/define/limits.ts';
import type { Decided, TaskContract } from '../../contracts/define/task.ts';
import type { DocumentRef } from '../../contracts/documents.ts';
import type { Decision, TaskMemo } from '../../contracts/verbs.ts';
import { ask } from './ask.ts';
import type { Call } from './call.ts';
import { stopIfCancelled } from './failure.ts';
import { fitInput } from './fit-input.ts';

/** A step that asks a person: state of the instance, no activity. */
export async function askPerson({ instance, step, visit, id, contract, input }: Call<TaskContract>): Promise<Decided<object>> {
  const former = instance.tasks.reopen(id);
  if (former) return answerOf(await former);
  const { title, name, candidateGroups } = contract;
  const checked = await fitInput({ instance, schema: contract.input, value: input, trouble: { activityId: id, step, visit, of: 'step', title, activity: name, waitsFor: candidateGroups } });
  const shown = await placeShown({ instance, step, visit, id, value: checked });
  stopIfCancelled(`step "${id}" of ${instance.id}`);
  return answerOf(await instance.tasks.open({ id, step, visit, contract, input: checked, shown }));
}

const answerOf = ({ decision, decidedBy }: Decision): Decided<object> => ({ ...(decision as object), decidedBy });

/** A memo is meant for headers; what is large goes to the document store. */
async function placeShown({ instance, step, visit, id, value }: Omit<Call<TaskContract>, 'contract' | 'input'> & { value: unknown }): Promise<TaskMemo['shown']> {
  const json = JSON.stringify(value) ?? 'null';
  if (utf8Length(json) <= shownLimit) return { value };
  const document = await ask(instance, {
    activityId: `show:${id}`,
    step,
    visit,
    of: 'step',
    contract: keepJson,
    input: { schema: keepJson.input, value: { json: JSON.parse(json) as unknown } },
    output: keepJson.output,
  });
  return { document: document as DocumentRef };
}
