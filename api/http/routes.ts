import { operations } from '../access/matrix.ts';
import { type Fastify, factsOf } from './fastify.ts';

/**
 * Refuses to start with a route that is no operation of the access matrix, or an operation that has no route: neither would be noticed by anybody
 * until it matters. Call it before the routes are made, and what it returns after.
 */
export function requireOperations(fastify: Fastify): () => void {
  const served = new Map<string, string>();
  fastify.addHook('onRoute', ({ method, url, config }) => {
    // Fastify adds a HEAD to each GET; it has the same facts.
    if (method === 'HEAD') return;
    const operation = factsOf({ routeOptions: { config } })?.operation;
    const route = `${String(method)} ${url}`;
    if (operation === undefined || !operations.includes(operation)) throw new Error(`route ${route} is no operation of the access matrix: add @Serves to its controller's method`);
    const other = served.get(operation);
    if (other !== undefined) throw new Error(`operation "${operation}" is served by ${other} and by ${route}: each needs its own line in the access matrix`);
    served.set(operation, route);
  });
  return () => {
    const missing = operations.filter((operation) => !served.has(operation));
    if (missing.length > 0) throw new Error(`the access matrix names operations without a route: ${missing.join(', ')}`);
  };
}
