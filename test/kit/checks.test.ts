import { expect, it } from '@jest/globals';
import { careless, fork, laptop, loop } from './contracts.ts';
import { inBothModes } from './modes.ts';

const wish = { item: 'x1', requestedBy: 'ada', ask: false };
const giveUp = { actor: { user: 'olga', groups: [] }, reason: 'cannot be done' };

inBothModes('what goes in and out of a step', (kit) => {
  it('ends an instance at once as failed when its own input breaks the contract, and asks nobody', async () => {
    const instance = await kit().start(laptop, { ...wish, requestedBy: 7 as unknown as string });
    const view = await instance.ended();
    expect(view).toMatchObject({ status: 'failed', failure: { type: 'InvalidInput' }, incidents: [], compensations: [] });
    expect(view.failure?.message).toMatch(/input of process "laptop".*requestedBy/);
    expect(view.steps.map(({ state }) => state)).toEqual(view.steps.map(() => 'notReached'));
    expect(instance.calls()).toEqual([]);
  });

  it('ends an instance at once as failed when its input is too large for a history', async () => {
    const instance = await kit().start(laptop, { ...wish, notes: 'ü'.repeat(500_000) });
    expect((await instance.ended()).failure).toMatchObject({ type: 'InvalidInput', message: expect.stringMatching(/input of process "laptop" has 1000\d+ bytes as JSON, more than the 1000000/) });
    expect(instance.calls()).toEqual([]);
  });

  it('opens an incident that names the step and the field when the flow gives it what breaks its contract', async () => {
    const instance = await kit().start(careless, { habit: 'passes on nothing' });
    const stuck = await instance.until(({ incidents }) => incidents.length === 1);
    expect(stuck.incidents).toMatchObject([{ id: 'lookUp.1', activity: 'shop.lookUp', failure: { type: 'InvalidInput', message: expect.stringContaining(`the input of step "lookUp" of ${instance.id} does not fit its contract: item:`) } }]);
    expect(stuck.steps[0]).toMatchObject({ state: 'incident', visits: [{ visit: 1, state: 'incident', attempts: 0, failure: { type: 'InvalidInput' } }] });
    expect(stuck.waitingFor).toMatchObject([{ kind: 'system', name: 'shop', step: 'lookUp' }]);
    await instance.verb('incident.fail', { incident: 'lookUp.1', ...giveUp });
    expect(await instance.ended()).toMatchObject({ status: 'failed', steps: [{ state: 'failed' }, {}, {}, {}] });
    expect(instance.calls()).toEqual([]);
  });

  it('opens an incident that names step and size when the flow gives it too much', async () => {
    const instance = await kit().start(careless, { habit: 'passes on too much' });
    const stuck = await instance.until(({ incidents }) => incidents.length === 1);
    expect(stuck.incidents[0]?.failure).toMatchObject({ type: 'InvalidInput', message: expect.stringMatching(/the input of step "lookUp" .* has 1000012 bytes as JSON, more than the 1000000 .* by reference/) });
    await instance.verb('incident.fail', { incident: 'lookUp.1', ...giveUp });
    expect((await instance.ended()).status).toBe('failed');
    expect(instance.calls()).toEqual([]);
  });

  it.each([
    { trouble: 'bad answer' as const, says: /bank\.pay answered what breaks its contract: number: .*string/ },
    { trouble: 'huge answer' as const, says: /bank\.pay answered 11000\d\d bytes, more than the 1000000 that fit into a history/ },
  ])('opens an incident at a $trouble, without another attempt', async ({ trouble, says }) => {
    const instance = await kit().start(laptop, { ...wish, pay: trouble });
    const stuck = await instance.until(({ incidents }) => incidents.length === 1);
    expect(stuck.incidents[0]).toMatchObject({ id: 'pay.1', failure: { type: 'Unexpected', message: expect.stringMatching(says) } });
    expect(instance.calls().filter(({ step }) => step === 'pay')).toHaveLength(1);
    instance.heal();
    await instance.verb('incident.retry', { incident: 'pay.1', actor: giveUp.actor });
    expect(await instance.ended()).toMatchObject({ status: 'completed', output: { payment: 'bank-x1' } });
    expect(instance.books('bank')).toEqual(['standing']);
  });

  it('opens an incident after its attempts at a bug in an implementation', async () => {
    const instance = await kit().start(laptop, { ...wish, order: 'crashes' });
    const stuck = await instance.until(({ incidents }) => incidents.length === 1);
    expect(stuck.incidents[0]).toMatchObject({ id: 'placeOrder.1', failure: { type: 'TypeError', message: 'cannot read properties of undefined' } });
    expect(stuck.steps[1]).toMatchObject({ state: 'incident', visits: [{ attempts: 3 }] });
    await instance.verb('incident.fail', { incident: 'placeOrder.1', ...giveUp });
    // What crashed may have taken effect before.
    expect(await instance.ended()).toMatchObject({ status: 'failed', compensations: [{ step: 'placeOrder', state: 'completed', undone: false }] });
  });

  it('lets in as much as can also be undone', async () => {
    const instance = await kit().start(careless, { habit: 'carries much' });
    const view = await instance.ended();
    expect(view).toMatchObject({ status: 'rejected', incidents: [], compensations: [{ step: 'placeOrder', undone: true }] });
    const { input, output } = view.compensations[0]?.input as { input: { item: string }; output: { number: string } };
    expect(input.item.length + output.number.length).toBeGreaterThan(1_990_000);
  });

  it('knows a refusal only by its type, whatever the step is asked for next', async () => {
    const instance = await kit().start(careless, { habit: 'asks late for a refusal' });
    const view = await instance.ended();
    // It was refused long before the flow looked; that alone must not disturb the workflow task.
    expect(view).toMatchObject({ status: 'completed', output: { result: 'refused' } });
    expect(view.steps.map(({ step, state }) => `${step} ${state}`)).toEqual(['lookUp notReached', 'placeOrder rejected', 'pay completed', 'approve notReached']);
    expect(view.story.filter(({ text }) => text.includes('workflow task'))).toEqual([]);
  });

  it('tells no more of a value than fits into a sentence', async () => {
    const many = Object.fromEntries(Array.from({ length: 2_000 }, (_, nth) => [`field number ${nth}`, nth]));
    const instance = await kit().start(fork, { ...many, left: 'none', right: 'none' } as never);
    const { failure } = await instance.ended();
    expect(failure?.type).toBe('InvalidInput');
    expect(failure?.message.length).toBeLessThan(1_000);
  });

  it('refuses a number of times that JSON cannot say', async () => {
    const instance = await kit().start(loop, { times: 1.5 });
    expect((await instance.ended()).failure).toMatchObject({ type: 'InvalidInput', message: expect.stringContaining('times') });
  });
});
