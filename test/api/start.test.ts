import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import type { EmbeddedTemporal } from '../../temporal/start.ts';
import { startCountingProxy } from './counting-proxy.ts';
import { type HandWorker, workByHand } from './hand-worker.ts';
import { closeAfterAll, type ProblemBody, type RunningApi, startApiProcess, startOwnTemporal, type User } from './running-api.ts';
import { pdfOf } from './sample-documents.ts';

interface Started {
  readonly id: string;
  readonly created: boolean;
  readonly runId: string;
  readonly status: string;
  readonly startedAt: string | null;
  readonly startedBy: string;
  readonly links: { readonly self: string; readonly webUi: string };
}
type Document = { readonly sha256: string; readonly mediaType: string; readonly size: number };

let temporal: EmbeddedTemporal;
let api: RunningApi;
let second: RunningApi;
let worker: HandWorker;
let olga: User;
let document: Document;
const later = closeAfterAll();
beforeAll(async () => {
  temporal = await startOwnTemporal();
  later(() => temporal.stop());
  api = await startApiProcess({ temporal });
  later(() => api.stop());
  second = await startApiProcess({ temporal, directory: api.directory });
  later(() => second.stop());
  worker = await workByHand(temporal);
  later(() => worker.close());
  olga = await api.user({ name: 'olga', roles: ['operator', 'admin'] });
  document = await upload('one invoice');
});

async function upload(text: string): Promise<Document> {
  const { body } = await olga<Document>('/api/documents', { raw: await pdfOf(text), headers: { 'content-type': 'application/pdf' } });
  return { sha256: body.sha256, mediaType: body.mediaType, size: body.size };
}

/** As a crash leaves it that comes between the start and the keeping of its answer. */
async function forgetAnswer(runId: string): Promise<void> {
  const directory = join(api.directory, 'api', 'requests');
  for (const name of await readdir(directory)) {
    const { result, ...rest } = JSON.parse(await readFile(join(directory, name), 'utf8')) as { result?: Started };
    if (result?.runId !== runId) continue;
    return writeFile(join(directory, name), JSON.stringify(rest));
  }
  throw new Error(`no answer is kept that names run ${runId}`);
}

const path = '/api/processes/supplierInvoice/instances';
const start = (body: object, { user = olga, key }: { user?: User; key?: string } = {}) =>
  user<Started & ProblemBody>(path, { json: { input: { document }, ...body }, headers: key === undefined ? {} : { 'idempotency-key': key } });
const end = (id: string, verb: 'cancel' | 'terminate') => olga<{ detail: string }>(`/api/instances/${encodeURIComponent(id)}/${verb}`, { json: { reason: 'for the test' } });
const describeRun = (id: string) => worker.connection.workflowService.describeWorkflowExecution({ namespace: temporal.namespace, execution: { workflowId: id } });
const memoOf = async (id: string): Promise<Record<string, unknown>> =>
  Object.fromEntries(Object.entries((await describeRun(id)).workflowExecutionInfo?.memo?.fields ?? {}).map(([key, { data }]) => [key, JSON.parse(Buffer.from(data ?? []).toString())]));

