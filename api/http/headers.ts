import type { Fastify, HttpReply, HttpRequest } from './fastify.ts';

/**
 * On every answer, errors included. Answers hold business data: no cache keeps them, no other site shows them, and a browser that is led to one
 * runs nothing in it. There are no CORS headers on purpose: pages of other origins have no business here.
 */
export const securityHeaders: Readonly<Record<string, string>> = {
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cross-origin-resource-policy': 'same-origin',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'; sandbox",
  'cache-control': 'no-store',
};

export function setSecurityHeaders(fastify: Fastify): void {
  fastify.addHook('onRequest', async (_request: HttpRequest, reply: HttpReply) => {
    for (const [name, value] of Object.entries(securityHeaders)) reply.header(name, value);
  });
}
