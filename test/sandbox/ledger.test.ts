import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newDataDir, startSystem, type System } from './system.ts';

const document = 'a'.repeat(64);
const claim = (invoiceNumber: string) => ({ vendorId: 'V-1', invoiceNumber, document });
const euros = (minorUnits: number) => ({ minorUnits, currency: 'EUR' });

interface Books {
  claims: { id: string; state: string; invoiceNumber: string; idempotencyKey: string; endedAt: string | null }[];
  reservations: { id: string; state: string; booked: number; idempotencyKey: string }[];
  costCentres: { id: string; reserved: number; left: number }[];
  revokedKeys: string[];
}

describe('ledger of the sandbox', () => {
  let data: Awaited<ReturnType<typeof newDataDir>>;
  let ledger: System;
  const books = async () => (await ledger.get('/books')).body as unknown as Books;
  const claimsOf = async (number: string) => (await books()).claims.filter(({ invoiceNumber }) => invoiceNumber === number);

  beforeAll(async () => {
    data = await newDataDir();
    ledger = await startSystem({ name: 'ledger', dataDir: data.dataDir });
  });
  afterAll(async () => {
    await ledger.child.stop();
    await data.remove();
  });

  it('gives an invoice number to one document and refuses it to the next, however it is written', async () => {
    expect(await ledger.post('/claims', { key: 'first', body: claim('RE-1') })).toMatchObject({ status: 201, body: { claimId: expect.any(String) } });
    const second = await ledger.post('/claims', { key: 'second', body: claim('re-1') });
    expect(second).toMatchObject({ status: 409, body: { code: 'already-claimed', detail: expect.stringContaining('RE-1 of vendor V-1') } });
    expect((await ledger.post('/claims', { key: 'third', body: { ...claim('RE-1'), vendorId: 'V-2' } })).status).toBe(201);
  });

  it('lets one of fifty parallel claims of one number win', async () => {
    const answers = await Promise.all(Array.from({ length: 50 }, (_, index) => ledger.post('/claims', { key: `race-${index}`, body: claim('RE-RACE') })));
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(1);
    expect(answers.filter(({ body }) => body.code === 'already-claimed')).toHaveLength(49);
    expect(await claimsOf('RE-RACE')).toHaveLength(1);
  });

  it('makes one entry of fifty parallel requests with one key, and gives all of them the same answer', async () => {
    const body = { costCentre: 'works', amount: euros(700) };
    const answers = await Promise.all(Array.from({ length: 50 }, () => ledger.post('/reservations', { key: 'one-key', body })));
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
    expect((await books()).reservations.filter(({ idempotencyKey }) => idempotencyKey === 'one-key')).toHaveLength(1);
  });

  it('repeats the first answer to a key, also where it was a refusal', async () => {
    const refused = await ledger.post('/claims', { key: 'refused', body: claim('RE-1') });
    await ledger.post('/claims/release', { key: 'undo-first', body: { forwardKey: 'first' } });
    expect(await ledger.post('/claims', { key: 'refused', body: claim('RE-1') })).toEqual(refused);
  });

  it('refuses a key that comes back with another request', async () => {
    await ledger.post('/claims', { key: 'reused', body: claim('RE-2') });
    const again = await ledger.post('/claims', { key: 'reused', body: claim('RE-3') });
    expect(again).toMatchObject({ status: 422, body: { code: 'key-reused' } });
    expect(await claimsOf('RE-3')).toHaveLength(0);
  });

  it('releases a number by the key of its claim, once, and the number can be claimed anew', async () => {
    await ledger.post('/claims', { key: 'held', body: claim('RE-4') });
    const release = { key: 'undo-held', body: { forwardKey: 'held' } };
    expect(await ledger.post('/claims/release', release)).toEqual({ status: 200, body: { undone: true } });
    expect(await ledger.post('/claims/release', release)).toEqual({ status: 200, body: { undone: true } });
    expect(await ledger.post('/claims/release', { ...release, key: 'undo-held-again' })).toEqual({ status: 200, body: { undone: false } });
    expect((await ledger.post('/claims', { key: 'held-anew', body: claim('RE-4') })).status).toBe(201);
    expect((await claimsOf('RE-4')).map(({ state, idempotencyKey }) => [state, idempotencyKey])).toEqual([
      ['released', 'held'],
      ['claimed', 'held-anew'],
    ]);
  });

  it('refuses a claim that arrives after its release', async () => {
    expect(await ledger.post('/claims/release', { key: 'undo-late', body: { forwardKey: 'late' } })).toEqual({ status: 200, body: { undone: false } });
    expect(await ledger.post('/claims', { key: 'late', body: claim('RE-5') })).toMatchObject({ status: 409, body: { code: 'revoked' } });
    expect(await claimsOf('RE-5')).toHaveLength(0);
    expect((await books()).revokedKeys).toContain('late');
  });

  it('refuses a reservation beyond what is left, and says how much that is', async () => {
    expect((await ledger.post('/reservations', { key: 'most', body: { costCentre: 'office', amount: euros(90_000) } })).status).toBe(201);
    const over = await ledger.post('/reservations', { key: 'over', body: { costCentre: 'office', amount: euros(10_001) } });
    expect(over).toMatchObject({ status: 409, body: { code: 'over-budget', detail: expect.stringContaining('EUR 100.00 of EUR 1000.00 left') } });
    expect((await ledger.post('/reservations', { key: 'rest', body: { costCentre: 'office', amount: euros(10_000) } })).status).toBe(201);
    await ledger.post('/reservations/release', { key: 'undo-most', body: { forwardKey: 'most' } });
    expect((await books()).costCentres).toContainEqual(expect.objectContaining({ id: 'office', reserved: 10_000, left: 90_000 }));
  });

  it('never reserves more than the budget in parallel', async () => {
    const before = (await books()).costCentres.find(({ id }) => id === 'office');
    await Promise.all(Array.from({ length: 30 }, (_, index) => ledger.post('/reservations', { key: `budget-race-${index}`, body: { costCentre: 'office', amount: euros(7_000) } })));
    const after = (await books()).costCentres.find(({ id }) => id === 'office');
    expect(after?.left).toBe((before?.left ?? 0) % 7_000);
  });

  it('books foreign currencies at the booking rate, each with its own number of decimals', async () => {
    const reserve = (key: string, minorUnits: number, currency: string) =>
      ledger.post('/reservations', { key, body: { costCentre: 'works', amount: { minorUnits, currency } } });
    expect((await reserve('usd', 12_345, 'USD')).body.booked).toEqual(euros(11_357));
    expect((await reserve('jpy', 10_000, 'JPY')).body.booked).toEqual(euros(6_000));
    expect(await reserve('chf', 100, 'CHF')).toMatchObject({ status: 422, body: { code: 'no-rate' } });
  });

  it('names the field that is wrong, and what is missing', async () => {
    const wrong = await ledger.post('/reservations', { key: 'wrong', body: { costCentre: 'office', amount: { minorUnits: -5, currency: 'EUR' } } });
    expect(wrong).toMatchObject({ status: 400, body: { code: 'invalid', errors: [{ field: 'amount.minorUnits' }] } });
    expect(await ledger.post('/claims', { body: claim('RE-6') })).toMatchObject({ status: 400, body: { code: 'key-missing' } });
    expect(await ledger.post('/reservations', { key: 'nowhere', body: { costCentre: 'moon', amount: euros(1) } })).toMatchObject({ status: 404, body: { code: 'unknown-cost-centre' } });
  });

  it('describes itself as OpenAPI', async () => {
    const { body } = await ledger.get('/openapi.json');
    expect(body).toMatchObject({ openapi: '3.1.0', paths: { '/claims': { post: { parameters: [{ name: 'Idempotency-Key', required: true }] } } } });
  });

  it('loses nothing that it has confirmed when it is killed', async () => {
    const confirmed: string[] = [];
    const claims = Array.from({ length: 40 }, async (_, index) => {
      const answer = await ledger.post('/claims', { key: `crash-${index}`, body: claim(`CRASH-${index}`) }).catch(() => undefined);
      if (answer?.status === 201) confirmed.push(`CRASH-${index}`);
      if (confirmed.length === 5) ledger.child.kill();
    });
    await Promise.all(claims);
    await ledger.child.exited;
    const before = confirmed.length;
    ledger = await startSystem({ name: 'ledger', dataDir: data.dataDir });
    const held = (await books()).claims.map(({ invoiceNumber }) => invoiceNumber);
    expect(before).toBeGreaterThanOrEqual(5);
    expect(held).toEqual(expect.arrayContaining(confirmed));
    expect(await ledger.post('/claims', { key: 'late', body: claim('RE-5') })).toMatchObject({ status: 409, body: { code: 'revoked' } });
    expect((await ledger.post('/claims', { key: 'after-crash', body: claim(confirmed[0] ?? '') })).body.code).toBe('already-claimed');
  });
});
