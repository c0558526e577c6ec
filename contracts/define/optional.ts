import type { ActivityContract } from './activity.ts';
import type { ProcessContract } from './process.ts';

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

/** Says in a process's `steps` that the process can do without this step: `steps: { notify: optional(sendMail) }`. */
export function optional<C extends Skippable>(asks: C): OptionalContract<C> {
  const { kind, name, title } = asks;
  return Object.freeze({ contract: 'optional', kind, name, title, asks });
}
