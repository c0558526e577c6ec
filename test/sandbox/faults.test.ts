import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { newDataDir, startSystem, type System } from './system.ts';

const claim = (invoiceNumber: string) => ({ vendorId: 'V-1', invoiceNumber, document: 'b'.repeat(64) });

describe('faults of a sandbox system', () => {
  let data: Awaited<ReturnType<typeof newDataDir>>;
  let ledger: System;
  const isHeld = async (number: string) => {
    const { claims } = (await ledger.get('/books')).body as { claims: { invoiceNumber: string }[] };
    return claims.some(({ invoiceNumber }) => invoiceNumber === number);
  };

  beforeAll(async () => {
    data = await newDataDir();
    ledger = await startSystem({ name: 'ledger', dataDir: data.dataDir });
  });
  afterEach(() => ledger.clearFaults());
  afterAll(async () => {
    await ledger.child.stop();
    await data.remove();
  });

  it('latency: holds an answer back', async () => {
    await ledger.fault({ kind: 'latency', delay: 400 });
    const start = performance.now();
    expect((await ledger.post('/claims', { key: 'slow', body: claim('SLOW') })).status).toBe(201);
    expect(performance.now() - start).toBeGreaterThan(390);
  });

  it('outage: cuts the connection, and nothing is done', async () => {
    await ledger.fault({ kind: 'outage' });
    await expect(ledger.post('/claims', { key: 'cut', body: claim('CUT') })).rejects.toThrow('fetch failed');
    expect(await isHeld('CUT')).toBe(false);
  });

  it('error-500: fails, and nothing is done', async () => {
    await ledger.fault({ kind: 'error-500' });
    expect((await ledger.post('/claims', { key: 'broken', body: claim('BROKEN') })).status).toBe(500);
    expect(await isHeld('BROKEN')).toBe(false);
  });

  it('did-it-but-timeout: takes effect and says 504', async () => {
    await ledger.fault({ kind: 'did-it-but-timeout', times: 1 });
    expect((await ledger.post('/claims', { key: 'lost', body: claim('LOST') })).status).toBe(504);
    expect(await isHeld('LOST')).toBe(true);
    expect((await ledger.post('/claims', { key: 'lost', body: claim('LOST') })).status).toBe(201);
  });

  it('did-it-but-timeout, silent: takes effect and says nothing', async () => {
    await ledger.fault({ kind: 'did-it-but-timeout', silent: true });
    const request = { method: 'POST', headers: { 'content-type': 'application/json', 'idempotency-key': 'mute' }, body: JSON.stringify(claim('MUTE')) };
    await expect(fetch(`${ledger.url}/claims`, { ...request, signal: AbortSignal.timeout(500) })).rejects.toThrow('timeout');
    expect(await isHeld('MUTE')).toBe(true);
  });

  it('a refusal and a lookup are no lost effect', async () => {
    await ledger.post('/claims', { key: 'mine', body: claim('MINE') });
    await ledger.fault({ kind: 'did-it-but-timeout', times: 1 });
    expect((await ledger.post('/claims', { key: 'yours', body: claim('MINE') })).body.code).toBe('already-claimed');
    const { faults } = (await ledger.get('/_faults')).body as { faults: { struck: number }[] };
    expect(faults).toEqual([expect.objectContaining({ struck: 0 })]);
  });

  it('strike only as often as asked', async () => {
    await ledger.fault({ kind: 'error-500', times: 2 });
    const statuses: number[] = [];
    for (let attempt = 0; attempt < 3; attempt++) statuses.push((await ledger.post('/claims', { key: 'twice', body: claim('TWICE') })).status);
    expect(statuses).toEqual([500, 500, 201]);
  });

  it('strike only the operation that was named', async () => {
    await ledger.fault({ kind: 'error-500', operation: 'POST /claims/*' });
    expect((await ledger.post('/claims', { key: 'named', body: claim('NAMED') })).status).toBe(201);
    expect((await ledger.post('/claims/release', { key: 'undo-named', body: { forwardKey: 'named' } })).status).toBe(500);
  });

  it('end by themselves when their time is over', async () => {
    const { body } = await ledger.fault({ kind: 'error-500', for: 200 });
    expect((await ledger.post('/claims', { key: 'passing', body: claim('PASSING') })).status).toBe(500);
    // Only the clock ends it: ask until its own word says that it is over.
    const until = Date.parse(String(body.until));
    let answer = await ledger.post('/claims', { key: 'passing', body: claim('PASSING') });
    while (Date.now() <= until) answer = await ledger.post('/claims', { key: 'passing', body: claim('PASSING') });
    answer = await ledger.post('/claims', { key: 'passing', body: claim('PASSING') });
    expect(answer.status).toBe(201);
  });

  it('leave the books readable and can be listed', async () => {
    await ledger.fault({ kind: 'outage', for: 60_000 });
    expect((await ledger.get('/books')).status).toBe(200);
    expect((await ledger.get('/_faults')).body).toMatchObject({ faults: [{ kind: 'outage', until: expect.any(String), struck: 0 }] });
  });

  it('that do not exist or make no sense are refused with what does', async () => {
    expect(await ledger.fault({ kind: 'gremlins' })).toMatchObject({ status: 400, body: { detail: expect.stringContaining('latency, outage') } });
    expect(await ledger.fault({ kind: 'latency' })).toMatchObject({ status: 400, body: { detail: expect.stringContaining('needs a delay') } });
    expect(await ledger.fault({ kind: 'outage', silent: true })).toMatchObject({ status: 400 });
  });
});
