import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { closeBrowsers } from '../../activities/browser/browser.ts';
import { enter } from '../../activities/legacy-erp/enter-invoice.ts';
import { anInvoice, createCall, failureOf } from './call.ts';
import { startErp } from './erp.ts';
import type { RunningErp } from './erp.ts';

let erp: RunningErp;
beforeAll(async () => {
  erp = await startErp();
});
afterEach(() => erp.clearFaults());
afterAll(async () => {
  await closeBrowsers();
  await erp.stop();
});

const entriesOf = async ({ invoiceNumber }: { invoiceNumber: string }) => (await erp.books()).entries.filter((entry) => entry.invoiceNumber === invoiceNumber);

describe('the robot enters an invoice', () => {
  it('exactly as it is, marked with its key, and shows the confirmation', async () => {
    const invoice = anInvoice();
    const call = createCall();
    const { documentNumber, evidence } = await enter.run(invoice, call);
    expect(await entriesOf(invoice)).toEqual([
      { documentNumber, state: 'posted', ...invoice, reference: call.idempotencyKey, enteredBy: 'robot', enteredAt: expect.any(String) },
    ]);
    expect(evidence.map(({ name }) => name)).toEqual(['enterInLegacyErp-1-confirmation.jpg']);
    const [picture] = call.files.values();
    expect(picture?.length).toBeGreaterThan(5_000);
    expect(picture?.length).toBeLessThan(150_000);
    expect(call.heartbeats.length).toBeGreaterThan(10);
  });

  it('in a currency without decimals', async () => {
    const yen = (minorUnits: number) => ({ minorUnits, currency: 'JPY' });
    const invoice = anInvoice({ net: yen(1_000_000), tax: yen(0), total: yen(1_000_000) });
    await enter.run(invoice, createCall());
    expect(await entriesOf(invoice)).toMatchObject([{ total: yen(1_000_000) }]);
  });

  it('under a reference that fits, when the key does not', async () => {
    const invoice = anInvoice();
    const key = `supplierInvoice/${'x'.repeat(200)}/0/enterInLegacyErp`;
    const first = createCall({ key });
    const { documentNumber } = await enter.run(invoice, first);
    expect((await enter.run(invoice, first.next())).documentNumber).toBe(documentNumber);
    const [entry] = await entriesOf(invoice);
    expect(entry?.reference).toHaveLength(120);
  });

  it('several at a time in one browser', async () => {
    const invoices = [anInvoice(), anInvoice(), anInvoice()];
    const numbers = await Promise.all(invoices.map(async (invoice) => (await enter.run(invoice, createCall())).documentNumber));
    expect(new Set(numbers).size).toBe(3);
  });
});

describe('an invoice is never entered twice', () => {
  it('when the answer to the posting was lost', async () => {
    const invoice = anInvoice();
    const first = createCall();
    await erp.fault({ kind: 'did-it-but-timeout', operation: 'POST /ap/entry/post', times: 1 });
    const failure = await failureOf(enter.run(invoice, first));
    expect(failure).toMatchObject({ type: 'Unavailable', message: expect.stringContaining('504') });
    expect(failure.detail.evidence?.map(({ name }) => name)).toEqual(['enterInLegacyErp-1-failure.jpg', 'enterInLegacyErp-1-failure-page.yaml', 'enterInLegacyErp-1-failure-trace.zip']);

    const { documentNumber, evidence } = await enter.run(invoice, first.next());
    expect(await entriesOf(invoice)).toMatchObject([{ documentNumber, state: 'posted' }]);
    expect(evidence.map(({ name }) => name)).toEqual(['enterInLegacyErp-2-document.jpg']);
  });

  it('when the ERP fell silent after the posting', async () => {
    const invoice = anInvoice();
    const first = createCall();
    await erp.fault({ kind: 'did-it-but-timeout', operation: 'POST /ap/entry/post', times: 1, silent: true });
    process.env.LEGACY_ERP_PAGE_TIMEOUT = '1500';
    const failure = await failureOf(enter.run(invoice, first)).finally(() => delete process.env.LEGACY_ERP_PAGE_TIMEOUT);
    expect(failure).toMatchObject({ type: 'Unavailable', message: expect.stringContaining('did not answer within 1.5 s') });
    const { documentNumber } = await enter.run(invoice, first.next());
    expect(await entriesOf(invoice)).toMatchObject([{ documentNumber }]);
  });

  it('when the worker took it for undone and asks once more after it succeeded', async () => {
    const invoice = anInvoice();
    const first = createCall();
    const { documentNumber } = await enter.run(invoice, first);
    expect((await enter.run(invoice, first.next())).documentNumber).toBe(documentNumber);
    expect(await entriesOf(invoice)).toHaveLength(1);
  });

  it('when the session ends with the posting: it signs in again and goes on', async () => {
    const invoice = anInvoice();
    const call = createCall();
    await erp.fault({ kind: 'session-expiry', operation: 'POST /ap/entry/post', times: 1 });
    const { documentNumber } = await enter.run(invoice, call);
    expect(await entriesOf(invoice)).toMatchObject([{ documentNumber, state: 'posted' }]);
    expect(call.messages).toContainEqual(expect.stringContaining('signing in again'));
  });

  it('when somebody typed it in by hand: it says under which number', async () => {
    const invoice = anInvoice();
    const { documentNumber } = await enter.run(invoice, createCall({ key: 'typed by hand' }));
    const failure = await failureOf(enter.run({ ...invoice, invoiceNumber: invoice.invoiceNumber.toLowerCase() }, createCall()));
    expect(failure).toMatchObject({ type: 'Rejected', message: expect.stringContaining(documentNumber) });
    expect(await entriesOf(invoice)).toHaveLength(1);
  });
});