describe('starting an instance', () => {
  it('makes one for a business key, and answers where it is', async () => {
    const { status, headers, body } = await start({ businessKey: '4711' });
    expect(status).toBe(201);
    expect(body).toMatchObject({ id: 'supplierInvoice/4711', created: true, status: 'running', startedBy: 'olga' });
    expect(headers.get('location')).toBe('/api/instances/supplierInvoice%2F4711');
    expect(body.links).toEqual({ self: '/api/instances/supplierInvoice%2F4711', webUi: `http://127.0.0.1:8233/namespaces/default/workflows/supplierInvoice%2F4711/${body.runId}/history` });
    expect(await memoOf(body.id)).toEqual({ definition: expect.stringMatching(/^[0-9a-f]{64}$/), generation: 1, startedBy: 'olga' });
  });

  it('asks Temporal once where the instance is new', async () => {
    const proxy = await startCountingProxy(temporal.address);
    const counted = await startApiProcess({ temporal: { address: proxy.address }, directory: api.directory });
    try {
      const user = await counted.user({ name: 'olga' });
      await start({ businessKey: 'connects' }, { user });
      proxy.reset();
      expect((await start({ businessKey: 'counted' }, { user })).body).toMatchObject({ created: true, status: 'running', startedAt: null, startedBy: 'olga' });
      expect(proxy.calls()).toEqual({ StartWorkflowExecution: 1 });
    } finally {
      await counted.stop();
      await proxy.close();
    }
  });

  it('says when an instance began that was there before, and nothing of that where this request began it', async () => {
    const first = await start({ businessKey: 'since-when' });
    const again = await start({ businessKey: 'since-when' });
    const { body: view } = await olga<{ runId: string; startedAt: string }>(first.body.links.self);
    expect([first.body.startedAt, again.body.startedAt]).toEqual([null, view.startedAt]);
    expect([first.body.runId, again.body.runId]).toEqual([view.runId, view.runId]);
  });

  it('takes the business key from the input where none is given', async () => {
    expect((await start({})).body.id).toBe(`supplierInvoice/${document.sha256.slice(0, 16)}`);
  });

  it('answers the same business key with the first instance, whoever asks, also after it has ended', async () => {
    const first = await start({ businessKey: 'again' });
    const other = await api.user({ name: 'other', roles: ['starter'] });
    const again = await start({ businessKey: 'again' }, { user: other });
    expect(again.status).toBe(200);
    expect(again.body).toMatchObject({ created: false, runId: first.body.runId, startedBy: 'olga' });
    await end(first.body.id, 'terminate');
    expect((await start({ businessKey: 'again' })).body).toMatchObject({ created: false, runId: first.body.runId, status: 'terminated' });
  });

  it('makes one instance of twenty equal starts at once, at two API processes', async () => {
    const there = await second.user({ name: 'there', roles: ['starter'] });
    const answers = await Promise.all(Array.from({ length: 20 }, (_, n) => start({ businessKey: 'crowd' }, { user: n % 2 === 0 ? olga : there })));
    expect(answers.map(({ status }) => status).filter((status) => status === 201)).toHaveLength(1);
    expect(answers.every(({ status }) => status === 200 || status === 201)).toBe(true);
    expect(new Set(answers.map(({ body }) => body.runId)).size).toBe(1);
  });

  it('refuses a reference that says something else of a document than is kept', async () => {
    const { status, body } = await olga<ProblemBody>(path, { json: { input: { document: { ...document, size: document.size + 1 } } } });
    expect(status).toBe(422);
    expect(body.errors?.[0]?.path).toBe('input.document.size');
  });

  it.each(["it's", 'a "quote"', 'ä ö ü ß', '100 %', '%2F', 'a/b/c', '..', '../..', 'C:\\temp', '😀👩‍👩‍👧', 'a b', '?x=1&y=2#z', "' OR '1'='1", '\\', "'", 'é'.repeat(200)])('takes the business key %s, and finds it again', async (businessKey) => {
    const { status, body } = await start({ businessKey });
    expect(status).toBe(201);
    expect(body.id).toBe(`supplierInvoice/${businessKey}`);
    expect((await olga(`/api/instances/${encodeURIComponent(body.id)}`)).body).toMatchObject({ id: body.id, runId: body.runId });
    expect((await olga(body.links.self)).body).toMatchObject({ id: body.id });
    const listed = await olga<{ instances: { id: string; businessKey: string }[] }>(`/api/instances?businessKey=${encodeURIComponent(businessKey)}`);
    expect(listed.body.instances).toEqual([expect.objectContaining({ id: body.id, businessKey })]);
  });
});

describe('a request with an Idempotency-Key', () => {
  it('gets the first answer when it is repeated, at any API process', async () => {
    const first = await start({ businessKey: 'keyed' }, { key: 'order-1' });
    expect(first.status).toBe(201);
    const { token } = await api.tokens.create({ user: 'olga', roles: ['starter'], groups: [] });
    const there: User = (at, request) => second.stranger(at, { ...request, headers: { ...request?.headers, authorization: `Bearer ${token}` } });
    for (const user of [olga, there]) {
      const again = await start({ businessKey: 'keyed' }, { user, key: 'order-1' });
      expect(again.status).toBe(201);
      expect(again.body).toEqual(first.body);
    }
  });

  it('is refused with other input: nothing is started', async () => {
    await start({ businessKey: 'first' }, { key: 'order-2' });
    const other = await start({ businessKey: 'second' }, { key: 'order-2' });
    expect(other.status).toBe(422);
    expect(other.body.errors).toEqual([expect.objectContaining({ path: 'Idempotency-Key' })]);
    expect((await olga('/api/instances/supplierInvoice%2Fsecond')).status).toBe(404);
  });

  it('that was cut off before its answer was kept says, when it is repeated, how the instance that it began stands', async () => {
    const first = await start({ businessKey: 'cut-off' }, { key: 'order-6' });
    await end(first.body.id, 'terminate');
    await forgetAnswer(first.body.runId);
    const again = await start({ businessKey: 'cut-off' }, { key: 'order-6' });
    expect(again.status).toBe(201);
    expect(again.body).toMatchObject({ created: true, runId: first.body.runId, status: 'terminated', startedBy: 'olga' });
  });

  it('is its own user\'s: another user with the same key asks another question', async () => {
    await start({ businessKey: 'mine' }, { key: 'order-3' });
    const other = await api.user({ name: 'other', roles: ['starter'] });
    expect((await start({ businessKey: 'theirs' }, { user: other, key: 'order-3' })).status).toBe(201);
  });

  it('starts once, and answers all the same, when it comes ten times at once', async () => {
    const answers = await Promise.all(Array.from({ length: 10 }, () => start({ businessKey: 'burst' }, { key: 'order-4' })));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([201]));
    expect(new Set(answers.map(({ body }) => body.runId)).size).toBe(1);
  });

  it('is not kept when it was refused: the same key serves the corrected request', async () => {
    const wrong = await olga<ProblemBody>(path, { json: { input: { document: { ...document, size: 1 } }, businessKey: 'mended' }, headers: { 'idempotency-key': 'order-5' } });
    expect(wrong.status).toBe(422);
    expect((await start({ businessKey: 'mended' }, { key: 'order-5' })).status).toBe(201);
  });

  it('cannot be just anything', async () => {
    expect((await start({}, { key: 'two words' })).status).toBe(400);
    expect((await start({}, { key: 'x'.repeat(201) })).status).toBe(400);
  });
});

