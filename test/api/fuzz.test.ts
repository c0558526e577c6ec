import { Agent } from 'node:http';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { operations, type Role, roles } from '../../api/access/matrix.ts';
import { type Child, startChild } from '../../platform/child-process.ts';
import { repository } from '../../platform/repository.ts';
import { createKnown } from './fuzz/known.ts';
import { createRandom } from './fuzz/random.ts';
import { requestsFor, type Target } from './fuzz/requests.ts';
import type { OpenApi } from './fuzz/schema.ts';
import { type Received, send, type Sent } from './fuzz/send.ts';
import { createMaker } from './fuzz/values.ts';
import { faultsOf } from './fuzz/verdict.ts';
import type { EmbeddedTemporal } from '../../temporal/start.ts';
import { closeAfterAll, type RunningApi, startApiProcess, startOwnTemporal } from './running-api.ts';
import { pdfOf } from './sample-documents.ts';

/**
 * Bad input at every operation that the OpenAPI document has: whatever is sent, the answer is one that the document tells of, and never 5xx. Temporal, the API and
 * a worker run, so that nothing is unavailable. A new operation is covered as soon as it is there. Another seed: FUZZ_SEED=2.
 */
const seed = Number(process.env.FUZZ_SEED ?? 1);

let api: RunningApi;
let document: OpenApi;
const known = createKnown();
const files: Record<string, Uint8Array> = {};
/** Instances and schedules that are there before; some operations end one at each request. */
const enough = 6;
const agent = new Agent({ keepAlive: true, maxSockets: 4 });
const tokens = {} as Record<Role | 'all', string>;
const later = closeAfterAll();
beforeAll(async () => {
  const temporal = await startOwnTemporal();
  later(() => temporal.stop());
  api = await startApiProcess({ temporal });
  later(() => api.stop());
  later(async () => agent.destroy());
  const worker = startWorker({ temporal, roles: 'workflows' });
  const systems = startWorker({ temporal, roles: 'service,ai' });
  later(() => worker.stop());
  later(() => systems.stop());
  await Promise.all([worker.ready, systems.ready]);
  const groups = ['accounts-payable', 'finance'];
  for (const role of roles) tokens[role] = (await api.tokens.create({ user: role, roles: [role], groups })).token;
  tokens.all = (await api.tokens.create({ user: 'everybody', roles: [...roles], groups })).token;
  document = JSON.parse((await call({ path: '/api/openapi.json' })).body) as OpenApi;
  await prepare();
  // What is started from here on gets no further than its first step: much of it is.
  await systems.stop();
});

const startWorker = ({ temporal, roles: served }: { temporal: EmbeddedTemporal; roles: string }): Child =>
  startChild({
    name: `worker of ${served}`,
    command: process.execPath,
    args: ['--import', 'tsx', 'workers/main.ts'],
    cwd: repository,
    env: { TEMPORAL_ADDRESS: temporal.address, TEMPORAL_NAMESPACE: temporal.namespace, DOCUMENTS_DIR: join(api.directory, 'documents'), WORKER_ROLES: served },
    logFile: join(api.directory, `${served}.log`),
    ready: true,
  });

const call = ({ path, json, raw }: { path: string; json?: unknown; raw?: Uint8Array }): Promise<Received> =>
  send({
    url: api.url,
    agent,
    sent: {
      method: json === undefined && raw === undefined ? 'GET' : 'POST',
      path,
      headers: { authorization: `Bearer ${tokens.all}`, ...(json === undefined ? {} : { 'content-type': 'application/json' }), ...(raw === undefined ? {} : { 'content-type': 'application/pdf' }) },
      body: raw ?? (json === undefined ? undefined : JSON.stringify(json)),
    },
  });

/** Makes a few things of each sort, so that requests are also about something that is there. */
async function prepare(): Promise<void> {
  files['application/pdf'] = await pdfOf('a letter that is no invoice');
  const reference = JSON.parse((await call({ path: '/api/documents', raw: files['application/pdf'] })).body) as object;
  const input = { document: reference };
  for (let n = 1; n <= enough; n++) {
    await call({ path: '/api/processes/supplierInvoice/instances', json: { input, businessKey: `fuzz-${n}` } });
    await call({ path: '/api/schedules', json: { id: `fuzz-${n}`, process: 'supplierInvoice', input, spec: { intervals: [{ every: '1 day' }] }, paused: true } });
  }
  while ((JSON.parse((await call({ path: '/api/tasks' })).body) as { tasks: unknown[] }).tasks.length < enough) await pause(20);
  known.learn({ input });
  const lists = Object.entries(document.paths).filter(([path, { get }]) => get && !path.includes('{') && !get.operationId.startsWith('docs.'));
  for (const [path] of lists) await learnFrom(path);
  for (const path of known.links) await learnFrom(path);
}

async function learnFrom(path: string): Promise<void> {
  const { contentType, body } = await call({ path });
  if (contentType.startsWith('application/json')) known.learn(JSON.parse(body));
}

const targets = (): readonly Target[] => Object.entries(document.paths).flatMap(([path, methods]) => Object.entries(methods).map(([method, operation]) => ({ method: method.toUpperCase(), path, operation })));

const inShort = ({ method, path, headers, body }: Sent): string => `${method} ${path.slice(0, 120)} ${JSON.stringify(headers).replace(/tl_[\w-]+/, 'tl_…').slice(0, 160)} ${body === undefined ? '' : typeof body === 'string' ? body.slice(0, 300) : `${body.length} bytes`}`;

/** Those that end something come last, so that the others have something to be about. */
const ends = (operation: string): boolean => /\.(cancel|terminate|fail|delete)$/.test(operation);
const inOrder = [...operations.filter((operation) => !ends(operation)), ...operations.filter(ends)];

describe('whatever is sent', () => {
  const seen = new Map<string, Set<number>>();

  it.each(inOrder.map((operation) => [operation, operations.indexOf(operation)] as const))('to %s, the answer is a documented one', async (operationId, at) => {
    const target = targets().find(({ operation }) => operation.operationId === operationId);
    if (!target) throw new Error(`the OpenAPI document has no operation ${operationId}`);
    const random = createRandom(seed * 1_000 + at);
    const maker = createMaker({ document, known, random });
    const faults: string[] = [];
    const statuses = new Set<number>();
    for (const sent of requestsFor({ target, tokens, maker, known, random, files })) {
      const received = await send({ url: api.url, agent, sent });
      statuses.add(received.status);
      faults.push(...faultsOf({ document, target, received }).map((fault) => `${fault}\n    for ${inShort(sent)}`));
      if (received.status < 300 && received.contentType.startsWith('application/json') && !operationId.startsWith('docs.')) known.learn(JSON.parse(received.body));
    }
    seen.set(operationId, statuses);
    expect(faults.slice(0, 10)).toEqual([]);
  });

  it('every sort of refusal was met, and most operations also did something: the requests are not too odd', () => {
    const all = new Set([...seen.values()].flatMap((statuses) => [...statuses]));
    for (const status of [200, 201, 202, 400, 401, 403, 404, 409, 413, 415, 422]) expect([...all]).toContain(status);
    const inVain = [...seen].filter(([, statuses]) => ![...statuses].some((status) => status < 300)).map(([operation]) => operation);
    expect({ inVain, few: inVain.length < operations.length / 2 }).toEqual({ inVain, few: true });
  });

  it('the API is as well as before', async () => {
    for (const path of ['/api/health/live', '/api/health/ready', '/api/me', '/api/instances', '/api/schedules']) expect((await call({ path })).status).toBe(200);
    expect(api.log()).not.toMatch(/"problem \w+: /);
  });
});
