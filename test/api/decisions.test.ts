import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { extractInvoice } from '../../contracts/activities/extraction.ts';
import { claimNumber, releaseNumber, reserveBudget } from '../../contracts/activities/ledger.ts';
import { readDocument } from '../../contracts/activities/ocr.ts';
import { findOrder } from '../../contracts/activities/purchasing.ts';
import { findVendor } from '../../contracts/activities/vendors.ts';
import type { DocumentRef } from '../../contracts/documents.ts';
import { type Invoice, invoiceFields } from '../../contracts/invoice.ts';
import { createDiskStore } from '../../documents/disk-store.ts';
import { type Child, startChild } from '../../platform/child-process.ts';
import { repository } from '../../platform/repository.ts';
import type { EmbeddedTemporal } from '../../temporal/start.ts';
import type { InstanceView } from '../../visibility/instance-view.ts';
import { type HandWorker, workByHand } from './hand-worker.ts';
import { type Answer, closeAfterAll, type ProblemBody, type RunningApi, startApiProcess, startOwnTemporal, type User } from './running-api.ts';
import { pdfOf } from './sample-documents.ts';

/** The real process on a real worker; the systems that its activities ask are played by hand. */
let temporal: EmbeddedTemporal;
let api: RunningApi;
let worker: Child;
let systems: HandWorker;
let olga: User;
let petra: User;
let felix: User;
let fiona: User;
let document: DocumentRef;

const startWorker = async (): Promise<Child> => {
  const child = startChild({
    name: 'worker',
    command: process.execPath,
    args: ['--import', 'tsx', 'workers/main.ts'],
    cwd: repository,
    env: { TEMPORAL_ADDRESS: temporal.address, WORKER_ROLES: 'workflows', DOCUMENTS_DIR: join(api.directory, 'documents') },
    logFile: join(api.directory, 'worker.log'),
    ready: true,
  });
  await child.ready;
  return child;
};

const later = closeAfterAll();
beforeAll(async () => {
  temporal = await startOwnTemporal();
  later(() => temporal.stop());
  api = await startApiProcess({ temporal });
  later(() => api.stop());
  systems = await workByHand(temporal);
  later(() => systems.close());
  worker = await startWorker();
  later(() => worker.stop());
  olga = await api.user({ name: 'olga', roles: ['operator'] });
  petra = await api.user({ name: 'petra', roles: ['worker'], groups: ['accounts-payable'] });
  fiona = await api.user({ name: 'fiona', roles: ['worker'], groups: ['accounts-payable', 'finance'] });
  felix = await api.user({ name: 'felix', roles: ['worker'], groups: ['finance'] });
  const { body } = await olga<DocumentRef>('/api/documents', { raw: await pdfOf('invoice'), headers: { 'content-type': 'application/pdf' } });
  document = { sha256: body.sha256, mediaType: body.mediaType, size: body.size };
});

const invoice: Invoice = {
  vendorName: 'Nordlicht Papier GmbH',
  vendorTaxId: 'DE123456788',
  invoiceNumber: 'N-1',
  invoiceDate: '2030-01-02',
  orderNumber: 'PO-1',
  currency: 'EUR',
  net: 100_00,
  tax: 19_00,
  total: 119_00,
  iban: 'DE89370400440532013000',
};
const vendor = { id: 'V1', name: invoice.vendorName, taxId: invoice.vendorTaxId, iban: invoice.iban, currency: 'EUR', risk: 'low', email: 'billing@nordlicht-papier.example' };
const order = { number: 'PO-1', vendorId: 'V1', costCentre: 'C1', openAmount: { minorUnits: 100_00, currency: 'EUR' } };

const at = (id: string): string => `/api/instances/${encodeURIComponent(id)}`;
const task = (id: string, name: string): string => `/api/tasks/${encodeURIComponent(`${id}/${name}`)}`;
const view = async (id: string): Promise<InstanceView> => (await olga<InstanceView>(at(id))).body;
const complete = <B = Record<string, unknown>>(user: User, id: string, name: string, decision: unknown): Promise<Answer<B & ProblemBody>> => user<B & ProblemBody>(`${task(id, name)}/complete`, { json: { decision } });

/** An instance in which a person is asked to check the fields. */
async function untilCheck(businessKey: string): Promise<string> {
  const id = (await olga<{ id: string }>('/api/processes/supplierInvoice/instances', { json: { input: { document }, businessKey } })).body.id;
  await systems.answer({ id, asks: readDocument }, { reading: document, source: 'ocr', pages: 1, words: 3, confidence: 0.4 });
  const field = { value: null, confidence: 0, page: null, box: null, evidence: [] };
  await systems.answer({ id, asks: extractInvoice }, { documentType: 'unknown', fields: Object.fromEntries(invoiceFields.map((name) => [name, field])), extractor: 'rules', warnings: [] });
  await until(id, ({ tasks }) => tasks.length > 0);
  return id;
}

