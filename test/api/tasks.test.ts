import { beforeAll, describe, expect, it } from '@jest/globals';
import { formOf } from '../../contracts/define/definition.ts';
import { memoKeys, type TaskMemo } from '../../contracts/verbs.ts';
import { approveInvoice } from '../../contracts/tasks/approve-invoice.ts';
import { createDiskStore } from '../../documents/disk-store.ts';
import type { EmbeddedTemporal } from '../../temporal/start.ts';
import { type HandWorker, workByHand } from './hand-worker.ts';
import { closeAfterAll, type ProblemBody, type RunningApi, startApiProcess, startOwnTemporal, type User } from './running-api.ts';
import { join } from 'node:path';

interface Header {
  readonly id: string;
  readonly task: string;
  readonly assignee: string | null;
  readonly mayAct: boolean;
  readonly links: { readonly self: string };
}
interface List {
  readonly tasks: readonly Header[];
  readonly next: string | null;
}

/** Instances whose memo shows open tasks, and no worker: what can be seen, and that nothing can be done. */
let temporal: EmbeddedTemporal;
let api: RunningApi;
let worker: HandWorker;
let felix: User;
let fiona: User;
let tara: User;
let olga: User;

const task = (more: Partial<TaskMemo> = {}): TaskMemo => ({
  step: 'approveInvoice',
  visit: 1,
  title: 'Approve the invoice',
  state: 'ready',
  assignee: null,
  candidateGroups: ['finance'],
  excludedUsers: [],
  openedAt: '2030-01-02T03:04:05.678Z',
  dueAt: null,
  escalated: false,
  form: formOf(approveInvoice).digest,
  shown: { value: { total: 100 } },
  ...more,
});
const open = (businessKey: string, tasks: Record<string, TaskMemo>): Promise<string> =>
  worker.start({
    id: `supplierInvoice/${businessKey}`,
    process: 'supplierInvoice',
    memo: Object.fromEntries(Object.entries(tasks).map(([id, memo]) => [memoKeys.task(id), memo])),
    waitingFor: [...new Set(Object.values(tasks).flatMap(({ candidateGroups }) => candidateGroups))],
  });
const at = (businessKey: string, name = 'approveInvoice'): string => `/api/tasks/${encodeURIComponent(`supplierInvoice/${businessKey}/${name}`)}`;

const later = closeAfterAll();
beforeAll(async () => {
  temporal = await startOwnTemporal();
  later(() => temporal.stop());
  api = await startApiProcess({ temporal });
  later(() => api.stop());
  worker = await workByHand(temporal);
  later(() => worker.close());
  felix = await api.user({ name: 'felix', roles: ['worker'], groups: ['finance'] });
  fiona = await api.user({ name: 'fiona', roles: ['worker'], groups: ['finance', 'accounts-payable'] });
  tara = await api.user({ name: 'tara', roles: ['worker'], groups: ['treasury'] });
  olga = await api.user({ name: 'olga', roles: ['operator'] });
  const store = createDiskStore({ directory: join(api.directory, 'documents') });
  const large = await store.put(Buffer.from(JSON.stringify({ total: 200, lines: 'x'.repeat(9_000) })), 'application/json');
  await open('free', { approveInvoice: task() });
  await open('claimed', { approveInvoice: task({ state: 'reserved', assignee: 'felix' }) });
  await open('not-fiona', { approveInvoice: task({ excludedUsers: ['fiona'] }) });
  await open('two', { 'approveInvoice:2': task({ visit: 2 }), confirmBankAccount: task({ step: 'confirmBankAccount', candidateGroups: ['treasury'] }) });
  await open('large', { approveInvoice: task({ shown: { document: large } }) });
  await open('a/b', { approveInvoice: task() });
  await worker.untilFound('WaitingFor IS NOT NULL', 6);
});

const listed = async (user: User, query = ''): Promise<string[]> => (await user<List>(`/api/tasks${query}`)).body.tasks.map(({ id }) => id.replace('supplierInvoice/', '')).sort();

