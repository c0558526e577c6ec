import type { Known } from './known.ts';
import type { Random } from './random.ts';
import { differences, type OpenApi, resolve, type Schema } from './schema.ts';

export interface Maker {
  /** A value that fits a schema, as far as the schema tells; `name` is what it stands under. */
  fitting(schema: Schema, name: string): unknown;
  /** The value, changed in one to three places. */
  spoilt(value: unknown): unknown;
  oddText(): string;
  odd(): unknown;
}

const nested = (depth: number): unknown => {
  let value: unknown = 1;
  for (let at = 0; at < depth; at++) value = at % 2 === 0 ? [value] : { a: value };
  return value;
};

const oddTexts: readonly string[] = [
  '', ' ', '0', '-1', '1e400', 'NaN', 'null', 'undefined', 'true', '[object Object]', '../../etc/passwd', '%00', '%2F', '\u0000', 'a\u0007b', '\r\nx: y', 'ä ö ü ß', '😀👩‍👩‍👧', '\u202etxet', 'a\ud83d', '\udc00', '\ufeff',
  "' OR '1'='1", '"; DROP TABLE x; --', '\\', '`', '${7*7}', '{{7*7}}', '<script>', '__proto__', 'constructor', 'toString', 'hasOwnProperty', '2026-02-30T00:00:00Z', '9999-12-31T23:59:59Z', '-0001-01-01T00:00:00Z', '1 day', '99999999999999999999 days',
  'supplierInvoice/', '/', '//', 'a/b/c', 'x'.repeat(201), 'é'.repeat(1_001), 'x'.repeat(70_000),
];
const oddValues: readonly unknown[] = [null, true, false, 0, -1, 1.5, 1e308, -1e308, 9_007_199_254_740_993, [], {}, [null], [[]], [{}], { '': '' }, { constructor: { prototype: { a: 1 } } }, { toString: 1 }, { length: 5 }, nested(100), Array.from({ length: 1_000 }, () => 0)];

export function createMaker({ document, known, random }: { document: OpenApi; known: Known; random: Random }): Maker {
  const oddText = (): string => random.pick(oddTexts);
  const odd = (): unknown => (random.chance(40) ? oddText() : random.pick(oddValues));

  function fitting(given: Schema, name: string): unknown {
    const schema = given.$ref === undefined ? given : resolve({ document, $ref: given.$ref });
    const fits = (value: unknown): boolean => differences({ document, schema, value }).length === 0;
    const remembered = known.named(name).filter(fits);
    if (remembered.length > 0 && random.chance(80)) return random.pick(remembered);
    if (schema.enum) return random.pick(schema.enum);
    const choice = schema.anyOf ?? schema.oneOf;
    if (choice) return fitting(random.pick(choice), name);
    return (makers[schema.type ?? ''] ?? (() => (random.chance(50) ? {} : odd())))(schema, fits);
  }

  const makers: Readonly<Record<string, (schema: Schema, fits: (value: unknown) => boolean) => unknown>> = {
    object: ({ properties = {}, required = [] }) =>
      Object.fromEntries(Object.entries(properties).flatMap(([key, inner]) => (required.includes(key) || random.chance(40) ? [[key, fitting(inner, key)]] : []))),
    array: ({ items = {}, minItems = 0, maxItems = 4 }) => Array.from({ length: Math.min(Math.max(minItems, random.below(3)), maxItems) }, () => fitting(items, 'item')),
    string: (_, fits) => {
      const words = [...known.words, 'because', 'a reason', new Date().toISOString(), '2026-01-01T00:00:00Z', '5 minutes', '0 6 * * *'].filter(fits);
      return words.length > 0 ? random.pick(words) : oddText();
    },
    integer: ({ minimum = 0, maximum = 100 }) => minimum + random.below(maximum - minimum + 1),
    number: ({ minimum = 0 }) => minimum + random.below(1_000) / 8,
    boolean: () => random.chance(50),
  };

  function spoiltOnce(value: unknown): unknown {
    if (typeof value !== 'object' || value === null || random.chance(15)) return odd();
    const entries = Object.entries(value as Readonly<Record<string, unknown>>);
    if (Array.isArray(value)) return random.chance(30) || entries.length === 0 ? [...(value as unknown[]), odd()] : value.map((inner: unknown, at) => (at === 0 ? spoiltOnce(inner) : inner));
    if (entries.length === 0 || random.chance(25)) return { ...value, [random.pick(['extra', 'constructor', 'toString', '__PROTO__', '', 'x'.repeat(300), 'é'])]: odd() };
    const [key, inner]: readonly [string, unknown] = random.pick(entries);
    if (random.chance(25)) return Object.fromEntries(entries.filter(([other]) => other !== key));
    return { ...value, [key]: spoiltOnce(inner) };
  }

  return {
    fitting,
    spoilt(value) {
      let spoilt = value;
      for (let times = 1 + random.below(3); times > 0; times--) spoilt = spoiltOnce(spoilt);
      return spoilt;
    },
    oddText,
    odd,
  };
}
