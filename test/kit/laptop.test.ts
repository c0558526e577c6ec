import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { laptop } from './contracts.ts';
import { type Kit, startKit } from './running-kit.ts';

const manager = { user: 'mia', groups: ['managers'] };
const wish = { item: 'x1', requestedBy: 'ada', ask: false };

describe.each([{ cache: undefined, mode: 'with the workflow cache' }, { cache: 0, mode: 'replayed at every task' }])('laptop, $mode', ({ cache }) => {
  let kit: Kit;
  beforeAll(async () => {
    kit = await startKit({ cache });
  });
  afterAll(() => kit.stop());

  it('runs from order to payment without an event of the kit', async () => {
    const instance = await kit.start(laptop, wish);
    const view = await instance.ended();
    expect(view).toMatchObject({ status: 'completed', output: { order: 'shop-x1', payment: 'bank-x1', decidedBy: null }, generation: '1', startedBy: 'ada' });
    expect(view.steps.map(({ step, state }) => `${step} ${state}`)).toEqual(['lookUp completed', 'placeOrder completed', 'approve notReached', 'pay completed', 'handOut notReached']);
    expect(await instance.events()).toBe(5 + 3 * 6);
  });

  it('asks a manager and goes on with the decision', async () => {
    const instance = await kit.start(laptop, { ...wish, ask: true });
    const waiting = await instance.until(({ tasks }) => tasks.length === 1);
    expect(waiting.waitingFor).toMatchObject([{ kind: 'group', name: 'managers', step: 'approve' }]);
    const decision = await instance.verb('task.complete', { task: 'approve', actor: manager, decision: { outcome: 'approve' } });
    expect(decision).toMatchObject({ task: 'approve', decidedBy: 'mia', decision: { outcome: 'approve' } });
    const view = await instance.ended();
    expect(view).toMatchObject({ status: 'completed', output: { decidedBy: 'mia' }, waitingFor: [] });
    expect(view.steps.find(({ step }) => step === 'approve')?.visits[0]).toMatchObject({ state: 'completed', decision: { by: 'mia', via: 'update', outcome: 'approve' } });
  });

  it('undoes what it did, newest first, when the manager says no', async () => {
    const instance = await kit.start(laptop, { ...wish, ask: true });
    await instance.until(({ tasks }) => tasks.length === 1);
    await instance.verb('task.complete', { task: 'approve', actor: manager, decision: { outcome: 'reject', reason: 'too expensive' } });
    const view = await instance.ended();
    expect(view).toMatchObject({ status: 'rejected', failure: { type: 'Rejected', message: 'mia said no: too expensive' } });
    expect(view.compensations).toMatchObject([{ step: 'placeOrder', state: 'completed', undone: true }]);
    expect(instance.books('shop')).toEqual(['undone']);
  });

  it('ends as rejected and has nothing to undo for the step that was refused at once', async () => {
    const instance = await kit.start(laptop, { ...wish, pay: 'refuses' });
    const view = await instance.ended();
    expect(view).toMatchObject({ status: 'rejected', failure: { type: 'Rejected' } });
    expect(view.compensations.map(({ step }) => step)).toEqual(['placeOrder']);
  });

  it('opens an incident when retries are used up, and goes on when an operator says retry', async () => {
    const instance = await kit.start(laptop, { ...wish, pay: 'bad answer' });
    const stuck = await instance.until(({ incidents }) => incidents.length === 1);
    expect(stuck.incidents[0]).toMatchObject({ id: 'pay.1', step: 'pay', failure: { type: 'Unexpected' }, resolution: null });
    expect(stuck.waitingFor).toMatchObject([{ kind: 'system', name: 'bank' }]);
    await instance.verb('incident.fail', { incident: 'pay.1', actor: { user: 'olga', groups: [] }, reason: 'the bank is gone' });
    const view = await instance.ended();
    expect(view.status).toBe('failed');
    expect(view.compensations).toMatchObject([{ step: 'pay', undone: true }, { step: 'placeOrder', undone: true }]);
    expect([instance.books('bank'), instance.books('shop')]).toEqual([['undone'], ['undone']]);
  });

  it('compensates and ends as cancelled when it is cancelled while a person is asked', async () => {
    const instance = await kit.start(laptop, { ...wish, ask: true });
    await instance.until(({ tasks }) => tasks.length === 1);
    await instance.handle.cancel();
    const view = await instance.ended();
    expect(view).toMatchObject({ status: 'cancelled', tasks: [], compensations: [{ step: 'placeOrder', undone: true }] });
  });

  it('takes a decision by signal', async () => {
    const instance = await kit.start(laptop, { ...wish, ask: true });
    await instance.until(({ tasks }) => tasks.length === 1);
    await instance.handle.signal('decide', { task: 'approve', actor: { user: 'ada', groups: ['managers'] }, decision: { outcome: 'approve' } });
    await instance.handle.signal('decide', { task: 'approve', actor: manager, decision: { outcome: 'approve' } });
    const view = await instance.ended();
    expect(view).toMatchObject({ status: 'completed', output: { decidedBy: 'mia' } });
    expect(view.story.map(({ text }) => text).join('\n')).toMatch(/name of ada .* was refused: .*four eyes[^]*mia \(by signal\) decided/);
  });
});
