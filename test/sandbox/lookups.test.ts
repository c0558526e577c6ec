import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newDataDir, seed, startSystem, type System } from './system.ts';

describe('vendors and purchasing of the sandbox', () => {
  let data: Awaited<ReturnType<typeof newDataDir>>;
  let vendors: System;
  let purchasing: System;

  beforeAll(async () => {
    data = await newDataDir();
    vendors = await startSystem({ name: 'vendors', dataDir: data.dataDir });
    purchasing = await startSystem({ name: 'purchasing', dataDir: data.dataDir });
  });
  afterAll(async () => {
    await Promise.all([vendors.child.stop(), purchasing.child.stop()]);
    await data.remove();
  });

  it('find a vendor by tax id', async () => {
    expect(await vendors.get('/vendors/by-tax-id/DE111222333')).toEqual({ status: 200, body: seed.vendor });
  });

  it('say that a vendor is unknown', async () => {
    expect(await vendors.get('/vendors/by-tax-id/DE999999999')).toMatchObject({ status: 404, body: { code: 'unknown-vendor' } });
  });

  it('tell a malformed tax id from an unknown one', async () => {
    expect(await vendors.get('/vendors/by-tax-id/17')).toMatchObject({ status: 400, body: { code: 'invalid', errors: [{ field: 'taxId' }] } });
  });

  it('find an order whose number has a slash', async () => {
    expect(await purchasing.get(`/orders/${encodeURIComponent('PO/2026-1')}`)).toEqual({ status: 200, body: seed.order });
    expect(await purchasing.get('/orders/PO-0')).toMatchObject({ status: 404, body: { code: 'unknown-order' } });
  });

  it('show their books', async () => {
    expect((await vendors.get('/books')).body).toEqual({ vendors: [seed.vendor] });
    expect((await purchasing.get('/books')).body).toEqual({ orders: [seed.order] });
  });

  it('answer an address that is not served with a problem', async () => {
    expect(await vendors.get('/nothing')).toMatchObject({ status: 404, body: { code: 'http', detail: expect.stringContaining('/openapi.json') } });
  });
});
