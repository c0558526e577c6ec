import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { extractInvoice } from '../../contracts/activities/extraction.ts';
import { readDocument } from '../../contracts/activities/ocr.ts';
import type { DocumentRef } from '../../contracts/documents.ts';
import { invoiceFields } from '../../contracts/invoice.ts';
import { startChild } from '../../platform/child-process.ts';
import { programArgs, repository } from '../../platform/repository.ts';
import type { EmbeddedTemporal } from '../../temporal/start.ts';
import type { InstanceView } from '../../visibility/instance-view.ts';
import { type HandWorker, workByHand } from './hand-worker.ts';
import { type Answer, closeAfterAll, type ProblemBody, type RunningApi, startApiProcess, startOwnTemporal, type User } from './running-api.ts';
import { pdfOf } from './sample-documents.ts';

/** Fifty callers at once, each a user of their own, over the real API, to the real process on a real worker. */
const callers = 50;

let temporal: EmbeddedTemporal;
let api: RunningApi;
let systems: HandWorker;
let clerks: readonly User[];
let operators: readonly User[];
let olga: User;
let document: DocumentRef;

const later = closeAfterAll();
beforeAll(async () => {
  temporal = await startOwnTemporal();
  later(() => temporal.stop());
  api = await startApiProcess({ temporal });
  later(() => api.stop());
  systems = await workByHand(temporal);
  later(() => systems.close());
  const worker = startChild({
    name: 'worker',
    command: process.execPath,
    args: programArgs('workers/main'),
    cwd: repository,
    env: { TEMPORAL_ADDRESS: temporal.address, WORKER_ROLES: 'workflows', DOCUMENTS_DIR: join(api.directory, 'documents') },
    logFile: join(api.directory, 'worker.log'),
    ready: true,
  });
  later(() => worker.stop());
  await worker.ready;
  const many = async (name: string, who: Parameters<RunningApi['user']>[0]): Promise<User[]> => {
    const users: User[] = [];
    for (let nth = 1; nth <= callers; nth++) users.push(await api.user({ ...who, name: `${name}-${nth}` }));
    return users;
  };
  clerks = await many('clerk', { roles: ['worker'], groups: ['accounts-payable'] });
  operators = await many('operator', { roles: ['operator'] });
  olga = await api.user({ name: 'olga', roles: ['operator'] });
  const { body } = await olga<DocumentRef>('/api/documents', { raw: await pdfOf('invoice'), headers: { 'content-type': 'application/pdf' } });
  document = { sha256: body.sha256, mediaType: body.mediaType, size: body.size };
});

const at = (id: string): string => `/api/instances/${encodeURIComponent(id)}`;
const task = (id: string): string => `/api/tasks/${encodeURIComponent(`${id}/checkFields`)}`;
const view = async (id: string): Promise<InstanceView> => (await olga<InstanceView>(at(id))).body;
const start = <B>(user: User, businessKey: string): Promise<Answer<B>> => user<B>('/api/processes/supplierInvoice/instances', { json: { input: { document }, businessKey } });

async function untilCheck(businessKey: string): Promise<string> {
  const { id } = (await start<{ id: string }>(olga, businessKey)).body;
  await systems.answer({ id, asks: readDocument }, { reading: document, source: 'ocr', pages: 1, words: 3, confidence: 0.4 });
  const field = { value: null, confidence: 0, page: null, box: null, evidence: [] };
  await systems.answer({ id, asks: extractInvoice }, { documentType: 'unknown', fields: Object.fromEntries(invoiceFields.map((name) => [name, field])), extractor: 'rules', warnings: [] });
  await until(id, ({ tasks }) => tasks.length > 0);
  return id;
}

async function until(id: string, holds: (instance: InstanceView) => boolean): Promise<InstanceView> {
  for (;;) {
    const instance = await view(id);
    if (holds(instance)) return instance;
    await pause(20);
  }
}

/** What the history holds of updates: each taken one leaves two events, each other one none. */
async function updateEvents(id: string): Promise<readonly string[]> {
  const { history } = await systems.connection.workflowService.getWorkflowExecutionHistory({ namespace: temporal.namespace, execution: { workflowId: id } });
  return (history?.events ?? []).flatMap((event) =>
    Object.entries(event).filter(([field, value]) => field.startsWith('workflowExecutionUpdate') && value !== null && typeof value === 'object').map(([field]) => field.replace(/^workflowExecutionUpdate|EventAttributes$/g, '')),
  );
}

