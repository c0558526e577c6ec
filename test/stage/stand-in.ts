import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A request as the stand-in got it. */
export interface Asked {
  readonly method: string;
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  /** The idempotency key, where one came along. */
  readonly key: string | undefined;
  /** The JSON, the fields of a web page's form, or else the text; `undefined` without a body. */
  readonly body: unknown;
}

export interface Answer {
  /** Default: 200. */
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly json?: unknown;
  readonly html?: string;
}

/** What is answered to each `GET /path`; a part in braces is any text: `GET /orders/{number}`. */
export type Routes = Readonly<Record<string, Answer | ((asked: Asked) => Answer)>>;

export interface StandIn {
  readonly url: string;
  /** All that was asked, in its order. */
  readonly asked: readonly Asked[];
  /** Answers otherwise from now on. */
  answer(routes: Routes): void;
  close(): Promise<void>;
}

/** A web server on loopback that stands in for a system and remembers what it was asked. What has no route is answered 404. */
export async function startStandIn(routes: Routes): Promise<StandIn> {
  const all = { ...routes };
  const asked: Asked[] = [];
  const server = createServer((request, response) => {
    void read(request).then((seen) => {
      asked.push(seen);
      const wanted = `${seen.method} ${seen.path}`;
      const found = Object.entries(all).find(([route]) => isFor({ route, wanted }))?.[1] ?? { status: 404, json: { code: 'no-route', detail: `the stand-in has no answer to ${wanted}` } };
      const { status = 200, headers, json, html } = typeof found === 'function' ? found(seen) : found;
      response.writeHead(status, { 'content-type': html === undefined ? 'application/json' : 'text/html; charset=utf-8', ...headers }).end(html ?? JSON.stringify(json ?? {}));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    answer: (more) => void Object.assign(all, more),
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function isFor({ route, wanted }: { route: string; wanted: string }): boolean {
  const parts = route.split('/');
  const given = wanted.split('/');
  return parts.length === given.length && parts.every((part, at) => (/^\{.*\}$/.test(part) ? given[at] !== '' : part === given[at]));
}

async function read(request: IncomingMessage): Promise<Asked> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const text = Buffer.concat(chunks).toString('utf8');
  const { pathname, searchParams } = new URL(request.url ?? '/', 'http://stand-in');
  const key = request.headers['idempotency-key'];
  return { method: request.method ?? '', path: pathname, query: Object.fromEntries(searchParams), key: typeof key === 'string' ? key : undefined, body: bodyOf({ text, type: request.headers['content-type'] ?? '' }) };
}

function bodyOf({ text, type }: { text: string; type: string }): unknown {
  if (text === '') return undefined;
  if (type.startsWith('application/x-www-form-urlencoded')) return Object.fromEntries(new URLSearchParams(text));
  return type.startsWith('application/json') ? (JSON.parse(text) as unknown) : text;
}