/** The same, checked by somebody, and on to the approval. */
async function untilApproval(businessKey: string, { checker = petra }: { checker?: User } = {}): Promise<string> {
  const id = await untilCheck(businessKey);
  expect((await complete(checker, id, 'checkFields', { outcome: 'confirm', invoice })).status).toBe(200);
  await systems.answer({ id, asks: findVendor }, vendor);
  await systems.answer({ id, asks: findOrder }, order);
  await systems.answer({ id, asks: claimNumber }, { claimId: 'K1' });
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

describe('a task', () => {
  it('is claimed, released and completed by its candidates; the decision is recorded in their name', async () => {
    const id = await untilCheck('claim');
    expect((await petra(`${task(id, 'checkFields')}/claim`, { method: 'POST' })).body).toEqual({ task: 'checkFields', state: 'reserved', assignee: 'petra' });
    expect((await petra(task(id, 'checkFields'))).body).toMatchObject({ state: 'reserved', assignee: 'petra', shown: { documentType: 'unknown' } });
    const taken = await fiona<ProblemBody>(`${task(id, 'checkFields')}/claim`, { json: {} });
    expect({ status: taken.status, detail: taken.body.detail }).toEqual({ status: 409, detail: expect.stringContaining('petra') });
    expect((await fiona(`${task(id, 'checkFields')}/release`, { method: 'POST' })).status).toBe(409);
    expect((await complete(fiona, id, 'checkFields', { outcome: 'confirm', invoice })).status).toBe(409);
    expect((await petra(`${task(id, 'checkFields')}/release`, { method: 'POST' })).body).toMatchObject({ state: 'ready', assignee: null });
    const done = await complete(fiona, id, 'checkFields', { outcome: 'confirm', invoice });
    expect(done.body).toMatchObject({ task: 'checkFields', decidedBy: 'fiona', decision: { outcome: 'confirm' } });
    expect((await view(id)).steps.find(({ step }) => step === 'checkFields')?.visits[0]?.decision).toMatchObject({ by: 'fiona', via: 'update', outcome: 'confirm' });
    expect((await petra(task(id, 'checkFields'))).status).toBe(404);
  });

  it('gives the same decision of the same person its first answer, also after it ended the instance; anybody else gets a conflict', async () => {
    const id = await untilCheck('twice');
    const refusal = { outcome: 'reject', reason: 'not readable' };
    const first = await complete(petra, id, 'checkFields', refusal);
    expect(first.status).toBe(200);
    await until(id, ({ status }) => status === 'rejected');
    const again = await complete(petra, id, 'checkFields', refusal);
    expect({ status: again.status, body: again.body }).toEqual({ status: 200, body: first.body });
    expect((await complete(petra, id, 'checkFields', { ...refusal, reason: 'another reason' })).status).toBe(409);
    expect((await complete(fiona, id, 'checkFields', refusal)).status).toBe(409);
  });

  it('takes one of two decisions that come at once', async () => {
    const id = await untilCheck('race');
    const answers = await Promise.all([complete(petra, id, 'checkFields', { outcome: 'reject', reason: 'unreadable' }), complete(fiona, id, 'checkFields', { outcome: 'confirm', invoice })]);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409]);
  });

  it('refuses the wrong group, an unknown outcome, a decision that does not fit, and a task that is not there: nothing is recorded', async () => {
    const id = await untilCheck('refused');
    const before = (await view(id)).story.length;
    const wrongGroup = await complete(felix, id, 'checkFields', { outcome: 'reject', reason: 'unreadable' });
    expect({ status: wrongGroup.status, detail: wrongGroup.body.detail }).toEqual({ status: 403, detail: expect.stringContaining('accounts-payable') });
    const outcome = await complete(petra, id, 'checkFields', { outcome: 'perhaps' });
    expect({ status: outcome.status, path: outcome.body.errors?.[0]?.path }).toEqual({ status: 422, path: 'decision.outcome' });
    const field = await complete(petra, id, 'checkFields', { outcome: 'confirm', invoice: { ...invoice, total: -1 } });
    expect({ status: field.status, path: field.body.errors?.[0]?.path }).toEqual({ status: 422, path: 'decision.invoice.total' });
    expect((await complete(petra, id, 'approveInvoice', { outcome: 'approve' })).status).toBe(404);
    expect((await view(id)).story).toHaveLength(before);
  });

  it('needs four eyes: who checked the fields may not approve', async () => {
    const id = await untilApproval('four-eyes', { checker: fiona });
    const own = await complete(fiona, id, 'approveInvoice', { outcome: 'approve' });
    expect({ status: own.status, detail: own.body.detail }).toEqual({ status: 403, detail: expect.stringContaining('four eyes') });
    expect((await complete(felix, id, 'approveInvoice', { outcome: 'approve' })).status).toBe(200);
  });
});

