import { expect, it } from '@jest/globals';
import { inBothModes } from '../kit/modes.ts';
import type { StartedInstance } from '../kit/started-instance.ts';
import { offer, photoFinish } from './race.ts';

const olga = { user: 'olga', groups: [] };
const mona = { user: 'mona', groups: ['managers'] };
const callOff = (instance: StartedInstance, why = 'too dear') => instance.handle.signal('message', { name: 'calledOff', id: why, payload: { why } });
const statesOf = async (instance: StartedInstance) => Object.fromEntries((await instance.view()).steps.map(({ step, state }) => [step, state]));

inBothModes('a race', (kit) => {
  it('gives what the first branch gives, and ends the others', async () => {
    const instance = await kit().start(offer, {});
    expect(await instance.ended()).toMatchObject({ status: 'completed', output: { how: 'bank-desk' }, waitingFor: [] });
    expect(await statesOf(instance)).toMatchObject({ pay: 'completed', calledOff: 'cancelled', lookUp: 'completed' });
  });

  it('cancels a branch in the middle and begins nothing more in it; all of it is undone when the flow fails', async () => {
    const instance = await kit().start(offer, { asks: true });
    await instance.until(({ tasks }) => tasks.length === 1);
    await callOff(instance);
    expect(await instance.ended()).toMatchObject({ status: 'rejected', failure: { message: 'called off: too dear' }, tasks: [], compensations: [{ step: 'placeOrder', undone: true }] });
    expect(await statesOf(instance)).toMatchObject({ approve: 'cancelled', pay: 'notReached' });
    expect(instance.books('shop')).toEqual(['undone']);
  });

  it('keeps what took effect where the flow goes on, also in the step that it cut off', async () => {
    const instance = await kit().start(offer, { pay: 'does it, then waits', keeps: true });
    await instance.held();
    await callOff(instance);
    expect(await instance.ended()).toMatchObject({ status: 'completed', output: { how: 'called off: too dear' }, compensations: [] });
    expect([instance.books('shop'), instance.books('bank')]).toEqual([['standing'], ['standing']]);
  });

  it('is over before it began where its message was there before', async () => {
    await kit().flows.stop();
    const instance = await kit().start(offer, {});
    await callOff(instance);
    await kit().flows.start();
    expect(await instance.ended()).toMatchObject({ status: 'rejected', failure: { message: 'called off: too dear' } });
    expect(instance.books('shop').filter((state) => state === 'standing')).toEqual([]);
  });

  it('fails with the branch that fails first', async () => {
    const instance = await kit().start(offer, { pay: 'refuses', keeps: true });
    expect(await instance.ended()).toMatchObject({ status: 'rejected', failure: { type: 'Rejected', message: expect.stringContaining('pay') }, waitingFor: [], compensations: [{ step: 'placeOrder', undone: true }] });
    expect(await statesOf(instance)).toMatchObject({ calledOff: 'cancelled', lookUp: 'notReached' });
  });

  it('withdraws the incident of a branch that another has overtaken', async () => {
    const instance = await kit().start(offer, { order: 'does it but fails until told' });
    await instance.until(({ incidents }) => incidents.length === 1);
    await callOff(instance);
    expect(await instance.ended()).toMatchObject({ status: 'rejected', incidents: [{ id: 'placeOrder.1', resolution: { verb: 'cancelled', by: null } }], compensations: [{ step: 'placeOrder', undone: true }] });
  });

  it('may be decided while the instance is paused; what comes after it waits', async () => {
    const instance = await kit().start(offer, { asks: true, keeps: true });
    await instance.until(({ tasks }) => tasks.length === 1);
    await instance.verb('instance.pause', { actor: olga, reason: 'stocktaking' });
    await callOff(instance);
    await instance.until(({ tasks }) => tasks.length === 0);
    expect(await statesOf(instance)).toMatchObject({ approve: 'cancelled', calledOff: 'completed', lookUp: 'notReached' });
    await instance.verb('instance.resume', { actor: olga });
    expect(await instance.ended()).toMatchObject({ status: 'completed', output: { how: 'called off: too dear' } });
  });

  it('is cancelled with its instance, and all branches are undone', async () => {
    const instance = await kit().start(offer, { pay: 'does it, then waits' });
    await instance.held();
    await instance.cancel('moved away');
    expect(await instance.ended()).toMatchObject({ status: 'cancelled', compensations: [{ step: 'pay' }, { step: 'placeOrder' }] });
    expect([instance.books('shop'), instance.books('bank')]).toEqual([['undone'], ['undone']]);
  });

  it.each(['pay', 'approve'])('is run anew where an instance goes back to before %s, and may come out otherwise', async (step) => {
    const instance = await kit().start(offer, { asks: true, then: 'waits' });
    await instance.until(({ tasks }) => tasks.length === 1);
    const approval = { task: 'approve', actor: mona, decision: { outcome: 'approve' } };
    await instance.verb('task.complete', approval);
    await instance.held();
    expect(await statesOf(instance)).toMatchObject({ calledOff: 'cancelled', lookUp: 'running' });
    const { runId } = await instance.view();
    await instance.verb('instance.rewind', { actor: olga, step, reason: 'the wrong account' });
    await instance.until((view) => view.runId !== runId && (step === 'pay' ? view.steps.at(-1)?.state === 'running' : view.tasks.length === 1));
    if (step === 'approve') await callOff(instance);
    else instance.release();
    expect(await instance.ended()).toMatchObject(step === 'pay' ? { status: 'completed', output: { how: 'bank-desk' } } : { status: 'rejected', failure: { message: 'called off: too dear' } });
  });
});

inBothModes(
  'a race whose instance continues as new',
  (kit) => {
    it.each([['longer', 'shorter'], ['shorter', 'longer']])('had both branches in one moment (%s told first): it comes out as it came out before', async (...order) => {
      const instance = await kit().start(photoFinish, { orders: 30 });
      await instance.held(2);
      await kit().flows.stop();
      for (const step of order) {
        instance.release(step);
        await instance.until(({ steps }) => steps.some((one) => one.step === step && one.state === 'completed'));
      }
      await kit().flows.start();
      const { status, output } = await instance.ended();
      expect(status).toBe('completed');
      expect((await instance.runs()).length).toBeGreaterThan(1);
      const [by, other] = (output as { first: string }).first === 'longer' ? ['byLonger', 'byShorter'] : ['byShorter', 'byLonger'];
      expect(instance.calls().filter(({ step }) => step.startsWith(by ?? ''))).toHaveLength(30);
      expect(instance.calls().filter(({ step }) => step.startsWith(other ?? ''))).toEqual([]);
    });
  },
  { dynamicConfig: { 'limit.historyCount.suggestContinueAsNew': 60 } },
);
