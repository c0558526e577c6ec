import { beforeAll, describe, expect, it } from '@jest/globals';
import { Instance } from '../../api/instances/view-schema.ts';
import type { EmbeddedTemporal } from '../../temporal/start.ts';
import { type HandWorker, workByHand } from './hand-worker.ts';
import { closeAfterAll, type ProblemBody, type RunningApi, startApiProcess, startOwnTemporal, type User } from './running-api.ts';
import { pdfOf } from './sample-documents.ts';

interface Row {
  readonly id: string;
  readonly businessKey: string;
  readonly status: string;
  readonly title: string;
  readonly startedBy: string;
  readonly openTasks: number;
  readonly openIncidents: number;
  readonly waitingFor: readonly string[];
}
interface List {
  readonly instances: readonly Row[];
  readonly next: string | null;
}

let temporal: EmbeddedTemporal;
let api: RunningApi;
let worker: HandWorker;
let olga: User;
let document: object;
const later = closeAfterAll();
beforeAll(async () => {
  temporal = await startOwnTemporal();
  later(() => temporal.stop());
  api = await startApiProcess({ temporal });
  later(() => api.stop());
  worker = await workByHand(temporal);
  later(() => worker.close());
  olga = await api.user({ name: 'olga', roles: ['operator', 'admin'] });
  const { body } = await olga<{ sha256: string; mediaType: string; size: number }>('/api/documents', { raw: await pdfOf('invoice'), headers: { 'content-type': 'application/pdf' } });
  document = { sha256: body.sha256, mediaType: body.mediaType, size: body.size };
});

const at = (businessKey: string): string => `/api/instances/${encodeURIComponent(`supplierInvoice/${businessKey}`)}`;
const start = async (businessKey: string, more: object = {}): Promise<string> => (await olga<{ id: string }>('/api/processes/supplierInvoice/instances', { json: { input: { document }, businessKey, ...more } })).body.id;
const found = (businessKey: string, condition = ''): Promise<void> => worker.untilFound(`WorkflowId = 'supplierInvoice/${businessKey}'${condition}`, 1);

