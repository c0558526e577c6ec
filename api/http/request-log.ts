import { knownCaller } from '../access/caller.ts';
import type { Log } from '../log.ts';
import type { Fastify, HttpReply, HttpRequest } from './fastify.ts';

/** One line for each answer: who, what, how it went, how long it took. No header is logged, so no token is; queries are left out too. */
export function logRequests({ fastify, log }: { fastify: Fastify; log: Log }): void {
  fastify.addHook('onResponse', async (request: HttpRequest, reply: HttpReply) => {
    const path = request.url.split('?')[0];
    if (path?.startsWith('/api/health/')) return;
    log.info('request', { method: request.method, path, status: reply.statusCode, user: knownCaller(request)?.user ?? null, ms: Math.round(reply.elapsedTime) });
  });
}
