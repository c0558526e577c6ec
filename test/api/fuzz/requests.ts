import type { Role } from '../../../api/access/matrix.ts';
import type { Known } from './known.ts';
import type { Random } from './random.ts';
import type { Operation, Parameter } from './schema.ts';
import type { Sent } from './send.ts';
import type { Maker } from './values.ts';

export interface Target {
  readonly method: string;
  /** With its parameters in braces. */
  readonly path: string;
  readonly operation: Operation;
}

interface Making {
  readonly target: Target;
  readonly tokens: Readonly<Record<Role | 'all', string>>;
  readonly maker: Maker;
  readonly known: Known;
  readonly random: Random;
  /** Bodies of other kinds than JSON, by their media type. */
  readonly files: Readonly<Record<string, Uint8Array>>;
}

interface Parts {
  readonly token?: string | undefined;
  readonly raw?: string | undefined;
  readonly query?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array | undefined;
}

/** Generated requests for each operation, besides those of the lists below. */
const generated = 40;

const oddParts = ['%', '%zz', '%c3%28', '%ed%a0%80', '%00', '%0d%0a', '..%2f..%2fetc%2fpasswd', 'x'.repeat(9_000), '%e2%80%ae', 'a%2Fb%2Fc', '%25', ';', '*', ':id', '%F0%9F%98%80%2F1', 'supplierInvoice%2F', '__proto__', 'constructor'];
const oddQueries = ['%zz', '%', '=', '&&&', '__proto__=1', 'constructor=1', 'a[b]=1', 'limit[]=1', 'x'.repeat(5_000), 'limit=1&limit=2', 'limit=%00', 'cursor=%F0%9F', 'limit=1e2', 'limit=-1', 'limit=201', 'limit=0', 'limit=01', 'unknown=1'];
const oddAuthorizations = ['', 'Bearer', 'Bearer ', 'Bearer x', 'bearer tl_', `Bearer tl_${'0'.repeat(40)}`, 'Basic YTpi', 'Bearer a b', `Bearer ${'x'.repeat(5_000)}`, 'tl_1', 'Bearer __proto__', 'Bearer \u00e9'];
const oddTypes = ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x', 'application/json; charset=utf-16', 'application/jsonx', 'json', '', ';', 'application/octet-stream', 'x'.repeat(2_000), 'application/JSON ; a="'];
const oddBodies: readonly (string | Uint8Array)[] = [
  '', ' ', '{', '{"a":', '[', 'null', 'true', '1', '"text"', '[]', '[{}]', '{}', '{"a":1}{"b":2}', '{"a":1,}', "{'a':1}", 'NaN', '\ufeff{}', '{"__proto__":{"a":1}}', '{"a":{"__proto__":null}}', '{"constructor":{"prototype":{"a":1}}}',
  '{"a":1,"a":2}', '{"\\ud800":"\\udfff"}', '{"a":1e999}', '{"a":-0}', '{"":""}', `${'['.repeat(50_000)}${']'.repeat(50_000)}`, `${'{"a":'.repeat(20_000)}1${'}'.repeat(20_000)}`, JSON.stringify({ a: 'x'.repeat(1_100_000) }), JSON.stringify({ input: 'x'.repeat(1_010_000) }), new Uint8Array([0xff, 0xfe, 0x7b, 0x7d]), new Uint8Array([0x7b, 0x22, 0xc3, 0x28, 0x22, 0x3a, 0x31, 0x7d]), new Uint8Array(1_000),
];

