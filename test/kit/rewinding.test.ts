import { expect, it } from '@jest/globals';
import type { IncidentView } from '../../visibility/instance-view.ts';
import { purchase, furnish } from '../steps/process.ts';
import { parcels } from '../steps/message.ts';
import { laptop, loop } from './contracts.ts';
import { inBothModes } from './modes.ts';
import type { StartedInstance } from './started-instance.ts';

const olga = { user: 'olga', groups: ['operators'] };
const mona = { user: 'mona', groups: ['managers'] };
const dora = { user: 'dora', groups: ['desk'] };
const wish = { item: 'x1', requestedBy: 'ada', ask: true, handOut: true };

const approve = (instance: StartedInstance) => instance.verb('task.complete', { task: 'approve', actor: mona, decision: { outcome: 'approve' } });
const handOut = (instance: StartedInstance) => instance.verb('task.complete', { task: 'handOut', actor: dora, decision: { serial: '7' } });
const untilTask = (instance: StartedInstance, task: string) => instance.until(({ tasks }) => tasks.some(({ id }) => id === task));
const rewind = (instance: StartedInstance, step: string, more: object = {}) => instance.verb('instance.rewind', { actor: olga, step, reason: 'the wrong item', ...more });
const stateOf = async (instance: StartedInstance, step: string) => (await instance.view()).steps.find((one) => one.step === step)?.state;

