import Fastify, { type FastifyInstance } from 'fastify';
import { z } from 'zod';
import { tellReady } from '../platform/child-process.ts';
import { addFaults } from './faults.ts';
import { IdempotencyKey, openApiOf, type Described } from './openapi.ts';
import { isRefusal, problemOf, refusal, type Refusal } from './refusals.ts';

/** One thing that a service can be asked. A POST changes something and gets the caller's idempotency key. */
export interface Route<P extends z.ZodObject, B extends z.ZodType, A extends z.ZodType> extends Described {
  readonly params?: P;
  readonly body?: B;
  readonly answer: A;
  /** @throws Refusal */
  handle(asked: { params: z.output<P>; body: z.output<B>; key: string }): z.input<A> | Promise<z.input<A>>;
}

export interface Service {
  route<P extends z.ZodObject, B extends z.ZodType, A extends z.ZodType>(route: Route<P, B, A>): void;
}

export interface Setting {
  dataDir: string;
  /** The folder with the seed files. */
  seedDir: string;
  env: NodeJS.ProcessEnv;
}

/**
 * Runs a service of the sandbox until SIGTERM or SIGINT. From the environment: PORT (0 or absent: any free one), DATA_DIR, SEED_DIR (default: the
 * sandbox's own data). Says `ready {"url"}` on standard output when it listens on 127.0.0.1.
 *
 * @param options.setup opens the books and adds the routes; gives what is to be closed at the end
 */
export async function runService(options: {
  title: string;
  setup: (service: Service, setting: Setting) => Promise<{ close?: () => Promise<void> } | void>;
}): Promise<void> {
  const { title, setup } = options;
  const app = createServer();
  addFaults(app);
  const routes: Described[] = [];
  app.get('/openapi.json', () => openApiOf({ title, routes }));
  const service: Service = {
    route(route) {
      routes.push(route);
      addRoute(app, route);
    },
  };
  service.route({ method: 'GET', path: '/health', title: 'Whether this system works', answer: z.object({ status: z.literal('up') }), handle: () => ({ status: 'up' as const }) });
  const closing = await setup(service, settingFromEnv());
  app.addHook('onClose', async () => closing?.close?.());
  await listen(app);
}

/** A Fastify instance that answers every refusal and every failure of its own as a problem in JSON. */
export function createServer(): FastifyInstance {
  const app = Fastify({ forceCloseConnections: true, bodyLimit: 100_000, routerOptions: { maxParamLength: 300 } });
  app.setErrorHandler((error, request, reply) => {
    if (isRefusal(error)) {
      const problem = problemOf(error);
      return reply.code(problem.status).type('application/problem+json').send(problem);
    }
    const { statusCode = 500, message } = error as { statusCode?: number; message: string };
    if (statusCode >= 500) console.error(`${request.method} ${request.url} failed:`, error);
    const title = statusCode >= 500 ? 'Internal error' : 'The request cannot be read';
    const detail = statusCode >= 500 ? 'see the log of this system' : message;
    return reply.code(statusCode).type('application/problem+json').send({ type: 'about:blank', title, status: statusCode, code: 'http', detail });
  });
  app.setNotFoundHandler((request, reply) =>
    reply.code(404).type('application/problem+json').send({
      type: 'about:blank',
      title: 'There is nothing at this address',
      status: 404,
      code: 'http',
      detail: `${request.method} ${request.url} is not served; see /openapi.json`,
    }),
  );
  return app;
}

/** Listens on 127.0.0.1, tells the parent, and closes on SIGTERM or SIGINT. */
export async function listen(app: FastifyInstance, facts: Record<string, unknown> = {}): Promise<void> {
  const port = Number(process.env.PORT ?? 0);
  const url = await app.listen({ host: '127.0.0.1', port }).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EADDRINUSE') throw error;
    throw new Error(`port ${port} is in use: end the program that listens there, or choose another port with PORT`);
  });
  // Exit, not only close: an answer that a fault still holds back must not keep the process.
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => void app.close().then(() => process.exit(0)));
  tellReady({ url, ...facts });
}

export function settingFromEnv(): Setting {
  const { env } = process;
  const dataDir = env.DATA_DIR;
  if (!dataDir) throw new Error('DATA_DIR is not set: name the folder in which this system keeps its data');
  return { dataDir, seedDir: env.SEED_DIR ?? `${import.meta.dirname}/data`, env };
}

function addRoute<P extends z.ZodObject, B extends z.ZodType, A extends z.ZodType>(app: FastifyInstance, route: Route<P, B, A>): void {
  const { method, path, params, body, answer, status = 200, handle } = route;
  app.route({
    method,
    url: path,
    handler: async (request, reply) => {
      const key = method === 'POST' ? keyOf(request.headers['idempotency-key']) : '';
      const asked = {
        params: checked({ schema: params, value: request.params }) as z.output<P>,
        body: checked({ schema: body, value: request.body }) as z.output<B>,
        key,
      };
      return reply.code(status).send(answer.parse(await handle(asked)));
    },
  });
}

function keyOf(header: string | string[] | undefined): string {
  const key = IdempotencyKey.safeParse(header);
  if (key.success) return key.data;
  throw refusal('key-missing', { detail: 'send the header Idempotency-Key, 1 to 2,000 printable ASCII characters without blanks, the same for every attempt of one request' });
}

function checked({ schema, value }: { schema: z.ZodType | undefined; value: unknown }): unknown {
  if (!schema) return undefined;
  const result = schema.safeParse(value);
  if (!result.success) throw invalid(result.error);
  return result.data;
}

/** The refusal that names each field that is wrong. */
function invalid({ issues }: z.ZodError): Refusal {
  const errors = issues.map(({ path, message }) => ({ field: path.join('.') || '(body)', message }));
  return refusal('invalid', { detail: errors.map(({ field, message }) => `${field}: ${message}`).join('; '), errors });
}
