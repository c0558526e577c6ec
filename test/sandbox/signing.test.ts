import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type StandIn, startStandIn } from '../stage/stand-in.ts';
import { newDataDir, startSystem, type System } from './system.ts';

describe('signing of the sandbox', () => {
  let data: Awaited<ReturnType<typeof newDataDir>>;
  let signing: System;
  let sender: StandIn;

  beforeAll(async () => {
    data = await newDataDir();
    signing = await startSystem({ name: 'signing', dataDir: data.dataDir });
    sender = await startStandIn({ 'POST /told/{reference}': { json: {} } });
    await signing.post('/webhook', { key: 'hook', body: { url: `${sender.url}/told/{reference}`, token: 'secret' } });
  });
  afterAll(async () => {
    await sender.close();
    await signing.child.stop();
    await data.remove();
  });

  const send = async (key: string): Promise<string> => {
    const { body } = await signing.post('/envelopes', { key, body: { title: 'Contract', signer: 'zoe@candidates.example', reference: 'order/7' } });
    return String(body.envelopeId);
  };
  const told = async (count: number) => {
    while (sender.asked.length < count) await new Promise((resolve) => void setTimeout(resolve, 20));
    return sender.asked.slice(-count);
  };

  it('tells the sender of an answer, under its reference, as often as it was wished, and each time under one id', async () => {
    const envelopeId = await send('one');
    expect(await signing.post('/answers', { key: 'sign', body: { envelopeId, outcome: 'signed', tellTimes: 2 } })).toMatchObject({ status: 201 });
    const [first, second] = await told(2);
    expect(first?.body).toMatchObject({ id: expect.any(String), payload: { outcome: 'signed', at: expect.any(String) } });
    expect(second?.body).toEqual(first?.body);
  });

  it('takes one answer for an envelope, and none once it is voided', async () => {
    const envelopeId = await send('two');
    await signing.post('/answers', { key: 'decline', body: { envelopeId, outcome: 'declined' } });
    expect(await signing.post('/answers', { key: 'after all', body: { envelopeId, outcome: 'signed' } })).toMatchObject({ status: 400 });
    expect(await signing.post('/answers', { key: 'after-all', body: { envelopeId, outcome: 'signed' } })).toMatchObject({ status: 409, body: { code: 'envelope-closed' } });
    const voided = await send('three');
    await signing.post('/envelopes/void', { key: 'void', body: { forwardKey: 'three' } });
    expect(await signing.post('/answers', { key: 'late', body: { envelopeId: voided, outcome: 'signed' } })).toMatchObject({ status: 409, body: { code: 'envelope-closed', detail: expect.stringContaining('was voided') } });
    expect(await signing.post('/answers', { key: 'lost', body: { envelopeId: 'none', outcome: 'signed' } })).toMatchObject({ status: 404, body: { code: 'unknown-envelope' } });
  });
});
