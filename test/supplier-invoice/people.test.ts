import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { fieldsOf } from '../../samples/invoices.ts';
import { changedAccount, ordinary, pdf, risky, suspicious, suspiciousPdf } from './papers.ts';
import { refusal, type RunningPlatform, startRunningPlatform, stepOf } from './running-platform.ts';

let running: RunningPlatform;

beforeAll(async () => {
  running = await startRunningPlatform();
});
afterAll(() => running.stop());

const approve = { outcome: 'approve' };
const paid = { claim: 'claimed', reservation: 'reserved', erpEntry: 'posted', payment: 'scheduled', mails: 1 };
const nothing = { claim: null, reservation: null, erpEntry: null, payment: null, mails: 0 };

describe.each([
  { mode: 'supplierInvoice', cache: undefined, mark: 'C' },
  { mode: 'supplierInvoice, replayed at every workflow task', cache: '0', mark: 'R' },
])('$mode', ({ cache, mark }) => {
  if (cache !== undefined) {
    beforeAll(() => running.restartWorker('stop', { WORKER_MAX_CACHED_WORKFLOWS: cache }), 60_000);
  }

  it('pays an ordinary invoice without asking anybody', async () => {
    const id = await running.handIn(await pdf(ordinary(`P-1${mark}`)));
    const { status, output, steps } = await running.untilEnd(id);
    expect({ status, output }).toMatchObject({ status: 'completed', output: { status: 'paid', invoiceNumber: `P-1${mark}` } });
    expect(steps.filter(({ kind, state }) => kind === 'human' && state !== 'notReached')).toEqual([]);
    expect(await running.books(id)).toEqual(paid);
  });

  it('asks finance when the vendor is risky, and pays after the approval', async () => {
    const id = await running.handIn(await pdf(risky(`P-2${mark}`)));
    const { waitingFor } = await running.untilStep(id, 'approveInvoice', ['waiting']);
    expect(waitingFor).toMatchObject([{ kind: 'group', name: 'finance' }]);
    const task = await running.as('felix').get<{ shown: unknown }>(`/tasks/${encodeURIComponent(`${id}/approveInvoice`)}`);
    expect(task.shown).toMatchObject({ reasons: ['the vendor is rated as high risk'] });
    await running.decide('felix', { id, task: 'approveInvoice', decision: approve });
    expect(await running.untilEnd(id)).toMatchObject({ status: 'completed' });
    expect(await running.books(id)).toEqual(paid);
  });

  it('needs four eyes: who checked the fields may not approve', async () => {
    const invoice = suspicious(`P-3${mark}`);
    const id = await running.handIn(await suspiciousPdf(invoice));
    await running.untilStep(id, 'checkFields', ['waiting']);
    await running.decide('fiona', { id, task: 'checkFields', decision: { outcome: 'confirm', invoice: fieldsOf(invoice) } });
    await running.untilStep(id, 'approveInvoice', ['waiting']);
    const own = await refusal(running.decide('fiona', { id, task: 'approveInvoice', decision: approve }));
    expect(own).toMatchObject({ status: 403, detail: expect.stringContaining('four eyes') });
    await running.decide('felix', { id, task: 'approveInvoice', decision: approve });
    const ended = await running.untilEnd(id);
    expect(ended.status).toBe('completed');
    expect(stepOf(ended, 'checkFields').visits[0]?.decision?.by).toBe('fiona');
    expect(stepOf(ended, 'approveInvoice').visits[0]?.decision?.by).toBe('felix');
  });

  it('releases the number when finance rejects, so that a corrected invoice may carry it', async () => {
    const id = await running.handIn(await pdf(risky(`P-4${mark}`)));
    await running.untilStep(id, 'approveInvoice', ['waiting']);
    await running.decide('felix', { id, task: 'approveInvoice', decision: { outcome: 'reject', reason: 'nobody ordered this' } });
    const ended = await running.untilEnd(id);
    expect(ended).toMatchObject({ status: 'rejected', failure: { type: 'Rejected', message: expect.stringContaining('nobody ordered this') } });
    expect(await running.books(id)).toEqual({ ...nothing, claim: 'released' });

    const corrected = await running.handIn(await pdf({ ...risky(`P-4${mark}`), date: '2026-10-06' }));
    await running.untilStep(corrected, 'approveInvoice', ['waiting']);
    expect(await running.books(corrected)).toEqual({ ...nothing, claim: 'claimed' });
    await running.decide('felix', { id: corrected, task: 'approveInvoice', decision: approve });
    expect((await running.untilEnd(corrected)).status).toBe('completed');
  });

  it('pays to the new bank account once treasury has confirmed it', async () => {
    const invoice = changedAccount(`P-5${mark}`);
    const id = await running.handIn(await pdf(invoice));
    await running.untilStep(id, 'confirmBankAccount', ['waiting']);
    await running.decide('tara', { id, task: 'confirmBankAccount', decision: { outcome: 'confirm', note: 'called back at the number on file' } });
    expect((await running.untilEnd(id)).status).toBe('completed');
    expect(await running.books(id)).toEqual(paid);
    const { payments } = (await (await fetch(`${running.sandbox.systems.payments.url}/books`)).json()) as { payments: readonly { reference: string; iban: string }[] };
    expect(payments.filter(({ reference }) => reference === `Invoice P-5${mark}`)).toMatchObject([{ iban: invoice.changedIban }]);
  });

  it('takes a decision once: the same again is answered alike, another is a conflict, and one that is late or not theirs is refused', async () => {
    const id = await running.handIn(await pdf(risky(`P-6${mark}`)));
    await running.untilStep(id, 'approveInvoice', ['waiting']);
    const by = (user: 'petra' | 'felix' | 'fiona', decision: unknown) => running.decide(user, { id, task: 'approveInvoice', decision });
    expect(await refusal(by('petra', approve))).toMatchObject({ status: 403, detail: expect.stringContaining('finance') });
    expect(await refusal(by('felix', { outcome: 'perhaps' }))).toMatchObject({ status: 422, errors: [{ path: 'decision.outcome' }] });
    expect((await running.view(id)).tasks).toHaveLength(1);

    const reject = { outcome: 'reject', reason: 'ordered twice' };
    const first = await by('felix', reject);
    expect(await by('felix', reject)).toEqual(first);
    expect(await refusal(by('felix', approve))).toMatchObject({ status: 409 });
    expect(await refusal(by('fiona', reject))).toMatchObject({ status: 409 });
    await running.untilEnd(id);
    expect(await refusal(by('fiona', approve))).toMatchObject({ status: 409 });
    expect(await by('felix', reject)).toEqual(first);
  });
});
