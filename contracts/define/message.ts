import type { z } from 'zod';
import { assertDuration, type Duration } from './duration.ts';
import { assertName, assertTitle } from './names.ts';
import { assertPlainJson } from './plain-json.ts';

/** A place where a process waits for word from the outside world. */
export interface MessageContract<P extends z.ZodType = z.ZodType> {
  readonly contract: 'message';
  readonly kind: 'message';
  /** By which senders name it; a process may wait for it in several places. */
  readonly name: string;
  readonly title: string;
  /** What it says. */
  readonly payload: P;
  /** How long it is waited for, from when the step is reached; without it for ever. */
  readonly within?: Duration;
  /** What the step gives when the time is over; belongs to `within`. */
  readonly otherwise?: z.output<P>;
}

type Patience<P extends z.ZodType> = { readonly within: Duration; readonly otherwise: z.input<P> } | { readonly within?: never; readonly otherwise?: never };

export function message<P extends z.ZodType>(spec: { readonly name: string; readonly title: string; readonly payload: P } & Patience<P>): MessageContract<P> {
  const { name, title, payload, within, otherwise } = spec;
  assertName({ what: 'message', name, pattern: /^[a-z][A-Za-z0-9]*$/, example: 'contractSigned' });
  const what = `message "${name}"`;
  assertTitle({ what, title });
  assertPlainJson({ schema: payload, where: `${what}, payload` });
  if ((within === undefined) !== (otherwise === undefined)) throw new Error(`${what} has ${within === undefined ? 'otherwise but no within' : 'within but no otherwise'}: say how long it is waited for, and what holds when the time is over`);
  if (within === undefined) return Object.freeze({ contract: 'message', kind: 'message', name, title, payload });
  assertDuration({ duration: within, where: `${what}, within` });
  const fallback = payload.safeParse(otherwise);
  if (!fallback.success) throw new Error(`${what}: what is given otherwise does not fit its payload: ${fallback.error.issues[0]?.message ?? ''}`);
  return Object.freeze({ contract: 'message', kind: 'message', name, title, payload, within, otherwise: fallback.data });
}