type Tried = readonly Answer<ProblemBody & Record<string, unknown>>[];
const tally = (answers: Tried): Record<number, number> => answers.reduce<Record<number, number>>((counts, { status }) => ({ ...counts, [status]: (counts[status] ?? 0) + 1 }), {});
const losers = (answers: Tried): Tried => answers.filter(({ status }) => status === 409);
const oneWins = { 200: 1, 409: callers - 1 };

describe(`${callers} callers at the same moment`, () => {
  it('claim one task: it is one person\'s, the others are told whose', async () => {
    const id = await untilCheck('claim');
    const answers: Tried = await Promise.all(clerks.map((clerk) => clerk<ProblemBody & Record<string, unknown>>(`${task(id)}/claim`, { method: 'POST' })));
    expect(tally(answers)).toEqual(oneWins);
    const winner = String(answers.find(({ status }) => status === 200)?.body.assignee);
    expect(losers(answers).filter(({ body }) => !body.detail.includes(winner))).toEqual([]);
    expect((await view(id)).tasks).toMatchObject([{ state: 'reserved', assignee: winner }]);
    expect(await updateEvents(id)).toEqual(['Accepted', 'Completed']);
  });

  it('complete one task: one decision is recorded, the others are told by whom', async () => {
    const id = await untilCheck('complete');
    const answers: Tried = await Promise.all(clerks.map((clerk, nth) => clerk<ProblemBody & Record<string, unknown>>(`${task(id)}/complete`, { json: { decision: { outcome: 'reject', reason: `reason ${nth}` } } })));
    expect(tally(answers)).toEqual(oneWins);
    const winner = String(answers.find(({ status }) => status === 200)?.body.decidedBy);
    expect(losers(answers).filter(({ body }) => body.detail.length < 20)).toEqual([]);
    const ended = await until(id, ({ status }) => status !== 'running');
    expect(ended.steps.find(({ step }) => step === 'checkFields')?.visits).toMatchObject([{ decision: { by: winner } }]);
    expect(await updateEvents(id)).toEqual(['Accepted', 'Completed']);
  });

  it('start under one business key: one instance runs, the others are given it', async () => {
    const answers = await Promise.all(operators.map((operator) => start<{ id: string; runId: string; created: boolean; startedBy: string }>(operator, 'start')));
    expect(answers.map(({ status }) => status).sort()).toEqual([...Array<number>(callers - 1).fill(200), 201]);
    expect(answers.filter(({ body }) => body.created)).toHaveLength(1);
    const winner = answers.find(({ body }) => body.created)?.body;
    expect(new Set(answers.map(({ body }) => `${body.runId} ${body.startedBy}`))).toEqual(new Set([`${winner?.runId} ${winner?.startedBy}`]));
  });

  it('resolve one incident, some by trying again, some by giving up: one does, the others are told who did', async () => {
    const { id } = (await start<{ id: string }>(olga, 'incident')).body;
    await systems.refuse({ id, asks: readDocument }, { type: 'Unexpected', message: 'no recogniser' });
    await until(id, ({ incidents }) => incidents.length > 0);
    const answers: Tried = await Promise.all(
      operators.map((operator, nth) => operator<ProblemBody & Record<string, unknown>>(`${at(id)}/incidents/readDocument.1/${nth % 2 === 0 ? 'retry' : 'fail'}`, { json: nth % 2 === 0 ? {} : { reason: 'no use' } })),
    );
    expect(tally(answers)).toEqual(oneWins);
    const winner = answers.find(({ status }) => status === 200)?.body;
    expect(losers(answers).filter(({ body }) => body.detail.length < 20)).toEqual([]);
    const { incidents } = await view(id);
    expect(incidents).toMatchObject([{ resolution: { verb: winner?.resolution, by: winner?.resolvedBy } }]);
    expect(await updateEvents(id)).toEqual(['Accepted', 'Completed']);
  });
});
