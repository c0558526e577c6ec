import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { InstanceView } from '../../visibility/instance-view.ts';
import type { User } from '../api/running-api.ts';
import { longHaul } from './long.ts';
import { startSteps } from './running-steps.ts';

let running: Awaited<ReturnType<typeof startSteps>>;
let olga: User;
let mona: User;
beforeAll(async () => {
  running = await startSteps([longHaul], { dynamicConfig: { 'limit.historyCount.suggestContinueAsNew': 60 } });
  olga = await running.user();
  mona = await running.user({ name: 'mona', roles: ['worker'], groups: ['managers'] });
});
afterAll(() => running.stop());

describe('an instance that continued as new, in the API', () => {
  it('is one instance: in its view, in lists, and to those who decide in it at any moment', async () => {
    const instance = await running.kit.start(longHaul, { times: 40, beside: 'a task', newsEvery: 40 });
    const task = `/api/tasks/${encodeURIComponent(`${instance.id}/approve`)}`;
    const { runs } = instance;
    while ((await runs()).length < 2) await pause(20);
    // It goes on from run to run meanwhile.
    for (let nth = 1; nth <= 10; nth++) expect([(await mona(`${task}/claim`, { json: {} })).status, (await mona(`${task}/release`, { json: {} })).status]).toEqual([200, 200]);
    while ((await runs()).length < 4) await pause(20);
    const decide = () => mona<object>(`${task}/complete`, { json: { decision: { outcome: 'approve' } } });
    const decided = await decide();
    expect(decided).toMatchObject({ status: 200, body: { decidedBy: 'mona' } });
    expect(await decide()).toMatchObject({ status: 200, body: decided.body });
    const sent = await olga(`/api/instances/${encodeURIComponent(instance.id)}/messages/news`, { json: { id: 'n-1', payload: 'all is well' } });
    expect(sent.status).toBe(202);
    await instance.ended();

    const { body: view } = await olga<InstanceView>(`/api/instances/${encodeURIComponent(instance.id)}`);
    expect(view).toMatchObject({ status: 'completed', output: { orders: 40, news: ['all is well'], beside: 'mona' } });
    expect(view.steps.find(({ step }) => step === 'order')?.visits).toHaveLength(40);
    const rows = async () => (await olga<{ instances: { id: string; status: string }[] }>('/api/instances?limit=200')).body.instances;
    while (!(await rows()).some(({ status }) => status === 'completed')) await pause(20);
    expect(await rows()).toMatchObject([{ id: instance.id, status: 'completed' }]);
  });
});
