import { utf8Length } from './limits.ts';

/** Long enough to be told apart, short enough that ids made of several names stay within every system's limits. */
const longestName = 60;
/** Bytes; Temporal refuses a summary of more than 400 and would try such a step for ever. */
const longestTitle = 200;

/** Refuses a name that could not serve as an id everywhere (Temporal, URLs, the map, the record). */
export function assertName({ what, name, pattern, example }: { what: string; name: string; pattern: RegExp; example: string }): void {
  if (!pattern.test(name)) throw new Error(`${what} name "${name}" must match ${pattern.source}, for example "${example}"`);
  if (name.length > longestName) throw new Error(`${what} name "${name}" has ${name.length} characters; ${longestName} are allowed`);
}

/** Refuses a title that people could not read or that Temporal's Web UI could not show. */
export function assertTitle({ what, title }: { what: string; title: string }): void {
  if (title.trim() === '') throw new Error(`${what} has no title: say in a few words what it does, for example "Reserve the budget"`);
  if (utf8Length(title) > longestTitle) throw new Error(`the title of ${what} has ${utf8Length(title)} bytes; ${longestTitle} are allowed`);
}
