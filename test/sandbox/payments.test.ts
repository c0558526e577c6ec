import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newDataDir, startSystem, type System } from './system.ts';

const payment = {
  vendorId: 'V-1',
  iban: 'DE75512108001245126199',
  amount: { minorUnits: 119_00, currency: 'EUR' },
  reference: 'Invoice RE-1',
  dueDate: '2026-04-30',
};

describe('payments of the sandbox', () => {
  let data: Awaited<ReturnType<typeof newDataDir>>;
  let payments: System;
  const paymentsUnder = async (key: string) => {
    const books = (await payments.get('/books')).body as { payments: { state: string; idempotencyKey: string }[] };
    return books.payments.filter(({ idempotencyKey }) => idempotencyKey === key);
  };

  beforeAll(async () => {
    data = await newDataDir();
    payments = await startSystem({ name: 'payments', dataDir: data.dataDir });
  });
  afterAll(async () => {
    await payments.child.stop();
    await data.remove();
  });

  it('schedules a payment once per key', async () => {
    const first = await payments.post('/payments', { key: 'pay', body: payment });
    expect(first).toMatchObject({ status: 201, body: { paymentId: expect.any(String) } });
    expect(await payments.post('/payments', { key: 'pay', body: payment })).toEqual(first);
    expect(await paymentsUnder('pay')).toEqual([expect.objectContaining({ ...payment, state: 'scheduled' })]);
  });

  it('refuses an account whose check digits do not hold', async () => {
    const answer = await payments.post('/payments', { key: 'typo', body: { ...payment, iban: 'DE75512108001245126198' } });
    expect(answer).toMatchObject({ status: 422, body: { code: 'invalid-iban', detail: expect.stringContaining('DE75512108001245126198') } });
    expect(await paymentsUnder('typo')).toEqual([]);
  });

  it('takes accounts with letters in them', async () => {
    expect((await payments.post('/payments', { key: 'letters', body: { ...payment, iban: 'GB82WEST12345698765432' } })).status).toBe(201);
  });

  it('cancels by the key of the payment and refuses that key from then on', async () => {
    await payments.post('/payments', { key: 'cancelled', body: payment });
    expect(await payments.post('/payments/cancel', { key: 'undo', body: { forwardKey: 'cancelled' } })).toEqual({ status: 200, body: { undone: true } });
    expect(await payments.post('/payments', { key: 'cancelled', body: payment })).toMatchObject({ status: 409, body: { code: 'revoked' } });
    expect(await paymentsUnder('cancelled')).toEqual([expect.objectContaining({ state: 'cancelled', endedAt: expect.any(String) })]);
  });

  it('refuses an amount of nothing and a day that does not exist, by name', async () => {
    const answer = await payments.post('/payments', { key: 'wrong', body: { ...payment, amount: { minorUnits: 0, currency: 'EUR' }, dueDate: '2026-02-30' } });
    expect(answer).toMatchObject({ status: 400, body: { errors: [{ field: 'amount.minorUnits' }, { field: 'dueDate' }] } });
  });
});