inBothModes('an instance that goes back', (kit) => {
  it('undoes what was done since, newest first, and does it again under new keys; what was before stays', async () => {
    const instance = await kit().start(laptop, wish);
    await untilTask(instance, 'approve');
    await approve(instance);
    await untilTask(instance, 'handOut');
    expect(await instance.handle.query('rewind', { step: 'placeOrder' })).toEqual({ plan: { to: 'placeOrder', drops: ['placeOrder', 'approve', 'pay', 'handOut'], undoes: ['pay', 'placeOrder'], cannot: [] } });
    expect(await rewind(instance, 'placeOrder')).toMatchObject({ to: 'placeOrder', by: 'olga' });
    // The decision that was taken before is not applied again.
    const again = await untilTask(instance, 'approve');
    expect(again.tasks.map(({ id }) => id)).toEqual(['approve']);
    expect(again).toMatchObject({ status: 'running', compensations: [{ step: 'pay', undone: true }, { step: 'placeOrder', undone: true }] });
    expect(Object.fromEntries(again.steps.map(({ step, state }) => [step, state]))).toEqual({ lookUp: 'completed', placeOrder: 'completed', approve: 'waiting', pay: 'notReached', handOut: 'notReached' });
    expect(again.story.map(({ text }) => text)).toContain('olga took the instance back to before “placeOrder”: the wrong item.');
    expect(instance.books('shop')).toEqual(['undone', 'standing']);
    expect(instance.books('bank')).toEqual(['undone']);
    await approve(instance);
    await untilTask(instance, 'handOut');
    await handOut(instance);
    expect(await instance.ended()).toMatchObject({ status: 'completed', output: { order: 'shop-x1', payment: 'bank-x1', decidedBy: 'mona' }, generation: '1' });
    expect([instance.books('shop'), instance.books('bank')]).toEqual([['undone', 'standing'], ['undone', 'standing']]);
    expect(new Set(instance.calls().filter(({ step }) => step === 'pay').map(({ key }) => key)).size).toBe(2);
    expect(instance.calls().filter(({ step }) => step === 'lookUp')).toHaveLength(1);
  });

  it('ends what is under way, an incident too, and may go back again and again', async () => {
    const instance = await kit().start(laptop, { ...wish, ask: false, pay: 'does it but fails until told' });
    const opened: IncidentView[] = [];
    for (const nth of [1, 2, 3]) {
      const { incidents } = await instance.until((view) => view.incidents.length === nth && view.incidents.at(-1)?.resolution === null);
      opened.push(...incidents.slice(-1));
      expect(await stateOf(instance, 'pay')).toBe('incident');
      await rewind(instance, nth === 2 ? 'lookUp' : 'pay');
    }
    instance.heal();
    await instance.until(({ incidents }) => incidents.length === 4 || incidents.at(-1)?.resolution?.verb === 'cancelled');
    const now = await instance.view();
    const open = now.incidents.find(({ resolution }) => resolution === null);
    if (open) await instance.verb('incident.retry', { incident: open.id, actor: olga });
    await untilTask(instance, 'handOut');
    await handOut(instance);
    expect((await instance.ended()).status).toBe('completed');
    expect(instance.books('bank').filter((state) => state === 'standing')).toHaveLength(1);
    expect(instance.books('shop')).toEqual(['undone', 'standing']);
    // One for each time, each with its own attempts.
    const told = (await instance.view()).compensations.map(({ step, undone, attempts }) => ({ step, undone, attempts }));
    expect(told).toEqual(['pay', 'pay', 'placeOrder', 'pay'].map((step) => ({ step, undone: true, attempts: 1 })));
    // What was asked anew since under the same name is not told of them.
    const before = opened.map(({ id, failedAttempts }) => ({ id, failedAttempts }));
    expect(before.map(({ failedAttempts }) => failedAttempts.at(-1)?.to)).toEqual([3, 3, 3]);
    expect((await instance.view()).incidents.slice(0, 3)).toMatchObject(before);
  });

  it('shows beside what was undone at its end what was undone on the way', async () => {
    const instance = await kit().start(laptop, { ...wish, ask: false, undo: 'fails until told' });
    await untilTask(instance, 'handOut');
    await rewind(instance, 'placeOrder');
    const open = async (nth: number): Promise<string> => (await instance.until(({ incidents }) => incidents.length === nth)).incidents.at(-1)?.id ?? 'none';
    await instance.verb('incident.supply', { incident: await open(1), actor: olga, output: { undone: true }, reason: 'sent back by hand' });
    await untilTask(instance, 'handOut');
    await instance.cancel('not needed');
    const second = await open(2);
    instance.heal();
    await instance.verb('incident.retry', { incident: second, actor: olga });
    const ended = await instance.ended();
    expect(ended.compensations.map(({ step, state, undone }) => `${step} ${state} ${undone}`)).toEqual(['pay', 'placeOrder', 'pay', 'placeOrder'].map((step) => `${step} completed true`));
    expect(ended.incidents.map(({ resolution }) => resolution?.verb)).toEqual(['supply', 'retry']);
  });

  it('goes back to a visit of a loop, and keeps those before it', async () => {
    const instance = await kit().start(loop, { times: 4, asks: true });
    for (const visit of ['approve', 'approve:2', 'approve:3']) {
      await untilTask(instance, visit);
      await instance.verb('task.complete', { task: visit, actor: mona, decision: { outcome: 'approve' } });
    }
    await untilTask(instance, 'approve:4');
    await rewind(instance, 'again', { visit: 3 });
    const view = await untilTask(instance, 'approve:3');
    expect(view.steps[0]?.visits.map(({ visit, state }) => `${visit} ${state}`)).toEqual(['1 completed', '2 completed', '3 completed']);
    expect(instance.books('shop')).toEqual(['standing', 'standing', 'undone', 'undone', 'standing']);
    for (const visit of ['approve:3', 'approve:4']) {
      await untilTask(instance, visit);
      await instance.verb('task.complete', { task: visit, actor: mona, decision: { outcome: 'approve' } });
    }
    expect(await instance.ended()).toMatchObject({ status: 'completed', output: { numbers: ['shop-item 1', 'shop-item 2', 'shop-item 3', 'shop-item 4'] } });
  });

  it('has the messages there again that came since', async () => {
    const instance = await kit().start(parcels, { parcels: 1 });
    const send = (name: string, id: string, payload: object) => instance.handle.signal('message', { name, id, payload });
    await instance.until(({ waitingFor }) => waitingFor.length === 1);
    await send('signed', 's-1', { outcome: 'signed' });
    await instance.until(({ waitingFor }) => waitingFor.some(({ name }) => name === 'delivered'));
    const { runId } = await instance.view();
    await rewind(instance, 'signed');
    await instance.until((view) => view.runId !== runId && view.waitingFor.some(({ name }) => name === 'delivered'));
    // Sent once more it is still known.
    await send('signed', 's-1', { outcome: 'refused' });
    await send('delivered', 'd-1', { parcel: 'one' });
    expect(await instance.ended()).toMatchObject({ status: 'completed', output: { signature: 'signed', parcels: ['one'] } });
  });

  it('undoes what its sub-processes did, and runs them again', async () => {
    const instance = await kit().start(furnish, { desk: { item: 'desk' }, chair: { item: 'chair' }, then: 'waits' });
    await instance.held();
    const { runId } = await instance.view();
    await rewind(instance, 'chair');
    await instance.until((view) => view.runId !== runId && view.steps.find(({ step }) => step === 'lookUp')?.state === 'running');
    await instance.held();
    const chair = kit().follow(purchase, `purchase/${instance.id}/chair`);
    expect([chair.books('shop'), chair.books('bank')]).toEqual([['undone', 'standing'], ['undone', 'standing']]);
    expect(kit().follow(purchase, `purchase/${instance.id}/desk`).books('shop')).toEqual(['standing']);
    instance.release();
    expect(await instance.ended()).toMatchObject({ status: 'completed', output: { payments: ['bank-desk', 'bank-chair'] } });
  });

  it('runs a sub-process under new keys that had gone back by itself before', async () => {
    const instance = await kit().start(furnish, { desk: { item: 'desk', handOut: true }, chair: { item: 'chair' } });
    const desk = kit().follow(purchase, `purchase/${instance.id}/desk`);
    await instance.until(({ steps }) => steps.some(({ step, visits }) => step === 'desk' && visits[0]?.startedAt));
    await untilTask(desk, 'handOut');
    await rewind(desk, 'placeOrder');
    await desk.until(({ tasks }) => tasks.length === 1 && desk.books('bank').length === 2);
    const { runId } = await instance.view();
    await rewind(instance, 'desk');
    await instance.until((view) => view.runId !== runId && view.steps.some(({ step, visits }) => step === 'desk' && visits[0]?.startedAt));
    await untilTask(desk, 'handOut');
    expect([desk.books('shop'), desk.books('bank')]).toEqual([['undone', 'undone', 'standing'], ['undone', 'undone', 'standing']]);
    await handOut(desk);
    expect((await instance.ended()).status).toBe('completed');
  });

  it('forgets what its flow learned on its way back, when a system answers all the same', async () => {
    const instance = await kit().start(laptop, { ...wish, ask: false, handOut: false, order: 'waits and ignores cancel' });
    await instance.held();
    const { runId } = await instance.view();
    await rewind(instance, 'placeOrder');
    instance.release();
    await instance.until((view) => view.runId !== runId);
    await instance.held();
    instance.release();
    expect(await instance.ended()).toMatchObject({ status: 'completed', output: { order: 'shop-x1', payment: 'bank-x1' } });
    expect([instance.books('shop'), instance.books('bank')]).toEqual([['undone', 'standing'], ['standing']]);
  });

  it('that is cancelled on its way back undoes the rest, and ends', async () => {
    const instance = await kit().start(laptop, { ...wish, ask: false, undo: 'waits' });
    await untilTask(instance, 'handOut');
    await rewind(instance, 'placeOrder');
    await instance.held();
    expect(await instance.refusal('instance.rewind', { actor: olga, step: 'lookUp', reason: 'further back' })).toMatchObject({ type: 'Conflict', message: expect.stringContaining('going back to "placeOrder" already') });
    await instance.cancel('not needed');
    instance.release();
    expect(await instance.ended()).toMatchObject({ status: 'cancelled' });
    expect([instance.books('shop'), instance.books('bank')]).toEqual([['undone'], ['undone']]);
  });

  it('refuses what it has not come to, and leaves no event', async () => {
    const instance = await kit().start(laptop, wish);
    await untilTask(instance, 'approve');
    const before = await instance.recorded();
    expect(await instance.refusal('instance.rewind', { actor: olga, step: 'pay', reason: 'the wrong item' })).toMatchObject({ type: 'NotFound', message: expect.stringContaining('it came to lookUp, placeOrder, approve') });
    expect(await instance.refusal('instance.rewind', { actor: olga, step: 'approve', visit: 2, reason: 'the wrong item' })).toMatchObject({ type: 'NotFound' });
    expect(await instance.refusal('instance.rewind', { actor: olga, step: 'approve' })).toMatchObject({ type: 'InvalidInput' });
    expect(await instance.handle.query('rewind', { step: 'pay' })).toMatchObject({ refused: { type: 'NotFound' } });
    expect(await instance.recorded()).toBe(before);
    await instance.cancel('enough');
    await instance.ended();
  });
});