describe('the list of instances', () => {
  const endings = ['completed', 'failed', 'rejected', 'cancelled'] as const;
  beforeAll(async () => {
    for (const how of endings) {
      await start(`list-${how}`);
      if (how === 'cancelled') await olga(`${at('list-cancelled')}/cancel`, { json: { reason: 'for the list' } });
      await worker.end(`supplierInvoice/list-${how}`, how);
    }
    await start('list-terminated');
    await olga(`${at('list-terminated')}/terminate`, { json: { reason: 'for the list' } });
    await start('list-running');
    const task = { step: 'approveInvoice', visit: 1, title: 'Approve the invoice', state: 'ready', assignee: null, candidateGroups: ['finance'], excludedUsers: [], openedAt: new Date().toISOString(), dueAt: null, escalated: false, form: 'f', shown: { value: {} } };
    const incident = { step: 'reserveBudget', visit: 1, title: 'Reserve the budget', of: 'step', activity: 'ledger.reserveBudget', failure: { type: 'Unavailable', message: 'down' }, openedAt: new Date().toISOString() };
    await worker.start({ id: 'supplierInvoice/list-waiting', process: 'supplierInvoice', waitingFor: ['finance', 'ledger'], memo: { startedBy: 'olga', 'task:approveInvoice': task, 'incident:reserveBudget.1': incident } });
    await worker.start({ id: 'somethingElse/list', process: 'somethingElse', waitingFor: ['finance'] });
    await worker.untilFound("WorkflowType = 'somethingElse'", 1);
    await worker.untilFound("ExecutionStatus != 'Running'", 5);
    await found('list-waiting');
  });

  it.each([...endings, 'terminated', 'running'] as const)('finds what is %s', async (status) => {
    const { body } = await olga<List>(`/api/instances?status=${status}&process=supplierInvoice`);
    const mine = body.instances.filter(({ businessKey }) => businessKey.startsWith('list-')).map(({ businessKey }) => businessKey);
    expect(mine.sort()).toEqual(status === 'running' ? ['list-running', 'list-waiting'] : [`list-${status}`]);
    expect(body.instances.every((row) => row.status === status)).toBe(true);
  });

  it('tells of each who started it, what it waits for, and how many tasks and incidents are open', async () => {
    const { body } = await olga<List>('/api/instances?waitingFor=ledger');
    expect(body.instances).toEqual([expect.objectContaining({ id: 'supplierInvoice/list-waiting', title: 'Pay a supplier invoice', startedBy: 'olga', openTasks: 1, openIncidents: 1, waitingFor: ['finance', 'ledger'] })]);
    expect((await olga<List>('/api/instances?waitingFor=treasury')).body.instances).toEqual([]);
    expect((await olga<List>('/api/instances?waitingFor=ledger&status=completed')).body.instances).toEqual([]);
  });

  it('leaves out workflows that are no instances', async () => {
    const { body } = await olga<List>('/api/instances?limit=200');
    expect(body.instances.map(({ id }) => id)).not.toContain('somethingElse/list');
    expect((await olga('/api/instances/somethingElse%2Flist')).status).toBe(404);
  });

  it('comes in stretches that join without gap or repetition', async () => {
    const all = (await olga<List>('/api/instances?limit=200')).body.instances.map(({ id }) => id);
    const joined: string[] = [];
    let cursor = '';
    do {
      const { status, body } = await olga<List>(`/api/instances?limit=2${cursor}`);
      expect(status).toBe(200);
      expect(body.instances.length).toBeLessThanOrEqual(2);
      joined.push(...body.instances.map(({ id }) => id));
      cursor = body.next === null ? '' : `&cursor=${body.next}`;
    } while (cursor !== '');
    expect(joined).toEqual(all);
  });

  it('takes a cursor only as it was given, for the same list', async () => {
    const { next } = (await olga<List>('/api/instances?limit=2')).body;
    const text = next ?? '';
    const changed = `${text.slice(0, 30)}${text[30] === 'A' ? 'B' : 'A'}${text.slice(31)}`;
    for (const query of [`limit=2&cursor=${changed}`, `limit=2&cursor=${text.slice(0, -4)}`, `limit=2&status=running&cursor=${text}`, 'limit=2&cursor=AAAA']) {
      const { status, body } = await olga<ProblemBody>(`/api/instances?${query}`);
      expect(status).toBe(400);
      expect(body.errors?.[0]?.path).toBe('cursor');
    }
  });

  it('shows the newest run of an instance only, after restarts and resets', async () => {
    await start('twice');
    await olga(`${at('twice')}/terminate`, { json: { reason: 'to restart' } });
    await start('twice', { restart: true });
    await worker.end('supplierInvoice/twice', 'completed');
    await start("thr'ice");
    await olga(`${at("thr'ice")}/terminate`, { json: { reason: 'to restart' } });
    await start("thr'ice", { restart: true });
    await start('reset');
    await worker.end('supplierInvoice/reset', 'nothing yet');
    await worker.connection.workflowService.resetWorkflowExecution({
      namespace: temporal.namespace,
      workflowExecution: { workflowId: 'supplierInvoice/reset' },
      reason: 'for the list',
      requestId: 'reset-1',
      workflowTaskFinishEventId: 4 as unknown as never,
    });
    await found('twice', " AND ExecutionStatus = 'Terminated'");
    await found('twice', " AND ExecutionStatus = 'Completed'");
    await found('reset', " AND ExecutionStatus = 'Terminated'");
    await found('reset', " AND ExecutionStatus = 'Running'");
    await worker.untilFound("ExecutionStatus = 'Terminated'", 4);

    const rows = (await olga<List>('/api/instances?limit=200')).body.instances.filter(({ businessKey }) => ['twice', "thr'ice", 'reset'].includes(businessKey));
    expect(rows.map(({ businessKey, status }) => `${businessKey} ${status}`).sort()).toEqual(['reset running', "thr'ice running", 'twice completed']);
    const terminated = (await olga<List>('/api/instances?status=terminated')).body.instances;
    expect(terminated.map(({ businessKey }) => businessKey)).toEqual(['list-terminated']);
  });
});

