import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { closeBrowsers } from '../../activities/browser/browser.ts';
import { cancel } from '../../activities/legacy-erp/cancel-entry.ts';
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

describe('the robot undoes its entry', () => {
  const undoOf = (forwardKey: string) => createCall({ key: `${forwardKey}:undo` });

  it('by cancelling it, and again with the same result', async () => {
    const invoice = anInvoice();
    const call = createCall();
    const output = await enter.run(invoice, call);
    const forwardKey = call.idempotencyKey;
    expect(await cancel.run({ input: invoice, output, forwardKey }, undoOf(forwardKey))).toEqual({ undone: true });
    expect(await entriesOf(invoice)).toMatchObject([{ state: 'cancelled', cancelReason: 'undone with supplierInvoice/test' }]);
    expect(await cancel.run({ input: invoice, forwardKey }, undoOf(forwardKey))).toEqual({ undone: true });
  });

  it('also when it was never told that there is one', async () => {
    const invoice = anInvoice();
    const call = createCall();
    await erp.fault({ kind: 'did-it-but-timeout', operation: 'POST /ap/entry/post', times: 1 });
    await failureOf(enter.run(invoice, call));
    expect(await cancel.run({ input: invoice, forwardKey: call.idempotencyKey }, undoOf(call.idempotencyKey))).toEqual({ undone: true });
    expect(await entriesOf(invoice)).toMatchObject([{ state: 'cancelled' }]);
  });

  it('when there is nothing, and says so', async () => {
    const { idempotencyKey: forwardKey } = createCall();
    expect(await cancel.run({ input: anInvoice(), forwardKey }, undoOf(forwardKey))).toEqual({ undone: false });
  });

  it('so that a late attempt does not enter it again', async () => {
    const invoice = anInvoice();
    const call = createCall();
    await enter.run(invoice, call);
    await cancel.run({ input: invoice, forwardKey: call.idempotencyKey }, undoOf(call.idempotencyKey));
    expect(await failureOf(enter.run(invoice, call.next()))).toMatchObject({ type: 'Rejected', message: expect.stringContaining('was cancelled') });
    expect(await entriesOf(invoice)).toHaveLength(1);
  });

  it('so that a late attempt does not enter it, even if there was nothing to undo', async () => {
    const invoice = anInvoice();
    const call = createCall();
    await cancel.run({ input: invoice, forwardKey: call.idempotencyKey }, undoOf(call.idempotencyKey));
    expect(await failureOf(enter.run(invoice, call))).toMatchObject({ type: 'Rejected', message: expect.stringContaining('blocked for posting') });
    expect(await entriesOf(invoice)).toEqual([]);
  });


  it('so that a posting which is still on its way when the step is cancelled does not arrive', async () => {
    const invoice = anInvoice();
    const posting = 'POST /ap/entry/post';
    await erp.fault({ kind: 'latency', delay: 6_000, operation: posting });
    const call = createCall({
      onHeartbeat: (page, { abort }) => {
        if (page === 'Document posted') void erp.struck('latency').then(() => abort(new Error('cancelled by test')));
      },
    });
    expect(await failureOf(enter.run(invoice, call))).toMatchObject({ message: 'cancelled by test' });
    expect(await cancel.run({ input: invoice, forwardKey: call.idempotencyKey }, undoOf(call.idempotencyKey))).toEqual({ undone: false });
    // A form sent later is answered later: by then the first has been dealt with, whatever became of it.
    await fetch(new URL(posting.split(' ')[1] ?? '', erp.url), { method: 'POST', redirect: 'manual' });
    expect(await entriesOf(invoice)).toEqual([]);
  });

  it('and leaves alone what others entered', async () => {
    const invoice = anInvoice();
    await enter.run(invoice, createCall({ key: `by hand ${invoice.invoiceNumber}` }));
    const { idempotencyKey: forwardKey } = createCall();
    expect(await cancel.run({ input: invoice, forwardKey }, undoOf(forwardKey))).toEqual({ undone: false });
    expect(await entriesOf(invoice)).toMatchObject([{ state: 'posted' }]);
  });
});
