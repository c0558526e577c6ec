import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { type Child, startChild } from '../../platform/child-process.ts';
import { programArgs } from '../../platform/repository.ts';
import { delivery } from './contracts.ts';
import { inBothModes } from './modes.ts';
import type { Kit } from './running-kit.ts';

/** Delivers once for each key. It leaves the first call for a key without an answer: the courier dies waiting for it. */
function openDepot() {
  const calls: string[] = [];
  const deliveries = new Set<string>();
  const watching = new Map<number, () => void>();
  const server = createServer((request, response) => {
    let key = '';
    request.on('data', (chunk) => (key += String(chunk)));
    request.on('end', () => {
      calls.push(key);
      if (deliveries.has(key)) response.end(`receipt for ${key}`);
      deliveries.add(key);
      watching.get(calls.length)?.();
    });
  });
  return {
    calls,
    deliveries,
    called: (times: number): Promise<void> => new Promise((tell) => (calls.length >= times ? tell() : watching.set(times, tell))),
    async open(): Promise<string> {
      server.listen(0, '127.0.0.1');
      await once(server, 'listening');
      return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    },
    close(): void {
      server.close();
      server.closeAllConnections();
    },
  };
}

inBothModes('a worker that ends in the middle of a step', (kit) => {
  let depot: ReturnType<typeof openDepot>;
  let url: string;
  let courier: Child | undefined;
  beforeAll(async () => {
    depot = openDepot();
    url = await depot.open();
  });
  afterAll(async () => {
    await courier?.stop();
    depot.close();
  });

  const hire = async ({ address, directory }: Kit): Promise<Child> => {
    courier = startChild({
      name: 'courier',
      command: process.execPath,
      args: programArgs('test/kit/courier'),
      env: { TEST_TEMPORAL: address, TEST_DEPOT: url, TEST_DOCUMENTS: join(directory, 'documents'), NODE_OPTIONS: undefined },
      logFile: join(directory, 'courier.log'),
      ready: true,
    });
    await courier.ready;
    return courier;
  };

  it.each([
    { how: 'killed', end: (child: Child) => child.kill(), failure: { type: 'Unavailable', message: expect.stringMatching(/heartbeat/i) } },
    { how: 'stopped in order', end: (child: Child) => child.stop(), failure: { type: 'WorkerShutdown' } },
  ])('$how: another does the step again under the same key, and there is one effect', async ({ end, failure }) => {
    const before = depot.calls.length;
    const first = await hire(kit());
    const instance = await kit().start(delivery, { item: 'laptop' });
    await depot.called(before + 1);
    await end(first);
    await first.exited;
    await hire(kit());
    const view = await instance.ended();
    const key = `${instance.id}#1/deliver`;
    expect(view).toMatchObject({ status: 'completed', output: { receipt: `receipt for ${key}` }, incidents: [] });
    expect(view.steps[0]).toMatchObject({ state: 'completed', visits: [{ attempts: 2, failure }] });
    expect(depot.calls.slice(before)).toEqual([key, key]);
    expect([...depot.deliveries].filter((one) => one === key)).toHaveLength(1);
    await courier?.stop();
  });
});