describe('one instance', () => {
  it('is told whole and as it is now, in the form that the documentation says', async () => {
    await start('read');
    const { status, body } = await olga(at('read'));
    expect(status).toBe(200);
    expect(body).toMatchObject({ id: 'supplierInvoice/read', status: 'running', startedBy: 'olga', generation: '1', input: { document }, tasks: [], incidents: [] });
    expect(Instance.parse(body)).toEqual(body);
    await olga(`${at('read')}/terminate`, { json: { reason: 'to read it again' } });
    const ended = (await olga(at('read'))).body;
    expect(ended).toMatchObject({ status: 'terminated', closedAt: expect.any(String) });
    expect(Instance.parse(ended)).toEqual(ended);
  });

  it.each(['supplierInvoice%2Fnobody', 'noProcess%2F1'])('%s: 404 that says what ids look like', async (id) => {
    const { status, body } = await olga<ProblemBody>(`/api/instances/${id}`);
    expect(status).toBe(404);
    expect(body.detail).toContain('%2F');
  });

  it('without the evidence that is asked for: 404 that lists what there is', async () => {
    await start('evidence');
    const { status, body } = await olga<ProblemBody>(`${at('evidence')}/evidence/none.png`);
    expect(status).toBe(404);
    expect(body.detail).toContain('It has: none');
    expect((await olga(`${at('evidence')}/evidence/..%2Fsecret`)).status).toBe(400);
  });
});

describe('ending an instance', () => {
  it('cancels with a reason, in the name of the caller, and says that it compensates', async () => {
    await start('cancel');
    const { status, body } = await olga(`${at('cancel')}/cancel`, { json: { reason: 'ordered twice' } });
    expect(status).toBe(202);
    expect(body).toMatchObject({ id: 'supplierInvoice/cancel', ending: 'cancel', compensates: true });
    expect((await olga(at('cancel'))).body).toMatchObject({ status: 'running', cancelRequest: { reason: 'ordered twice', by: 'olga' } });
    const again = await olga<{ detail: string }>(`${at('cancel')}/cancel`, { json: { reason: 'ordered three times' } });
    expect(again.body.detail).toMatch(/requested before/);
    expect((await olga(at('cancel'))).body).toMatchObject({ cancelRequest: { reason: 'ordered twice' } });
  });

  it('terminates with a reason, and says that nothing is compensated', async () => {
    await start('terminate');
    const { status, body } = await olga<{ compensates: boolean; detail: string }>(`${at('terminate')}/terminate`, { json: { reason: 'test data' } });
    expect(status).toBe(200);
    expect(body).toMatchObject({ compensates: false, detail: expect.stringContaining('NOTHING WAS COMPENSATED') });
  });

  it.each(['cancel', 'terminate'])('is refused to %s when it has ended', async (verb) => {
    await start(`over-${verb}`);
    await worker.end(`supplierInvoice/over-${verb}`, 'completed');
    const { status, body } = await olga<ProblemBody>(`${at(`over-${verb}`)}/${verb}`, { json: { reason: 'too late' } });
    expect(status).toBe(409);
    expect(body.detail).toMatch(/ended at .* as completed/);
  });

  it.each(['cancel', 'terminate'])('needs a reason to %s, and takes no other name than the token\'s', async (verb) => {
    await start(`why-${verb}`);
    for (const [json, path] of [[{}, 'reason'], [{ reason: '' }, 'reason'], [{ reason: 'because', by: 'somebody' }, 'by']] as const) {
      const { status, body } = await olga<ProblemBody>(`${at(`why-${verb}`)}/${verb}`, { json });
      expect({ status, path: body.errors?.[0]?.path }).toEqual({ status: 422, path });
    }
    expect((await olga<ProblemBody>(`${at('nobody')}/${verb}`, { json: { reason: 'because' } })).status).toBe(404);
  });
});
