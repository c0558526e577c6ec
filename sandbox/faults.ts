import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';

/** The faults that every system of the sandbox knows, with what they do. A system may add its own (`extra`). */
export const faultKinds = {
  latency: 'answers only after the given delay',
  outage: 'the connection is cut before anything is done',
  'error-500': 'answers with an internal error before anything is done',
  'did-it-but-timeout': 'a change takes effect, but is answered with a gateway timeout (silent: with nothing)',
} as const;

/** What is sent to `POST /_faults`. Durations in milliseconds. */
export const FaultSpec = z
  .strictObject({
    kind: z.string(),
    /** How long an answer is held back; needed by `latency` and by nothing else. */
    delay: z.int().min(1).max(600_000).optional(),
    /** Ends the fault after this time. */
    for: z.int().min(1).max(86_400_000).optional(),
    /** Ends the fault after it has struck this often. */
    times: z.int().min(1).optional(),
    /** Only these requests: `/claims`, `POST /claims`, `POST /entries/*`; `*` stands for any characters. */
    operation: z.string().min(1).max(200).optional(),
    /** Only for `did-it-but-timeout`. */
    silent: z.boolean().optional(),
  })
  .refine(({ kind, delay: wanted }) => (kind === 'latency') === (wanted !== undefined), {
    path: ['delay'],
    error: 'latency needs a delay in milliseconds, the other faults take none',
  })
  .refine(({ kind, silent }) => silent === undefined || kind === 'did-it-but-timeout', {
    path: ['silent'],
    error: 'only did-it-but-timeout can be silent',
  });
export type FaultSpec = z.infer<typeof FaultSpec>;

export interface ActiveFault extends FaultSpec {
  readonly id: string;
  /** When it ends by itself, ISO 8601. */
  readonly until: string | null;
  /** How often it has struck so far. */
  struck: number;
}

export interface FaultSwitch {
  readonly kinds: Readonly<Record<string, string>>;
  /** Switches a fault on. One with the same kind and operation replaces the earlier one. */
  set(spec: FaultSpec): ActiveFault;
  clear(): void;
  /** The faults that are on now. */
  list(): readonly ActiveFault[];
  /** The fault of this kind that strikes this operation (`POST /claims`); being asked for counts as having struck. */
  strike(kind: string, operation: string): ActiveFault | undefined;
}

/** A switch in memory: a restart of the system ends all its faults. */
export function createFaultSwitch(extra: Readonly<Record<string, string>> = {}): FaultSwitch {
  let faults: ActiveFault[] = [];
  const isOn = ({ until, times, struck }: ActiveFault) => (until === null || Date.now() < Date.parse(until)) && struck < (times ?? Infinity);
  const list = () => (faults = faults.filter(isOn));
  return {
    kinds: { ...faultKinds, ...extra },
    set(spec) {
      const until = spec.for === undefined ? null : new Date(Date.now() + spec.for).toISOString();
      const fault: ActiveFault = { ...spec, id: randomUUID(), until, struck: 0 };
      faults = [...list().filter(({ kind, operation }) => kind !== spec.kind || operation !== spec.operation), fault];
      return fault;
    },
    clear: () => void (faults = []),
    list,
    strike(kind, operation) {
      const fault = list().find((each) => each.kind === kind && matches(each.operation, operation));
      if (fault) fault.struck++;
      return fault;
    },
  };
}

function matches(filter: string | undefined, operation: string): boolean {
  if (filter === undefined) return true;
  const text = filter.startsWith('/') ? `* ${filter}` : filter;
  const pattern = text.split('*').map(escapeForRegExp).join('.*');
  return new RegExp(`^${pattern}$`).test(operation);
}

const escapeForRegExp = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');

export interface FaultOptions {
  /** Paths that never fail, because tests and the demo look at the system there; `*` as in operations. Default: `/books` and `/openapi.json`. */
  exempt?: readonly string[];
  /** What `error-500` and the gateway timeout look like; default: a problem in JSON. The status is set already. */
  errorPage?: (reply: FastifyReply, error: { title: string }) => { type: string; body: string };
  /** Faults that only this system has: what they do, and the deed itself, done before the request is handled. */
  extra?: Readonly<Record<string, { description: string; apply(request: FastifyRequest): void | Promise<void> }>>;
}

/**
 * Makes a server fail on command and serves the switch at `/_faults` (GET lists, POST switches on, DELETE clears all). Call it before any other hook
 * or route is added: Fastify applies hooks only to what is added later.
 */
export function addFaults(app: FastifyInstance, options: FaultOptions = {}): FaultSwitch {
  const { exempt = ['/books', '/openapi.json'], errorPage = problemPage, extra = {} } = options;
  const faults = createFaultSwitch(Object.fromEntries(Object.entries(extra).map(([kind, { description }]) => [kind, description])));
  const isSpared = (operation: string) => ['/_faults', ...exempt].some((path) => matches(path, operation));

  app.addHook('onRequest', async (request, reply) => {
    const operation = operationOf(request);
    if (isSpared(operation)) return;
    const late = faults.strike('latency', operation);
    if (late?.delay) await delay(late.delay);
    if (faults.strike('outage', operation)) {
      reply.hijack();
      request.raw.socket.destroy();
      return reply;
    }
    if (faults.strike('error-500', operation)) {
      const { type, body } = errorPage(reply.code(500), { title: 'Internal error' });
      return reply.type(type).send(body);
    }
    for (const [kind, { apply }] of Object.entries(extra)) if (faults.strike(kind, operation)) await apply(request);
  });

  app.addHook('onSend', async (request, reply, payload) => {
    const operation = operationOf(request);
    // A lookup does nothing and a refusal did nothing: this fault is about effects whose answer is lost.
    if (isSpared(operation) || /^(GET|HEAD|OPTIONS)$/.test(request.method) || reply.statusCode >= 400) return payload;
    const lost = faults.strike('did-it-but-timeout', operation);
    if (!lost) return payload;
    if (lost.silent && !request.raw.socket.destroyed) await new Promise((resolve) => request.raw.socket.once('close', resolve));
    for (const name of Object.keys(reply.getHeaders())) reply.removeHeader(name);
    const { type, body } = errorPage(reply.code(504), { title: 'Gateway timeout' });
    reply.type(type);
    return body;
  });

  app.get('/_faults', () => ({ kinds: faults.kinds, faults: faults.list() }));
  app.post('/_faults', (request, reply) => {
    const spec = FaultSpec.safeParse(request.body);
    const refuse = (detail: string) => reply.code(400).type('application/problem+json').send({ title: 'Not a fault', status: 400, code: 'invalid', detail });
    if (!spec.success) return refuse(z.prettifyError(spec.error));
    if (!Object.hasOwn(faults.kinds, spec.data.kind)) return refuse(`unknown fault "${spec.data.kind}"; this system knows ${Object.keys(faults.kinds).join(', ')}`);
    return reply.code(201).send(faults.set(spec.data));
  });
  app.delete('/_faults', () => {
    faults.clear();
    return { faults: [] };
  });
  return faults;
}

const operationOf = ({ method, url }: FastifyRequest): string => `${method} ${url.split('?', 1)[0]}`;

function problemPage({ statusCode }: FastifyReply, { title }: { title: string }): { type: string; body: string } {
  return { type: 'application/problem+json', body: JSON.stringify({ title, status: statusCode, detail: 'a fault of the sandbox is switched on' }) };
}