/** Bad and odd requests for one operation, each made when it is its turn: by then more is known. */
export function* requestsFor({ target, tokens, maker, known, random, files }: Making): Generator<Sent> {
  const { method, path, operation } = target;
  const parameters = (of: Parameter['in']): readonly Parameter[] => (operation.parameters ?? []).filter((parameter) => parameter.in === of);
  const json = operation.requestBody?.content['application/json']?.schema;
  const types = Object.keys(operation.requestBody?.content ?? {});

  const [start = '', ...rest] = path.split('{');
  /** A first parameter that some answer has linked to, as it stood there. */
  const linked = (): string | undefined => {
    const values = known.links.flatMap((link) => (rest.length > 0 && link.startsWith(start) ? [link.slice(start.length).split(/[/?]/)[0] ?? ''] : [])).filter((value) => value !== '');
    return values.length > 0 && random.chance(75) ? random.pick(values) : undefined;
  };
  /** What is given stands for one parameter; the others fit. */
  const address = (raw?: string): string => {
    const chosen = raw === undefined ? -1 : random.below(rest.length);
    return path.replaceAll(/\{(\w+)\}/g, (_, name: string, at: number) => {
      if (raw !== undefined && path.slice(0, at).split('{').length - 1 === chosen) return raw;
      const schema = parameters('path').find((parameter) => parameter.name === name)?.schema ?? {};
      return (at === start.length ? linked() : undefined) ?? encode(maker.fitting(schema, name));
    });
  };
  const fittingBody = (): string | Uint8Array | undefined => (json ? JSON.stringify(maker.fitting(json, 'body')) : types.length > 0 ? (files[types[0] ?? ''] ?? 'of no use') : undefined);
  const request = ({ token = tokens.all, raw, query = '', headers = {}, body = fittingBody() }: Parts = {}): Sent => ({
    method,
    path: `${address(raw)}${query === '' ? '' : `?${query}`}`,
    headers: { ...(token === '' ? {} : { authorization: `Bearer ${token}` }), ...(body === undefined ? {} : { 'content-type': types[0] ?? 'application/json' }), ...headers },
    body,
  });

  for (const role of Object.keys(tokens) as Role[]) yield request({ token: tokens[role] });
  yield request({ token: '' });
  for (const authorization of oddAuthorizations) yield request({ token: '', headers: { authorization } });
  if (path.includes('{')) for (const raw of oddParts) yield request({ raw });
  for (const query of oddQueries) yield request({ query });
  for (const { name, schema } of parameters('query')) {
    for (let times = 0; times < 8; times++) yield request({ query: `${name}=${encode(random.chance(50) ? maker.odd() : maker.fitting(schema, name))}` });
  }
  for (const { name } of parameters('header')) for (const value of ['', ' ', 'two words', 'x'.repeat(201), '\u00e9', '__proto__', 'k-1', 'k-1']) yield request({ headers: { [name.toLowerCase()]: value } });
  for (const accept of ['text/html', 'application/xml', '*/*;q=0', '']) yield request({ headers: { accept } });
  // Where no body belongs, a few will do.
  const some = types.length > 0 ? Infinity : 4;
  for (const type of oddTypes.slice(0, some)) yield request({ headers: { 'content-type': type }, body: fittingBody() ?? '{}' });
  for (const body of oddBodies.slice(0, some)) yield request({ body });
  for (let times = 0; times < generated; times++) {
    if (json) yield request({ body: JSON.stringify(random.chance(30) ? maker.fitting(json, 'body') : maker.spoilt(maker.fitting(json, 'body'))) ?? 'undefined' });
    else if (parameters('path').length + parameters('query').length > 0) yield request({ ...(random.chance(40) && path.includes('{') ? { raw: encode(maker.oddText()) || '%20' } : {}), query: random.chance(50) ? fittingQuery() : '' });
  }

  function fittingQuery(): string {
    const chosen = parameters('query').filter(() => random.chance(50));
    return chosen.map(({ name, schema }) => `${name}=${encode(maker.fitting(schema, name))}`).join('&');
  }
}

/** Half a character cannot be encoded; a stand-in for it can. What is longer is no request any more: the head of one has 16 kB. */
const encode = (value: unknown): string => encodeURIComponent(Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString().slice(0, 1_500));
