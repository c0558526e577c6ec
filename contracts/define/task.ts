import type { z } from 'zod';
import { assertDuration, type Duration } from './duration.ts';
import { assertName, assertTitle } from './names.ts';
import { assertPlainJson } from './plain-json.ts';

/** A work item for a person: who may do it, what is shown, and the form that is the decision. */
export interface TaskContract<I extends z.ZodType = z.ZodType, F extends z.ZodType = z.ZodType> {
  readonly contract: 'task';
  readonly kind: 'human';
  readonly name: string;
  readonly title: string;
  /** What the person is shown. */
  readonly input: I;
  /** What the person answers; by custom a union discriminated by `outcome`. */
  readonly form: F;
  readonly candidateGroups: readonly [string, ...string[]];
  /** Users who may not take this task although their group may, for example for the four-eyes principle. */
  readonly excludedUsers?: (input: z.output<I>) => readonly string[];
  /** The time after which the task counts as overdue, from its opening. */
  readonly dueIn?: Duration;
  /** Instead of `dueIn`, the moment from which on it counts as overdue: ISO 8601 with its offset from UTC. */
  readonly due?: (input: z.output<I>) => string;
  /** Groups that become candidates too once the task is overdue; needs `dueIn` or `due`. */
  readonly escalateTo?: readonly string[];
  /** `'update'` closes the door of the signal `decide`, so that only the API's validated updates decide. Default: `'any'`. */
  readonly decideBy?: 'any' | 'update';
}

type TaskSpec<I extends z.ZodType, F extends z.ZodType> = Omit<TaskContract<I, F>, 'contract' | 'kind'>;

/** What a human step gives: the decision, and who took it. */
export type Decided<D> = D & { readonly decidedBy: string };

export function humanTask<I extends z.ZodType, F extends z.ZodType>(spec: TaskSpec<I, F>): TaskContract<I, F> {
  assertName({ what: 'task', name: spec.name, pattern: /^[a-z][A-Za-z0-9]*$/, example: 'approveInvoice' });
  const what = `task "${spec.name}"`;
  assertTitle({ what, title: spec.title });
  const { candidateGroups, escalateTo, dueIn, due } = spec;
  if (candidateGroups.length === 0) throw new Error(`${what} has no candidate group: nobody could ever do it`);
  const odd = [...candidateGroups, ...(escalateTo ?? [])].find((group) => group.trim() === '' || group.length > 100);
  if (odd !== undefined) throw new Error(`${what} names the group "${odd}"; a group has 1 to 100 characters`);
  if (escalateTo && dueIn === undefined && !due) throw new Error(`${what} has escalateTo but neither dueIn nor due: say when it escalates`);
  if (dueIn !== undefined && due) throw new Error(`${what} has dueIn and due: say when it is due in one way`);
  if (dueIn !== undefined) assertDuration({ duration: dueIn, where: `${what}, dueIn` });
  assertPlainJson({ schema: spec.input, where: `${what}, input` });
  assertPlainJson({ schema: spec.form, where: `${what}, form` });
  return Object.freeze({ ...spec, contract: 'task', kind: 'human' });
}
