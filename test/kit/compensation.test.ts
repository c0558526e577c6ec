import { expect, it } from '@jest/globals';
import { fork, laptop, loop, timely } from './contracts.ts';
import { inBothModes } from './modes.ts';
import type { StartedInstance } from './started-instance.ts';

const wish = { item: 'x1', requestedBy: 'ada', ask: false };
const operator = { user: 'olga', groups: [] };
const giveUp = { actor: operator, reason: 'cannot be done' };

/** Lets an operator give up on an incident as soon as it is open. */
const failAt = async (instance: StartedInstance, incident: string) => {
  await instance.until(({ incidents }) => incidents.some(({ id, resolution }) => id === incident && !resolution));
  await instance.verb('incident.fail', { incident, ...giveUp });
};

inBothModes('compensation', (kit) => {
  it('undoes what was done, newest first', async () => {
    const instance = await kit().start(laptop, { ...wish, pay: 'does it but fails until told' });
    await failAt(instance, 'pay.1');
    const view = await instance.ended();
    expect(view).toMatchObject({ status: 'failed', failure: { type: 'Unexpected', message: 'olga gave up on step "pay" (cannot be done): down' } });
    expect(view.compensations).toMatchObject([{ step: 'pay', title: 'Refund', state: 'completed', undone: true, by: null }, { step: 'placeOrder', title: 'Cancel the order', state: 'completed', undone: true, by: null }]);
    expect(instance.calls().map(({ step }) => step)).toEqual(['lookUp', 'placeOrder', 'pay', 'pay', 'pay', 'undo:pay', 'undo:placeOrder']);
    expect([instance.books('bank'), instance.books('shop')]).toEqual([['undone'], ['undone']]);
  });

  it('undoes a step that gave no answer in time, for it may have taken effect', async () => {
    const instance = await kit().start(timely, { trouble: 'does it, then waits' });
    const stuck = await instance.until(({ incidents }) => incidents.length === 1);
    expect(stuck.incidents[0]?.failure).toEqual({ type: 'Unavailable', message: expect.stringContaining('no answer in time') });
    await failAt(instance, 'payAtOnce.1');
    const view = await instance.ended();
    expect(view).toMatchObject({ status: 'failed', steps: [{ state: 'failed', visits: [{ output: undefined }] }, {}], compensations: [{ step: 'payAtOnce', undone: true }] });
    expect(view.compensations[0]?.input).toEqual({ input: { item: 'now', trouble: 'does it, then waits' }, forwardKey: `${instance.id}#1/payAtOnce` });
    expect(instance.books('bank')).toEqual(['undone']);
  });

  it('has nothing to undo of a step that was refused at its first attempt', async () => {
    const instance = await kit().start(laptop, { ...wish, pay: 'refuses' });
    const view = await instance.ended();
    expect(view).toMatchObject({ status: 'rejected', failure: { type: 'Rejected', message: `step "pay" of ${instance.id}: the system says no` } });
    expect(view.steps.map(({ state }) => state)).toEqual(['completed', 'completed', 'notReached', 'rejected', 'notReached']);
    expect(view.compensations.map(({ step }) => step)).toEqual(['placeOrder']);
  });

  it('undoes a step that was refused at a later attempt, for an earlier one may have taken effect', async () => {
    const instance = await kit().start(laptop, { ...wish, pay: 'does it, then refuses' });
    const view = await instance.ended();
    expect(view.status).toBe('rejected');
    expect(view.steps[3]).toMatchObject({ state: 'rejected', visits: [{ attempts: 2 }] });
    expect(view.compensations).toMatchObject([{ step: 'pay', undone: true }, { step: 'placeOrder', undone: true }]);
    expect(instance.books('bank')).toEqual(['undone']);
  });

  it('undoes a step that was refused at the first attempt after an incident, for what came before it may have taken effect', async () => {
    const instance = await kit().start(laptop, { ...wish, pay: 'does it but fails, refuses once told' });
    await instance.until(({ incidents }) => incidents.length === 1);
    instance.heal();
    await instance.verb('incident.retry', { incident: 'pay.1', actor: operator });
    const view = await instance.ended();
    expect(view).toMatchObject({ status: 'rejected', compensations: [{ step: 'pay', undone: true }, { step: 'placeOrder', undone: true }] });
    expect(instance.books('bank')).toEqual(['undone']);
  });

  it('waits for steps in flight first, and undoes one that was done in spite of its cancellation with its output', async () => {
    const instance = await kit().start(fork, { left: 'refuses when told', right: 'waits and ignores cancel' });
    await instance.held(2);
    instance.release('left');
    await instance.until(({ story }) => story.some(({ text }) => text.includes('was refused')));
    const settling = await instance.until(({ steps }) => steps[0]?.state === 'rejected');
    expect(settling).toMatchObject({ status: 'running', steps: [{}, { step: 'right', state: 'running' }, {}], compensations: [] });
    instance.release('right');
    const view = await instance.ended();
    expect(view).toMatchObject({ status: 'rejected', steps: [{ state: 'rejected' }, { state: 'completed' }, { state: 'notReached' }] });
    expect(view.compensations).toMatchObject([{ step: 'right', undone: true, input: { output: { number: 'bank-right' } } }]);
    expect(instance.books('bank')).toEqual(['undone']);
  });

  it('takes "nothing there" for a success', async () => {
    const instance = await kit().start(fork, { left: 'refuses when told', right: 'waits' });
    await instance.held(2);
    instance.release('left');
    const view = await instance.ended();
    expect(view).toMatchObject({ status: 'rejected', steps: [{}, { state: 'cancelled' }, {}], compensations: [{ step: 'right', state: 'completed', undone: false }], incidents: [] });
    expect(instance.books('bank')).toEqual([]);
  });

  it('opens an incident where it fails, and is done when an operator has it tried again', async () => {
    const instance = await kit().start(laptop, { ...wish, undo: 'fails until told', pay: 'refuses' });
    const stuck = await instance.until(({ incidents }) => incidents.length === 1);
    expect(stuck).toMatchObject({ status: 'running', incidents: [{ id: 'undo:placeOrder.1', of: 'compensation', step: 'placeOrder', activity: 'shop.cancelOrder' }] });
    expect(stuck).toMatchObject({ waitingFor: [{ kind: 'system', name: 'shop' }], compensations: [{ state: 'incident', attempts: 3, undone: null }] });
    // The step itself was done and stays so.
    expect(stuck.steps[1]).toMatchObject({ step: 'placeOrder', state: 'completed' });
    instance.heal();
    await instance.verb('incident.retry', { incident: 'undo:placeOrder.1', actor: operator });
    expect(await instance.ended()).toMatchObject({ status: 'rejected', failure: { type: 'Rejected' }, compensations: [{ state: 'completed', undone: true, attempts: 4 }] });
    expect(instance.books('shop')).toEqual(['undone']);
  });

  it('is passed over when an operator gives it up, and the rest is still undone', async () => {
    const instance = await kit().start(loop, { times: 3, fails: true, lastUndo: 'fails until told' });
    await failAt(instance, 'undo:again:3.1');
    const view = await instance.ended();
    expect(view).toMatchObject({ status: 'rejected', failure: { message: expect.stringContaining('the system says no') } });
    expect(view.compensations.map(({ visit, state, undone }) => ({ visit, state, undone }))).toEqual([
      { visit: 3, state: 'failed', undone: false },
      { visit: 2, state: 'completed', undone: true },
      { visit: 1, state: 'completed', undone: true },
    ]);
    expect(view.incidents).toMatchObject([{ resolution: { verb: 'fail', by: 'olga', comment: 'cannot be done' } }]);
    expect(instance.books('shop')).toEqual(['undone', 'undone', 'standing']);
  });

  it('is an incident even when the other side refuses', async () => {
    const instance = await kit().start(laptop, { ...wish, undo: 'refuses', pay: 'refuses' });
    await failAt(instance, 'undo:placeOrder.1');
    expect(await instance.ended()).toMatchObject({ status: 'rejected', compensations: [{ state: 'failed', undone: false }] });
  });

  it('is shielded from a cancellation, and the instance still ends as it had to', async () => {
    const instance = await kit().start(laptop, { ...wish, undo: 'waits', pay: 'refuses' });
    await instance.held();
    await instance.cancel('too late');
    const view = await instance.until(({ cancelRequest }) => cancelRequest !== null);
    expect(view.compensations).toMatchObject([{ step: 'placeOrder', state: 'running' }]);
    instance.release();
    expect(await instance.ended()).toMatchObject({ status: 'rejected', cancelRequest: { reason: 'too late', by: 'olga' }, compensations: [{ state: 'completed', undone: true }] });
    expect((await instance.history()).filter((event) => event.activityTaskCancelRequestedEventAttributes)).toEqual([]);
    expect(instance.books('shop')).toEqual(['undone']);
  });

  it('goes on with an incident of its own while the instance is cancelled', async () => {
    const instance = await kit().start(laptop, { ...wish, undo: 'fails until told', pay: 'refuses' });
    await instance.until(({ incidents }) => incidents.length === 1);
    await instance.cancel('enough');
    const view = await instance.until(({ cancelRequest }) => cancelRequest !== null);
    expect(view.incidents).toMatchObject([{ resolution: null }]);
    instance.heal();
    await instance.verb('incident.retry', { incident: 'undo:placeOrder.1', actor: operator });
    expect(await instance.ended()).toMatchObject({ status: 'rejected', compensations: [{ undone: true }] });
  });
});
