import type { z } from 'zod';

/** What becomes of a value on its way through JSON must be nothing: these change it, or do not survive the journey. */
const refusedTypes: Readonly<Record<string, string>> = {
  transform: 'a transform',
  pipe: 'a pipe or preprocess',
  date: 'a date (use an ISO string: z.iso.date() or z.iso.datetime())',
  bigint: 'a bigint (use a string or an integer)',
  map: 'a Map (use a record or an array)',
  set: 'a Set (use an array)',
  symbol: 'a symbol',
  undefined: 'undefined (use .optional())',
  void: 'void (use z.null() or an empty object)',
  nan: 'NaN',
  function: 'a function',
  promise: 'a promise',
  custom: 'a custom or instanceof check (use .refine on a plain schema)',
  file: 'a file (pass documents by reference)',
  codec: 'a codec',
  catch: 'a catch (it would hide an answer that breaks the contract)',
  success: 'a success check',
};

interface Def {
  readonly type: string;
  readonly coerce?: boolean;
  readonly checks?: readonly { readonly _zod: { readonly def: { readonly check: string } } }[];
  readonly [property: string]: unknown;
}

/** Refuses a schema whose values would not be the same after a journey through JSON, and names the place. */
export function assertPlainJson({ schema, where }: { schema: z.ZodType; where: string }): void {
  walk({ schema, path: [], where, seen: new Set() });
}

function walk({ schema, path, where, seen }: { schema: unknown; path: readonly string[]; where: string; seen: Set<unknown> }): void {
  if (!isSchema(schema) || seen.has(schema)) return;
  seen.add(schema);
  const def = schema._zod.def;
  const refuse = (what: string): never => {
    throw new Error(`${where}${path.length ? ` at ${path.join('.')}` : ''}: ${what} is not plain JSON in and out`);
  };
  const refused = refusedTypes[def.type];
  if (refused) refuse(refused);
  if (def.coerce) refuse('a coercion');
  for (const value of def.type === 'literal' && Array.isArray(def.values) ? def.values : []) {
    if (value === undefined || typeof value === 'bigint') refuse(`the literal ${String(value)}`);
  }
  if (def.checks?.some((check) => check._zod.def.check === 'overwrite')) refuse('a schema that changes its value (trim, toLowerCase, overwrite)');
  for (const [property, value] of Object.entries(def)) {
    if (property === 'checks') continue;
    for (const [key, inner] of children(value)) {
      walk({ schema: inner, path: key === '' ? path : [...path, key], where, seen });
    }
  }
}

function children(value: unknown): readonly (readonly [string, unknown])[] {
  if (isSchema(value)) return [['', value]];
  if (typeof value === 'function') return isGetter(value) ? [['', value()]] : [];
  if (value !== null && typeof value === 'object') return Object.entries(value);
  return [];
}

/** `z.lazy` keeps its schema behind a getter without parameters. */
const isGetter = (value: unknown): value is () => unknown => typeof value === 'function' && value.length === 0;

function isSchema(value: unknown): value is { readonly _zod: { readonly def: Def } } {
  return typeof value === 'object' && value !== null && '_zod' in value;
}
