import type { z } from 'zod';
import type { Duration } from './duration.ts';
import { assertName } from './names.ts';
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
  /** Groups that become candidates too once the task is overdue; needs `dueIn`. */
  readonly escalateTo?: readonly string[];
  /** `'update'` closes the door of the signal `decide`, so that only the API's validated updates decide. Default: `'any'`. */
  readonly decideBy?: 'any' | 'update';
}

type TaskSpec<I extends z.ZodType, F extends z.ZodType> = Omit<TaskContract<I, F>, 'contract' | 'kind'>;

/** What a human step gives: the decision, and who took it. */
export type Decided<D> = D & { readonly decidedBy: string };

export function humanTask<I extends z.ZodType, F extends z.ZodType>(spec: TaskSpec<I, F>): TaskContract<I, F> {
  assertName({ what: 'task', name: spec.name, pattern: /^[a-z][A-Za-z0-9]*$/, example: 'approveInvoice' });
  if (spec.candidateGroups.length === 0) throw new Error(`task "${spec.name}" has no candidate group: nobody could ever do it`);
  if (spec.escalateTo && spec.dueIn === undefined) throw new Error(`task "${spec.name}" has escalateTo but no dueIn: say when it escalates`);
  assertPlainJson({ schema: spec.input, where: `task "${spec.name}", input` });
  assertPlainJson({ schema: spec.form, where: `task "${spec.name}", form` });
  return Object.freeze({ ...spec, contract: 'task', kind: 'human' });
}