describe('the inbox', () => {
  it('shows the open tasks of my groups that are free or mine, without those that somebody else must do', async () => {
    expect(await listed(felix)).toEqual(['a/b/approveInvoice', 'claimed/approveInvoice', 'free/approveInvoice', 'large/approveInvoice', 'not-fiona/approveInvoice', 'two/approveInvoice:2']);
    expect(await listed(fiona)).toEqual(['a/b/approveInvoice', 'free/approveInvoice', 'large/approveInvoice', 'two/approveInvoice:2']);
    expect(await listed(tara)).toEqual(['two/confirmBankAccount']);
  });

  it('shows what is mine alone when it is asked for', async () => {
    expect(await listed(felix, '?of=mine')).toEqual(['claimed/approveInvoice']);
    expect(await listed(fiona, '?of=mine')).toEqual([]);
  });

  it('shows everything to operators, and to nobody else', async () => {
    expect(await listed(olga, '?of=all')).toHaveLength(7);
    expect(await listed(olga)).toEqual([]);
    expect((await felix('/api/tasks?of=all')).status).toBe(403);
  });

  it('comes in stretches; a cursor is for the one who was given it', async () => {
    const first = (await felix<List>('/api/tasks?limit=4')).body;
    const rest = (await felix<List>(`/api/tasks?limit=4&cursor=${first.next}`)).body;
    expect([...first.tasks, ...rest.tasks].map(({ id }) => id.replace('supplierInvoice/', '')).sort()).toEqual(await listed(felix));
    expect((await fiona(`/api/tasks?limit=4&cursor=${first.next}`)).status).toBe(400);
  });
});

describe('one task', () => {
  it('shows its candidates what to decide on, and the form of the decision', async () => {
    const { status, body } = await felix(at('free'));
    expect(status).toBe(200);
    expect(body).toMatchObject({ id: 'supplierInvoice/free/approveInvoice', instance: 'supplierInvoice/free', title: 'Approve the invoice', state: 'ready', mayAct: true, shown: { total: 100 } });
    expect(body.form).toEqual(formOf(approveInvoice).schema);
    expect((await felix((body as unknown as Header).links.self)).status).toBe(200);
    expect((await felix(at('a/b'))).status).toBe(200);
  });

  it('fetches what is too large for the memo from the document store', async () => {
    expect((await felix(at('large'))).body).toMatchObject({ shown: { total: 200 } });
  });

  it('is open to operators, who may look but not act', async () => {
    expect((await olga(at('free'))).body).toMatchObject({ mayAct: false });
    expect((await olga(`${at('free')}/claim`, { method: 'POST' })).status).toBe(403);
  });

  it('is closed to other groups, and to those who are excluded', async () => {
    const wrongGroup = await tara<ProblemBody>(at('free'));
    expect({ status: wrongGroup.status, detail: wrongGroup.body.detail }).toEqual({ status: 403, detail: expect.stringContaining('for the group finance') });
    const excluded = await fiona<ProblemBody>(at('not-fiona'));
    expect({ status: excluded.status, detail: excluded.body.detail }).toEqual({ status: 403, detail: expect.stringContaining('four eyes') });
  });

  it.each(['supplierInvoice%2Ffree%2FcheckFields', 'supplierInvoice%2Fnobody%2FapproveInvoice'])('%s is not there: 404', async (id) => {
    expect((await felix(`/api/tasks/${id}`)).status).toBe(404);
  });

  it.each(['free', 'supplierInvoice', 'supplierInvoice%2Ffree', '%2F%2F'])('%s is no task id: 400', async (id) => {
    expect((await felix(`/api/tasks/${id}`)).status).toBe(400);
  });
});

describe('a verb while no worker polls', () => {
  it.each(['claim', 'release', 'complete'])('%s: 503 at once, and nothing is recorded', async (verb) => {
    const began = Date.now();
    const { status, headers, body } = await felix<ProblemBody>(`${at('free')}/${verb}`, verb === 'complete' ? { json: { decision: { outcome: 'approve' } } } : { method: 'POST' });
    expect(status).toBe(503);
    expect(body.detail).toMatch(/nothing was recorded/);
    expect(headers.get('retry-after')).not.toBeNull();
    expect(Date.now() - began).toBeLessThan(5_000);
    expect((await felix(at('free'))).body).toMatchObject({ state: 'ready', assignee: null });
  });

  it('of an operator on an incident: 503 too', async () => {
    const path = `/api/instances/${encodeURIComponent('supplierInvoice/free')}/incidents/reserveBudget.1`;
    expect((await olga(`${path}/retry`, { json: { comment: 'is up again' } })).status).toBe(503);
    expect((await olga(`${path}/fail`, { json: { reason: 'never mind' } })).status).toBe(503);
  });

  it('takes no word about who acts: that is the token\'s', async () => {
    for (const [verb, json] of [['claim', { actor: { user: 'fiona', groups: ['finance'] } }], ['release', { user: 'fiona' }], ['complete', { decision: {}, actor: 'fiona' }], ['complete', {}]] as const) {
      const { status, body } = await felix<ProblemBody>(`${at('free')}/${verb}`, { json });
      expect({ verb, status, path: body.errors?.[0]?.path }).toEqual({ verb, status: 422, path: Object.keys(json).at(-1) ?? 'decision' });
    }
  });
});
