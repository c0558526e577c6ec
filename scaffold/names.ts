import { isReserved, parse } from './source.ts';
import type { Rendered } from './templates.ts';

/** What every module knows without importing it, and what is written needs; and the export by which whoever imports a module takes it for a promise. */
const global = ['process', 'undefined', 'arguments', 'eval', 'then'];

/** Refuses a name that is right for a contract and yet cannot be the name of a constant. */
export function assertFree(name: string): void {
  if (isReserved(name)) throw new Error(`"${name}" is a word of the language, so nothing can be called so: choose another name, for example "${name}It"`);
  if (global.includes(name)) throw new Error(`"${name}" has a meaning of its own in every module: choose another name, for example "${name}It"`);
}

/** Refuses files in which the new name and a name that they need are the same. */
export function assertNoneTwice(rendered: readonly Rendered[]): void {
  for (const { file, text } of rendered) {
    const { names } = parse({ file, text });
    const twice = names.find((name, at) => names.indexOf(name) !== at);
    if (twice !== undefined) throw new Error(`the name "${twice}" is needed for something else in ${file}: choose another name`);
  }
}
