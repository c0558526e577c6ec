import type { z } from 'zod';
import type { ActivityContract } from './activity.ts';
import { assertDuration, type Duration } from './duration.ts';
import { assertName, assertTitle } from './names.ts';
import { assertPlainJson } from './plain-json.ts';
import type { MessageContract } from './message.ts';
import type { TaskContract } from './task.ts';
import type { TimerContract } from './timer.ts';

export const stepKinds = ['service', 'bot', 'ai', 'human', 'message', 'timer', 'process'] as const;
/** The kinds of places in a process where time passes. */
export type StepKind = (typeof stepKinds)[number];

/** What a process may name in its `steps`. */
export type StepContract = ActivityContract | TaskContract | TimerContract | MessageContract | ProcessContract | OptionalContract;
/** What may be skipped: what it gives is then `undefined`. */
export type Skippable = ActivityContract | ProcessContract;

/** A step that an operator may skip when it fails; the process goes on without its output. */
export interface OptionalContract<C extends Skippable = Skippable> {
  readonly contract: 'optional';
  readonly kind: C['kind'];
  readonly name: string;
  readonly title: string;
  readonly asks: C;
}

export type Steps = Readonly<Record<string, StepContract>>;

export interface ProcessContract<I extends z.ZodType = z.ZodType, O extends z.ZodType = z.ZodType, S extends Steps = Steps> {
  readonly contract: 'process';
  /** As a step of another process. */
  readonly kind: 'process';
  /** Also the Temporal workflow type and the first part of every instance's id. */
  readonly name: string;
  readonly title: string;
  readonly input: I;
  readonly output: O;
  /** What makes two requests the same request; the instance's id is `<process>/<business key>`. */
  readonly businessKey?: (input: z.output<I>) => string;
  /** The time within which an instance should end. */
  readonly target?: Duration;
  /** Run by the product itself for operators: it stands in no catalogue, and nobody starts it by its name. */
  readonly operation?: true;
  /** The places of this process, by the key that is their id everywhere. */
  readonly steps: S;
}

/** Prefixes of the ids of what the kit asks beside the steps themselves. */
const reserved = ['undo', 'show'];

export function defineProcess<I extends z.ZodType, O extends z.ZodType, const S extends Steps>(
  spec: Omit<ProcessContract<I, O, S>, 'contract' | 'kind'>,
): ProcessContract<I, O, S> {
  assertName({ what: 'process', name: spec.name, pattern: /^[a-z][A-Za-z0-9]*$/, example: 'supplierInvoice' });
  const what = `process "${spec.name}"`;
  assertTitle({ what, title: spec.title });
  if (spec.target !== undefined) assertDuration({ duration: spec.target, where: `${what}, target` });
  for (const key of Object.keys(spec.steps)) {
    if (reserved.includes(key)) throw new Error(`step of ${what}: the name "${key}" is taken: ids such as "${key}:pay" have a meaning of their own. Choose another.`);
    assertName({ what: `step of process "${spec.name}":`, name: key, pattern: /^[a-z][A-Za-z0-9]*$/, example: 'reserveBudget' });
  }
  assertOneContractEach({ what, steps: spec.steps });
  assertPlainJson({ schema: spec.input, where: `${what}, input` });
  assertPlainJson({ schema: spec.output, where: `${what}, output` });
  return Object.freeze({ ...spec, contract: 'process', kind: 'process' });
}

/** A message goes to whichever step waits for its name, so that name must mean one thing in a process. */
function assertOneContractEach({ what, steps }: { what: string; steps: Steps }): void {
  const messages = new Map<string, StepContract>();
  for (const contract of Object.values(steps)) {
    if (contract.contract !== 'message') continue;
    const other = messages.get(contract.name) ?? contract;
    if (other !== contract) throw new Error(`${what} has two contracts for the message "${contract.name}": use one in all its steps, or give one another name`);
    messages.set(contract.name, contract);
  }
}
