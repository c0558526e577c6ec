import { expect, it } from '@jest/globals';
import { type StandIn, startStandIn } from '../../stage/stand-in.ts';
import type { GuidePage } from '../guide.ts';

let courier: StandIn;

export const service: GuidePage = {
  file: 'docs/steps/service.md',
  async start() {
    const outOfOrder = { status: 503, headers: { 'retry-after': '1' } };
    courier = await startStandIn({
      'GET /health': { json: { status: 'up' } },
      'GET /depots/{postcode}': ({ path }) => (path.endsWith('/20095') ? { json: { depot: 'Hamburg 1' } } : { status: 404, json: { code: 'not-served', detail: 'nobody goes there' } }),
      'POST /pickups': ({ key }) => (courier.asked.filter((asked) => asked.key === key).length === 1 ? outOfOrder : { json: { pickupNumber: 'P-17' } }),
    });
    return { COURIER_URL: courier.url };
  },
  stop: () => courier.close(),
  tests(guide) {
    const order = { parcels: 2, on: '2026-05-04' };

    it('books a pickup, and asks again under the same key when the courier was out of order', async () => {
      const id = await guide().start('parcelPickup', { number: 'A', postcode: '20095', ...order });
      const { output, steps } = await guide().until(id, ({ status }) => status !== 'running');
      expect(output).toEqual({ pickupNumber: 'P-17' });
      expect(steps.find(({ step }) => step === 'bookPickup')?.visits).toMatchObject([{ attempts: 2 }]);
      expect(courier.asked.filter(({ method }) => method === 'POST').map(({ key }) => key)).toEqual(Array(2).fill('parcelPickup/A#1/bookPickup'));
    });

    it('ends as rejected, in the words of the courier, where it does not serve', async () => {
      const id = await guide().start('parcelPickup', { number: 'B', postcode: '99999', ...order });
      expect(await guide().until(id, ({ status }) => status !== 'running')).toMatchObject({ status: 'rejected', failure: { message: expect.stringContaining('nobody goes there') } });
    });

    it('waits while the courier is down, and goes on by itself when it answers the probe again', async () => {
      const down = { status: 503, headers: { 'retry-after': '1' } };
      courier.answer({ 'GET /health': down, 'GET /depots/{postcode}': down });
      const id = await guide().start('parcelPickup', { number: 'C', postcode: '22767', ...order });
      await guide().until(id, ({ incidents }) => incidents.length === 1);
      courier.answer({ 'GET /health': { json: { status: 'up' } }, 'GET /depots/{postcode}': { json: { depot: 'Altona' } } });
      const ended = await guide().until(id, ({ status }) => status !== 'running');
      expect(ended).toMatchObject({ status: 'completed', incidents: [{ id: 'findDepot.1', failure: { type: 'Unavailable' }, resolution: { verb: 'retry', by: 'throughline' } }] });
    });
  },
};
