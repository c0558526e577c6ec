import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { ready, type RunningPlatform, startRunningPlatform, stepOf } from './running-platform.ts';

let running: RunningPlatform;

beforeAll(async () => {
  running = await startRunningPlatform();
});
afterEach(() => running.fault('clear'));
afterAll(() => running.stop());

const incidentIn = (id: string) => running.until(id, ({ incidents }) => incidents.some(({ resolution }) => resolution === null));
const equipmentOf = async (id: string): Promise<string> => {
  await running.until(id, ({ steps }) => steps.some(({ step, visits }) => step === 'equipment' && visits.some(({ startedAt }) => startedAt !== null)));
  return running.partOf(id, 'equipment');
};

describe('an onboarding', () => {
  it('whose worker is killed in the middle of each part is made ready all the same, and once', async () => {
    await running.fault("fault identity latency 5m --path 'POST /memberships'");
    await running.fault("fault mail latency 5m --path 'MAIL *'");
    const id = await running.hire('T-1', { bundle: 'developer' });
    await running.approveTerms(id);
    await running.untilStep(await equipmentOf(id), 'untilNextLook', ['waiting']);
    await running.untilStep(running.partOf(id, 'employment'), 'invite');
    await running.untilStep(running.partOf(id, 'accounts'), 'addToGroup');
    running.platform.parts.worker.kill();
    await running.fault('clear');
    // The signature comes while nobody is there.
    await running.answer('T-1', { outcome: 'signed', tellTimes: 2 });
    await running.platform.parts.worker.start();
    await Promise.all([running.layDeviceReady(id), running.setDeskUp(id)]);
    expect((await running.untilEnd(id)).status).toBe('completed');
    expect(await running.books('T-1')).toEqual(ready);
  });

  it('with an incident in a part goes on beside it, and is ready when an operator supplies what was done by hand', async () => {
    await running.fault("fault equipment error-500 --path 'GET /orders/*'");
    const id = await running.hire('T-2');
    await Promise.all([running.approveTerms(id), running.setDeskUp(id), running.answer('T-2')]);
    const equipment = await equipmentOf(id);
    await incidentIn(equipment);
    for (const part of ['accounts', 'workplace', 'employment']) await running.untilStep(id, part, ['completed']);
    await running.as('olga').post(`/instances/${encodeURIComponent(equipment)}/incidents/lookAtOrder.1/supply`, { output: { state: 'delivered', device: 'LAP-BY-HAND' }, reason: 'fetched from the stores' });
    await running.layDeviceReady(id);
    expect(await running.untilEnd(id)).toMatchObject({ status: 'completed', output: { device: 'LAP-BY-HAND' } });
    expect(await running.books('T-2')).toEqual(ready);
  });

  it('with an incident in a part may be withdrawn from', async () => {
    await running.fault("fault equipment error-500 --path 'GET /orders/*'");
    const id = await running.hire('T-3');
    const equipment = await equipmentOf(id);
    await incidentIn(equipment);
    await running.withdraw(id);
    expect((await running.untilEnd(id)).status).toBe('rejected');
    expect(await running.view(equipment)).toMatchObject({ status: 'cancelled', incidents: [{ resolution: { verb: 'cancelled' } }] });
    expect(await running.books('T-3')).toMatchObject({ orders: ['cancelled'], accounts: ['disabled'], desks: ['cancelled'] });
  });

  it('of which an operator gives one part up has an incident of its own, in which the part is run again', async () => {
    await running.fault("fault equipment error-500 --path 'GET /orders/*'");
    const id = await running.hire('T-4');
    const equipment = await equipmentOf(id);
    await incidentIn(equipment);
    await running.resolve({ id: equipment, incident: 'lookAtOrder.1', verb: 'fail', body: { reason: 'the order is lost' } });
    await incidentIn(id);
    expect((await running.books('T-4')).orders).toEqual(['cancelled']);
    await running.fault('clear');
    await running.resolve({ id, incident: 'equipment.1', verb: 'retry', body: {} });
    await Promise.all([running.approveTerms(id), running.layDeviceReady(id), running.setDeskUp(id), running.answer('T-4')]);
    const ended = await running.untilEnd(id);
    expect(ended.status).toBe('completed');
    expect(stepOf(ended, 'equipment').state).toBe('completed');
    expect(await running.books('T-4')).toEqual({ ...ready, orders: ['cancelled', 'ordered'] });
  });
});
