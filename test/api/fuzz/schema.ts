/** A schema of an OpenAPI 3.0 document, as far as the document uses it; a keyword that is not here is refused by the check. */
export interface Schema {
  readonly $ref?: string;
  readonly type?: string;
  readonly nullable?: boolean;
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly allOf?: readonly Schema[];
  readonly not?: Schema;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean | Schema;
  readonly items?: Schema;
  readonly format?: string;
  readonly pattern?: string;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: boolean;
  readonly exclusiveMaximum?: boolean;
}

export interface OpenApi {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> };
}
export interface Parameter {
  readonly name: string;
  readonly in: 'path' | 'query' | 'header';
  readonly schema: Schema;
}
export interface Operation {
  readonly operationId: string;
  readonly security?: readonly unknown[];
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema: Schema }>> };
  readonly responses: Readonly<Record<string, { readonly content?: Readonly<Record<string, { readonly schema: Schema }>> }>>;
}

interface At {
  readonly document: OpenApi;
  readonly value: unknown;
  readonly where: string;
}
type Check = (schema: Schema, at: At) => readonly string[];

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);

const types: Readonly<Record<string, (value: unknown) => boolean>> = {
  object: isObject,
  array: Array.isArray,
  string: (value) => typeof value === 'string',
  number: (value) => typeof value === 'number',
  integer: Number.isInteger,
  boolean: (value) => typeof value === 'boolean',
};

const told = (holds: boolean, sentence: string): readonly string[] => (holds ? [] : [sentence]);
const short = (value: unknown): string => (JSON.stringify(value) ?? 'undefined').slice(0, 120);
const text = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);
const number = (value: unknown): number | undefined => (typeof value === 'number' ? value : undefined);
const list = (value: unknown): readonly unknown[] | undefined => (Array.isArray(value) ? value : undefined);

/** What each keyword asks for; the ones that only tell people something ask for nothing. */
const keywords: Readonly<Record<string, Check>> = {
  $ref: ({ $ref = '' }, at) => check(resolve({ document: at.document, $ref }), at),
  type: ({ type = '', nullable }, { value, where }) => told((nullable === true && value === null) || types[type]?.(value) === true, `${where} is ${short(value)}, not ${type}`),
  enum: ({ enum: all = [], nullable }, { value, where }) => told((nullable === true && value === null) || all.includes(value), `${where} is ${short(value)}, not one of ${short(all)}`),
  anyOf: ({ anyOf = [] }, at) => told(anyOf.some((schema) => check(schema, at).length === 0), `${at.where} is ${short(at.value)}, which fits none of its schemas`),
  oneOf: ({ oneOf = [] }, at) => told(oneOf.filter((schema) => check(schema, at).length === 0).length === 1, `${at.where} is ${short(at.value)}, which does not fit just one of its schemas`),
  allOf: ({ allOf = [] }, at) => allOf.flatMap((schema) => check(schema, at)),
  not: ({ not = {} }, at) => told(check(not, at).length > 0, `${at.where} is ${short(at.value)}, which it must not be`),
  properties: ({ properties = {} }, { document, value, where }) =>
    isObject(value) ? Object.entries(properties).flatMap(([key, schema]) => (Object.hasOwn(value, key) ? check(schema, { document, value: value[key], where: `${where}.${key}` }) : [])) : [],
  required: ({ required = [] }, { value, where }) => (isObject(value) ? required.flatMap((key) => told(Object.hasOwn(value, key), `${where}.${key} is missing`)) : []),
  additionalProperties: ({ additionalProperties = true, properties = {} }, { document, value, where }) => {
    const others = isObject(value) ? Object.entries(value).filter(([key]) => !Object.hasOwn(properties, key)) : [];
    if (typeof additionalProperties === 'boolean') return others.flatMap(([key]) => told(additionalProperties, `${where}.${key} is not in the schema`));
    return others.flatMap(([key, inner]) => check(additionalProperties, { document, value: inner, where: `${where}.${key}` }));
  },
  items: ({ items = {} }, { document, value, where }) => (list(value) ?? []).flatMap((item, at) => check(items, { document, value: item, where: `${where}[${at}]` })),
  format: ({ format }, { value, where }) => told(format !== 'date-time' || text(value) === undefined || !Number.isNaN(Date.parse(String(value))), `${where} is ${short(value)}, no ${format}`),
  pattern: ({ pattern = '' }, { value, where }) => told(text(value) === undefined || new RegExp(pattern, 'u').test(String(value)), `${where} is ${short(value)}, which is not ${pattern.slice(0, 60)}`),
  minLength: ({ minLength = 0 }, { value, where }) => told([...(text(value) ?? 'x'.repeat(minLength))].length >= minLength, `${where} is shorter than ${minLength}`),
  maxLength: ({ maxLength = 0 }, { value, where }) => told([...(text(value) ?? '')].length <= maxLength, `${where} is longer than ${maxLength}`),
  minItems: ({ minItems = 0 }, { value, where }) => told((list(value)?.length ?? minItems) >= minItems, `${where} has fewer than ${minItems} items`),
  maxItems: ({ maxItems = 0 }, { value, where }) => told((list(value)?.length ?? 0) <= maxItems, `${where} has more than ${maxItems} items`),
  minimum: ({ minimum = 0, exclusiveMinimum }, { value, where }) => told((number(value) ?? Infinity) >= minimum && !(exclusiveMinimum === true && value === minimum), `${where} is ${short(value)}, below ${minimum}`),
  maximum: ({ maximum = 0, exclusiveMaximum }, { value, where }) => told((number(value) ?? -Infinity) <= maximum && !(exclusiveMaximum === true && value === maximum), `${where} is ${short(value)}, over ${maximum}`),
  ...Object.fromEntries(['nullable', 'exclusiveMinimum', 'exclusiveMaximum', 'description', 'title', 'default', 'example', 'examples', 'readOnly', 'writeOnly', 'deprecated'].map((word): [string, Check] => [word, () => []])),
};

function check(schema: Schema, at: At): readonly string[] {
  return Object.keys(schema).flatMap((keyword) => {
    const ask = keywords[keyword];
    if (!ask) throw new Error(`the schema of ${at.where} has the keyword "${keyword}", which test/api/fuzz/schema.ts does not know yet: add it there`);
    return ask(schema, at);
  });
}

export function resolve({ document, $ref }: { document: OpenApi; $ref: string }): Schema {
  const found = document.components.schemas[$ref.replace('#/components/schemas/', '')];
  if (!found) throw new Error(`the OpenAPI document refers to ${$ref}, which it does not have`);
  return found;
}

/** In what a value differs from a schema of the document; empty when it fits. */
export const differences = ({ document, schema, value }: { document: OpenApi; schema: Schema; value: unknown }): readonly string[] => check(schema, { document, value, where: 'body' });
