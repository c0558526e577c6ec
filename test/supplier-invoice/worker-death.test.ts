import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { repository } from '../../platform/repository.ts';
import type { InstanceView } from '../../visibility/instance-view.ts';
import { fieldsOf } from '../../samples/invoices.ts';
import { startModelStandIn } from '../stage/model-stand-in.ts';
import { changedAccount, ordinary, pdf, risky, suspicious, suspiciousPdf } from './papers.ts';
import { type RunningPlatform, startRunningPlatform, stepOf } from './running-platform.ts';

const paid = { claim: 'claimed', reservation: 'reserved', erpEntry: 'posted', payment: 'scheduled', mails: 1 };
const checked = suspicious('D-2');

/** The instances in the order in which they are brought into their step: what holds the later ones would stop the earlier ones on their way. */
const held = [
  { step: 'notifySupplier', hold: "mail latency 5m --path 'MAIL *'", paper: () => pdf(ordinary('D-10')) },
  { step: 'schedulePayment', hold: "payments latency 5m --path 'POST /payments'", paper: () => pdf(ordinary('D-9')) },
  { step: 'enterInLegacyErp', hold: "legacy-erp latency 5m --path 'POST /ap/entry/post'", paper: () => pdf(ordinary('D-8')) },
  { step: 'reserveBudget', hold: "ledger latency 5m --path 'POST /reservations'", paper: () => pdf(ordinary('D-7')) },
  { step: 'approveInvoice', paper: () => pdf(risky('D-6')) },
  { step: 'confirmBankAccount', paper: () => pdf(changedAccount('D-5')) },
  { step: 'claimNumber', hold: "ledger latency 5m --path 'POST /claims'", paper: () => pdf(ordinary('D-4')) },
  { step: 'findVendor', hold: 'vendors latency 5m', paper: () => pdf(ordinary('D-3')) },
  { step: 'findOrder', hold: 'purchasing latency 5m', paper: () => pdf(ordinary('D-11')) },
  { step: 'checkFields', paper: () => suspiciousPdf(checked) },
  { step: 'readDocument', paper: () => readFile(join(repository, 'samples/documents/02-clean-scan.png')) },
] as const;
/** Held by a model that does not answer, which would stop all others too; so it is brought there, and its worker killed, before them. */
const thinking = 'extractFields';
type HeldStep = (typeof held)[number]['step'] | typeof thinking;

let running: RunningPlatform;
const ids = new Map<HeldStep, string>();
const ends = new Map<HeldStep, InstanceView>();
const idOf = (step: HeldStep): string => ids.get(step) ?? '';

beforeAll(async () => {
  running = await startRunningPlatform();
  const model = await startModelStandIn();
  model.behaves(() => undefined);
  await running.restartWorker('stop', { EXTRACTION_MODEL_URL: model.url, EXTRACTION_MODEL: 'pensive' });
  ids.set(thinking, await running.handIn(await pdf(ordinary('D-12'))));
  await running.untilStep(idOf(thinking), thinking);
  await running.restartWorker('kill', { EXTRACTION_MODEL_URL: undefined, EXTRACTION_MODEL: undefined });
  await model.close();
  for (const one of held) {
    if ('hold' in one) await running.fault(`fault ${one.hold}`);
    const id = await running.handIn(await one.paper());
    ids.set(one.step, id);
    await running.untilStep(id, one.step);
  }
  const { worker } = running.platform.parts;
  worker.kill();
  await running.fault('clear');
  await worker.start();
  await running.decide('petra', { id: idOf('checkFields'), task: 'checkFields', decision: { outcome: 'confirm', invoice: fieldsOf(checked) } });
  await running.decide('tara', { id: idOf('confirmBankAccount'), task: 'confirmBankAccount', decision: { outcome: 'confirm', note: 'called back' } });
  await running.decide('felix', { id: idOf('approveInvoice'), task: 'approveInvoice', decision: { outcome: 'approve' } });
  await running.untilStep(idOf('checkFields'), 'approveInvoice', ['waiting']);
  await running.decide('felix', { id: idOf('checkFields'), task: 'approveInvoice', decision: { outcome: 'approve' } });
  await Promise.all([...ids].map(async ([step, id]) => ends.set(step, await running.untilEnd(id))));
}, 420_000);
afterAll(() => running.stop());

describe('when the worker is killed', () => {
  it.each<HeldStep>([thinking, ...held.map(({ step }) => step)])('in the middle of %s, the invoice is paid all the same, and once', async (step) => {
    expect(ends.get(step)?.status).toBe('completed');
    // A second effect of any step would show as a list of two.
    expect(await running.books(idOf(step))).toEqual(paid);
  });

  it.each<HeldStep>([thinking, ...held.filter((one) => 'hold' in one || one.step === 'readDocument').map(({ step }) => step)])('%s is tried again by the next worker', (step) => {
    expect(stepOf(ends.get(step) as InstanceView, step).visits).toHaveLength(1);
    expect(stepOf(ends.get(step) as InstanceView, step).visits[0]?.attempts).toBeGreaterThan(1);
  });
});