describe('the robot stops', () => {
  it('when a posting period is closed, in the words of the ERP, with a picture', async () => {
    const invoice = anInvoice({ invoiceDate: '2023-12-31' });
    const call = createCall();
    const failure = await failureOf(enter.run(invoice, call));
    expect(failure).toMatchObject({ type: 'Rejected', message: 'the legacy ERP: Posting period 12/2023 is closed.' });
    expect([...call.files.keys()]).toEqual(['enterInLegacyErp-1-failure.jpg', 'enterInLegacyErp-1-failure-page.yaml']);
    expect(await entriesOf(invoice)).toEqual([]);
  });

  it('when the amounts do not add up', async () => {
    const invoice = anInvoice({ tax: { minorUnits: 1, currency: 'EUR' } });
    expect(await failureOf(enter.run(invoice, createCall()))).toMatchObject({ type: 'Rejected', message: expect.stringContaining('does not balance') });
  });

  it('when its entry was changed behind its back: a person must look', async () => {
    const invoice = anInvoice();
    const first = createCall();
    await enter.run(invoice, first);
    const failure = await failureOf(enter.run({ ...invoice, costCentre: 'CC-999' }, first.next()));
    expect(failure).toMatchObject({ type: 'Unexpected', message: expect.stringContaining('Cost centre is "CC-100" instead of "CC-999"') });
    expect(await entriesOf(invoice)).toHaveLength(1);
  });

  it('and tries again later when the ERP is out of order', async () => {
    await erp.fault({ kind: 'outage', times: 3 });
    expect(await failureOf(enter.run(anInvoice(), createCall()))).toMatchObject({ type: 'Unavailable' });
    await erp.clearFaults();
    await erp.fault({ kind: 'error-500', operation: 'POST /ap/entry/header', times: 1 });
    expect(await failureOf(enter.run(anInvoice(), createCall()))).toMatchObject({ type: 'Unavailable', message: expect.stringContaining('500') });
  });

  it('and tries again later when the session ends again and again', async () => {
    await erp.fault({ kind: 'session-expiry', operation: 'POST /ap/entry/header' });
    expect(await failureOf(enter.run(anInvoice(), createCall()))).toMatchObject({ type: 'Unavailable', message: expect.stringContaining('ended the session') });
  });

  it('when it is cancelled while the ERP keeps it waiting', async () => {
    const invoice = anInvoice();
    await erp.fault({ kind: 'latency', delay: 20_000, operation: 'POST /ap/entry/amounts' });
    const call = createCall({ onHeartbeat: (page, { abort }) => page === 'Enter vendor invoice: review' && abort(new Error('cancelled by test')) });
    expect(await failureOf(enter.run(invoice, call))).toMatchObject({ message: 'cancelled by test' });
    expect(await entriesOf(invoice)).toEqual([]);
  });
});