describe('an incident', () => {
  it('is tried again or given up by an operator, with the evidence at hand', async () => {
    const id = await untilApproval('incident');
    const store = createDiskStore({ directory: join(api.directory, 'documents') });
    const page = await store.put(Buffer.from('<script>alert(1)</script>'), 'text/html');
    const evidence = [{ name: 'reserveBudget-1-page.html', title: 'What the ledger showed', document: page }];
    await complete(felix, id, 'approveInvoice', { outcome: 'approve' });
    await systems.refuse({ id, asks: reserveBudget }, { type: 'Unexpected', message: 'a page nobody foresaw', details: [{ evidence }] });
    await until(id, ({ incidents }) => incidents.length === 1);
    expect((await felix(`${at(id)}/incidents/reserveBudget.1/retry`, { method: 'POST' })).status).toBe(403);

    const token = (await api.tokens.create({ user: 'vera', roles: ['viewer'], groups: [] })).token;
    const file = await fetch(`${api.url}${at(id)}/evidence/reserveBudget-1-page.html`, { headers: { authorization: `Bearer ${token}` } });
    expect(file.headers.get('content-disposition')).toBe('attachment; filename="reserveBudget-1-page.html"');
    expect(file.headers.get('content-type')).toBe('text/html');
    expect(file.headers.get('x-content-type-options')).toBe('nosniff');
    expect(await file.text()).toBe('<script>alert(1)</script>');

    expect((await olga(`${at(id)}/incidents/reserveBudget.1/retry`, { json: { comment: 'is up again' } })).body).toEqual({ incident: 'reserveBudget.1', resolution: 'retry', resolvedBy: 'olga' });
    expect((await olga(`${at(id)}/incidents/reserveBudget.1/retry`, { method: 'POST' })).status).toBe(409);
    expect((await olga(`${at(id)}/incidents/reserveBudget.7/retry`, { method: 'POST' })).status).toBe(404);
    await systems.refuse({ id, asks: reserveBudget }, { type: 'Unexpected', message: 'the same page' });
    await until(id, ({ incidents }) => incidents.length === 2);
    expect((await olga(`${at(id)}/incidents/reserveBudget.2/fail`, { json: { reason: 'no use' } })).body).toMatchObject({ resolution: 'fail', resolvedBy: 'olga' });
  });
});

describe('a cancellation', () => {
  it('withdraws open tasks, compensates, and ends the instance as cancelled with its reason', async () => {
    const id = await untilApproval('cancelled');
    expect((await olga(`${at(id)}/cancel`, { json: { reason: 'ordered twice' } })).status).toBe(202);
    await systems.answer({ id, asks: releaseNumber }, { undone: true });
    const ended = await until(id, ({ status }) => status !== 'running');
    expect(ended).toMatchObject({ status: 'cancelled', cancelRequest: { reason: 'ordered twice', by: 'olga' }, tasks: [], compensations: [expect.objectContaining({ step: 'claimNumber', undone: true })] });
    expect((await complete(felix, id, 'approveInvoice', { outcome: 'approve' })).status).toBe(409);
  });
});

describe('a worker that dies', () => {
  it('leaves the caller with 503 within the deadline; nothing is recorded, also when a worker comes back', async () => {
    const id = await untilCheck('dead-worker');
    worker.kill();
    await worker.exited;
    const began = Date.now();
    const unanswered = await complete(petra, id, 'checkFields', { outcome: 'reject', reason: 'unreadable' });
    expect({ status: unanswered.status, detail: unanswered.body.detail }).toEqual({ status: 503, detail: expect.stringContaining('nothing was recorded') });
    expect(Date.now() - began).toBeLessThan(30_000);

    worker = await startWorker();
    expect((await complete(petra, id, 'checkFields', { outcome: 'confirm', invoice })).status).toBe(200);
    const { steps, story } = await view(id);
    expect(steps.find(({ step }) => step === 'checkFields')?.visits[0]?.decision).toMatchObject({ by: 'petra', outcome: 'confirm' });
    expect(story.filter(({ text }) => text.includes('decided'))).toHaveLength(1);
  });
});

describe('a worker that stands still with the decision in its hands', () => {
  it.each([9_700, 11_500])('and goes on after %i ms: what the caller is told is what the history says', async (milliseconds) => {
    const id = await untilCheck(`stands-still-${milliseconds}`);
    process.kill(worker.pid, 'SIGSTOP');
    const goesOn = new Promise<void>((resolve) =>
      setTimeout(() => {
        process.kill(worker.pid, 'SIGCONT');
        resolve();
      }, milliseconds),
    );
    const told = await complete(petra, id, 'checkFields', { outcome: 'reject', reason: 'unreadable' });
    await goesOn;
    // The next verb is handled after whatever the worker still had in its hands.
    const next = await complete(fiona, id, 'checkFields', { outcome: 'reject', reason: 'not an invoice' });
    expect([told.status, next.status]).toEqual(told.status === 200 ? [200, 409] : [503, 200]);
    const { decision } = (await view(id)).steps.find(({ step }) => step === 'checkFields')?.visits[0] ?? {};
    expect(decision?.by).toBe(told.status === 200 ? 'petra' : 'fiona');
  });
});
