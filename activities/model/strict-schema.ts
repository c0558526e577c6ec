import { z } from 'zod';

/** What strict structured output knows. */
const known = ['type', 'enum', 'const', 'anyOf', 'items', 'properties', 'description'];
/** What it does not, and what the answer is checked for afterwards, against the whole schema. */
const checkedLater = ['$schema', 'required', 'default', 'title', 'format', 'pattern', 'minLength', 'maxLength', 'minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum', 'multipleOf', 'minItems', 'maxItems'];

/**
 * A schema as strict structured output takes it: every property required and no other. A value that may be missing is `.nullable()`.
 *
 * @throws Error for a shape that cannot be asked for, such as a record or a tuple
 */
export function strictSchema(schema: z.ZodType): unknown {
  return strict(z.toJSONSchema(schema, { target: 'draft-7' }));
}

function strict(node: object): object {
  const entries = Object.entries(node).flatMap(([name, value]: [string, unknown]): [string, unknown][] => {
    // Alternatives that a property tells apart are alternatives all the same.
    if (name === 'anyOf' || name === 'oneOf') return [['anyOf', (value as object[]).map(strict)]];
    if (name === 'items' && !Array.isArray(value)) return [[name, strict(value as object)]];
    if (name === 'properties') return [[name, Object.fromEntries(Object.entries(value as Record<string, object>).map(([key, inner]) => [key, strict(inner)]))]];
    if (known.includes(name) && name !== 'items') return [[name, value]];
    if (checkedLater.includes(name) || (name === 'additionalProperties' && value === false)) return [];
    throw new Error(`a model cannot be asked for this shape in strict form ("${name}" in its JSON schema): use objects, arrays, enums and .nullable() values`);
  });
  const object = Object.fromEntries(entries) as { properties?: object };
  return object.properties === undefined ? object : { ...object, required: Object.keys(object.properties), additionalProperties: false };
}
