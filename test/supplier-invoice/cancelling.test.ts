import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { SupplierInvoiceStep } from '../../contracts/processes/supplier-invoice.ts';
import { idempotencyKey } from '../../contracts/ids.ts';
import { repository } from '../../platform/repository.ts';
import type { ExpectedBooks } from '../../samples/expectations.ts';
import { startModelStandIn } from '../stage/model-stand-in.ts';
import { changedAccount, ordinary, pdf, risky, suspicious, suspiciousPdf } from './papers.ts';
import { type RunningPlatform, refusal, startRunningPlatform, stepOf } from './running-platform.ts';

let running: RunningPlatform;

beforeAll(async () => {
  running = await startRunningPlatform();
});
afterEach(() => running.fault('clear'));
afterAll(() => running.stop());

const scan = (): Promise<Buffer> => readFile(join(repository, 'samples/documents/02-clean-scan.png'));
const nothing: ExpectedBooks = { claim: null, reservation: null, erpEntry: null, payment: null, mails: 0 };
const claimed: ExpectedBooks = { ...nothing, claim: 'released' };
const reserved: ExpectedBooks = { ...claimed, reservation: 'released' };
const entered: ExpectedBooks = { ...reserved, erpEntry: 'cancelled' };
const scheduled: ExpectedBooks = { ...entered, payment: 'cancelled' };

interface Case {
  readonly step: SupplierInvoiceStep;
  readonly hold?: string;
  readonly late?: 'ledger' | 'payments';
  readonly paper: () => Promise<Buffer>;
  readonly books: ExpectedBooks;
}

/** `hold` keeps the instance in the step: the request is on its way, and would take effect minutes later, if the system (`late`) had not been told better. */
const steps: readonly Case[] = [
  { step: 'readDocument', paper: scan, books: nothing },
  { step: 'checkFields', paper: () => suspiciousPdf(suspicious('K-1')), books: nothing },
  { step: 'findVendor', hold: 'vendors latency 5m', paper: () => pdf(ordinary('K-2')), books: nothing },
  { step: 'findOrder', hold: 'purchasing latency 5m', paper: () => pdf(ordinary('K-3')), books: nothing },
  { step: 'claimNumber', late: 'ledger', hold: "ledger latency 5m --path 'POST /claims'", paper: () => pdf(ordinary('K-4')), books: nothing },
  { step: 'confirmBankAccount', paper: () => pdf(changedAccount('K-5')), books: claimed },
  { step: 'approveInvoice', paper: () => pdf(risky('K-6')), books: claimed },
  { step: 'reserveBudget', late: 'ledger', hold: "ledger latency 5m --path 'POST /reservations'", paper: () => pdf(ordinary('K-7')), books: claimed },
  { step: 'enterInLegacyErp', hold: "legacy-erp latency 5m --path 'POST /ap/entry/post'", paper: () => pdf(ordinary('K-8')), books: reserved },
  { step: 'schedulePayment', late: 'payments', hold: "payments latency 5m --path 'POST /payments'", paper: () => pdf(ordinary('K-9')), books: entered },
  { step: 'notifySupplier', hold: "mail latency 5m --path 'MAIL *'", paper: () => pdf(ordinary('K-10')), books: scheduled },
];

/** The keys under which a system refuses every request from now on. */
async function revokedKeysOf(system: 'ledger' | 'payments'): Promise<readonly string[]> {
  const { revokedKeys } = (await (await fetch(`${running.sandbox.systems[system].url}/books`)).json()) as { revokedKeys: readonly string[] };
  return revokedKeys;
}

describe('an invoice that is cancelled', () => {
  it.each(steps)('during $step: what was done is undone, and nothing else is left', async ({ step, hold, late, paper, books }) => {
    if (hold) await running.fault(`fault ${hold}`);
    const id = await running.handIn(await paper());
    await running.untilStep(id, step);
    await running.cancel(id, 'the order was withdrawn');
    const ended = await running.untilEnd(id);
    expect(ended).toMatchObject({ status: 'cancelled', cancelRequest: { reason: 'the order was withdrawn', by: 'olga' }, tasks: [], waitingFor: [] });
    expect(stepOf(ended, step).state).toBe('cancelled');
    expect(await running.books(id)).toEqual(books);
    if (late) expect(await revokedKeysOf(late)).toContain(idempotencyKey({ instanceId: id, generation: '1', activityId: step }));
  });

  it('during extractFields, while a model thinks: nothing is left', async () => {
    const model = await startModelStandIn();
    model.behaves(() => undefined);
    await running.restartWorker('stop', { EXTRACTION_MODEL_URL: model.url, EXTRACTION_MODEL: 'pensive' });
    const id = await running.handIn(await pdf(ordinary('K-13')));
    await running.untilStep(id, 'extractFields');
    await running.cancel(id, 'the order was withdrawn');
    const ended = await running.untilEnd(id);
    expect(ended.status).toBe('cancelled');
    expect(stepOf(ended, 'extractFields').state).toBe('cancelled');
    expect(await running.books(id)).toEqual(nothing);
    await running.restartWorker('stop', { EXTRACTION_MODEL_URL: undefined, EXTRACTION_MODEL: undefined });
    await model.close();
  });

  it('while it is undone already: it is undone once, and to the end', async () => {
    await running.fault("fault mail latency 5m --path 'MAIL *'");
    const id = await running.handIn(await pdf(ordinary('K-11')));
    await running.untilStep(id, 'notifySupplier');
    await running.fault("fault payments latency 2s --path 'POST /payments/cancel'");
    await running.cancel(id, 'the order was withdrawn');
    await running.until(id, ({ compensations }) => compensations.length > 0);
    await running.cancel(id, 'please');
    const ended = await running.untilEnd(id);
    expect(ended).toMatchObject({ status: 'cancelled', cancelRequest: { reason: 'the order was withdrawn' } });
    expect(ended.compensations.map(({ step, undone }) => ({ step, undone }))).toEqual(
      ['schedulePayment', 'enterInLegacyErp', 'reserveBudget', 'claimNumber'].map((step) => ({ step, undone: true })),
    );
    expect(await running.books(id)).toEqual(scheduled);
  });

  it('after its end: is refused, and stays as it is', async () => {
    const id = await running.handIn(await pdf(ordinary('K-12')));
    await running.untilEnd(id);
    expect(await refusal(running.cancel(id, 'too late'))).toMatchObject({ status: 409, detail: expect.stringContaining('completed') });
    expect(await running.books(id)).toEqual({ claim: 'claimed', reservation: 'reserved', erpEntry: 'posted', payment: 'scheduled', mails: 1 });
  });
});
