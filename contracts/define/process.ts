import type { z } from 'zod';
import type { ActivityContract } from './activity.ts';
import type { Duration } from './duration.ts';
import { assertName } from './names.ts';
import { assertPlainJson } from './plain-json.ts';
import type { TaskContract } from './task.ts';

export const stepKinds = ['service', 'bot', 'ai', 'human', 'message', 'timer', 'process'] as const;
/** The kinds of places in a process where time passes. */
export type StepKind = (typeof stepKinds)[number];

/** What a process may name in its `steps`. */
export type StepContract = ActivityContract | TaskContract;
export type Steps = Readonly<Record<string, StepContract>>;

export interface ProcessContract<I extends z.ZodType = z.ZodType, O extends z.ZodType = z.ZodType, S extends Steps = Steps> {
  readonly contract: 'process';
  /** Also the Temporal workflow type and the first part of every instance's id. */
  readonly name: string;
  readonly title: string;
  readonly input: I;
  readonly output: O;
  /** What makes two requests the same request; the instance's id is `<process>/<business key>`. */
  readonly businessKey?: (input: z.output<I>) => string;
  /** The time within which an instance should end. */
  readonly target?: Duration;
  /** The places of this process, by the key that is their id everywhere. */
  readonly steps: S;
}

export function defineProcess<I extends z.ZodType, O extends z.ZodType, const S extends Steps>(
  spec: Omit<ProcessContract<I, O, S>, 'contract'>,
): ProcessContract<I, O, S> {
  assertName({ what: 'process', name: spec.name, pattern: /^[a-z][A-Za-z0-9]*$/, example: 'supplierInvoice' });
  for (const key of Object.keys(spec.steps)) {
    assertName({ what: `step of process "${spec.name}":`, name: key, pattern: /^[a-z][A-Za-z0-9]*$/, example: 'reserveBudget' });
  }
  assertPlainJson({ schema: spec.input, where: `process "${spec.name}", input` });
  assertPlainJson({ schema: spec.output, where: `process "${spec.name}", output` });
  return Object.freeze({ ...spec, contract: 'process' });
}
