import type { OptionalContract, Skippable } from './process.ts';

/** Says in a process's `steps` that the process can do without this step: `steps: { notify: optional(sendMail) }`. */
export function optional<C extends Skippable>(asks: C): OptionalContract<C> {
  const { kind, name, title } = asks;
  return Object.freeze({ contract: 'optional', kind, name, title, asks });
}