describe('a restart', () => {
  it.each(['failed', 'rejected', 'cancelled', 'terminated'] as const)('starts a %s instance anew, as its next generation', async (how) => {
    const { body: first } = await start({ businessKey: `restart-${how}` });
    if (how === 'terminated') await end(first.id, 'terminate');
    else {
      if (how === 'cancelled') await end(first.id, 'cancel');
      await worker.end(first.id, how);
    }
    expect((await olga(first.links.self)).body).toMatchObject({ status: how });
    const restarted = await start({ businessKey: `restart-${how}`, restart: true });
    expect(restarted.status).toBe(201);
    expect(restarted.body).toMatchObject({ id: first.id, created: true, status: 'running' });
    expect(restarted.body.runId).not.toBe(first.runId);
    expect(await memoOf(first.id)).toMatchObject({ generation: 2 });
    expect((await start({ businessKey: `restart-${how}`, restart: true })).status).toBe(409);
  });

  it('is refused while the instance runs, and after it has completed', async () => {
    const { body } = await start({ businessKey: 'done' });
    expect((await start({ businessKey: 'done', restart: true })).body.detail).toMatch(/is running.*Cancel it first/);
    await worker.end(body.id, 'completed');
    const refused = await start({ businessKey: 'done', restart: true });
    expect(refused.status).toBe(409);
    expect(refused.body.detail).toMatch(/is completed.*another business key/);
  });

  it('of something that never was is an ordinary start', async () => {
    expect((await start({ businessKey: 'never-was', restart: true })).status).toBe(201);
    expect(await memoOf('supplierInvoice/never-was')).toMatchObject({ generation: 1 });
  });

  it('asked for many times at once makes one new run; and no generation is ever given twice', async () => {
    const { body } = await start({ businessKey: 'race' });
    const generations: unknown[] = [];
    for (let round = 1; round <= 3; round++) {
      await end(body.id, 'terminate');
      const answers = await Promise.all(Array.from({ length: 8 }, () => start({ businessKey: 'race', restart: true })));
      expect(answers.map(({ status }) => status).sort()).toEqual([201, ...Array.from({ length: 7 }, () => 409)]);
      generations.push((await memoOf(body.id)).generation);
    }
    expect(new Set(generations).size).toBe(3);
    expect(generations.map(Number)).toEqual([...generations.map(Number)].sort((a, b) => a - b));
  });

  it('with an Idempotency-Key is done once', async () => {
    const { body } = await start({ businessKey: 'once' });
    await end(body.id, 'terminate');
    const first = await start({ businessKey: 'once', restart: true }, { key: 'restart-1' });
    const again = await start({ businessKey: 'once', restart: true }, { key: 'restart-1' });
    expect([first.status, again.status]).toEqual([201, 201]);
    expect(again.body).toEqual(first.body);
  });
});

describe('the definition of a process', () => {
  it('is kept under its digest, which every instance names', async () => {
    const { body } = await olga<{ definition: string; steps: { step: string }[]; input: object }>('/api/processes/supplierInvoice');
    expect(body.steps.map(({ step }) => step)).toContain('approveInvoice');
    expect(body.input).toMatchObject({ type: 'object', required: ['document'] });
    expect(await readdir(join(api.directory, 'api', 'definitions'))).toContain(`${body.definition}.json`);
    expect(await memoOf((await start({ businessKey: 'defined' })).body.id)).toMatchObject({ definition: body.definition });
  });
});
