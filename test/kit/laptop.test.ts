import { expect, it } from '@jest/globals';
import { laptop } from './contracts.ts';
import { inBothModes } from './modes.ts';

const manager = { user: 'mia', groups: ['managers'] };
const wish = { item: 'x1', requestedBy: 'ada', ask: false };

inBothModes('laptop', (kit) => {
  it('runs from order to payment without an event of the kit', async () => {
    const instance = await kit().start(laptop, wish);
    const view = await instance.ended();
    expect(view).toMatchObject({ status: 'completed', output: { order: 'shop-x1', payment: 'bank-x1', decidedBy: null }, generation: '1', startedBy: 'ada' });
    expect(view.steps.map(({ step, state }) => `${step} ${state}`)).toEqual(['lookUp completed', 'placeOrder completed', 'approve notReached', 'pay completed', 'handOut notReached']);
    expect(await instance.history()).toHaveLength(5 + 3 * 6);
  });

  it('asks a manager and goes on with the decision', async () => {
    const instance = await kit().start(laptop, { ...wish, ask: true });
    const waiting = await instance.until(({ tasks }) => tasks.length === 1);
    expect(waiting.waitingFor).toMatchObject([{ kind: 'group', name: 'managers', step: 'approve' }]);
    const decision = await instance.verb('task.complete', { task: 'approve', actor: manager, decision: { outcome: 'approve' } });
    expect(decision).toMatchObject({ task: 'approve', decidedBy: 'mia', decision: { outcome: 'approve' } });
    const view = await instance.ended();
    expect(view).toMatchObject({ status: 'completed', output: { decidedBy: 'mia' }, waitingFor: [] });
    expect(view.steps.find(({ step }) => step === 'approve')?.visits[0]).toMatchObject({ state: 'completed', decision: { by: 'mia', via: 'update', outcome: 'approve' } });
    expect(view.story.map(({ text }) => text)).toContain('mia decided “Approve the laptop”: approve.');
    expect(view.story.filter(({ text }) => text.includes('withdrawn'))).toEqual([]);
  });

  it('undoes what it did when the manager says no', async () => {
    const instance = await kit().start(laptop, { ...wish, ask: true });
    await instance.until(({ tasks }) => tasks.length === 1);
    await instance.verb('task.complete', { task: 'approve', actor: manager, decision: { outcome: 'reject', reason: 'too expensive' } });
    const view = await instance.ended();
    expect(view).toMatchObject({ status: 'rejected', failure: { type: 'Rejected', message: 'mia said no: too expensive' } });
    expect(view.compensations).toMatchObject([{ step: 'placeOrder', state: 'completed', undone: true }]);
    expect(instance.books('shop')).toEqual(['undone']);
  });
});
