import type { z } from 'zod';
import { checkedInput } from './checked.ts';
import type { Trouble } from './incident.ts';
import type { Instance } from './instance.ts';

/** The checked input of a step that asks no system. One that does not fit opens an incident, like any other step's trouble. */
export async function fitInput<S extends z.ZodType>({ instance, schema, value, trouble }: { instance: Instance; schema: S; value: unknown; trouble: Trouble }): Promise<z.output<S>> {
  const { activityId } = trouble;
  if (instance.incidents.isOpen(activityId)) await instance.holdUp(trouble);
  for (;;) {
    const given = [value, ...instance.incidents.changesOf(activityId).inputs].at(-1);
    try {
      return checkedInput({ schema, value: given, what: `the input of step "${activityId}" of ${instance.id}` });
    } catch (error) {
      await instance.holdUp(trouble, { error, given });
    }
  }
}
