import { refusal } from '../problems/problem.ts';
import { type Fastify, factsOf, type HttpReply, type HttpRequest } from './fastify.ts';

/** An address that is there, asked with a method that is not: 405, and the header `Allow` says which methods are. OPTIONS asks for just that. */
export function answerOtherMethods(fastify: Fastify): void {
  const served = new Map<string, Set<string>>();
  fastify.addHook('onRoute', ({ method, url }) => {
    const methods = served.get(url) ?? new Set(['OPTIONS']);
    for (const one of [method].flat()) methods.add(one);
    served.set(url, methods);
  });
  fastify.addHook('onRequest', async (request: HttpRequest, reply: HttpReply) => {
    if (factsOf(request) !== undefined) return;
    const path = request.url.split('?')[0] ?? '';
    const methods = [...served].filter(([url]) => fits({ url, path })).flatMap(([, found]) => [...found]);
    if (methods.length === 0) return;
    const allow = [...new Set(methods)].sort().join(', ');
    reply.header('allow', allow);
    if (request.method === 'OPTIONS') return reply.status(204).send(undefined);
    throw refusal({ kind: 'method-not-allowed', detail: `${request.method} is not possible here; ${path.slice(0, 200)} takes ${allow}. GET /api/openapi.json says what each does.` });
  });
}

/** Whether a path is an address of a route, whose parameters are whole parts: `/api/instances/:id`. */
function fits({ url, path }: { url: string; path: string }): boolean {
  const [pattern, parts] = [url.split('/'), path.split('/')];
  return pattern.length === parts.length && pattern.every((part, at) => (part.startsWith(':') ? parts[at] !== '' : part === parts[at]));
}
