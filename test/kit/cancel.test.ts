import { expect, it } from '@jest/globals';
import { careless, fork, laptop, timely } from './contracts.ts';
import { inBothModes } from './modes.ts';

const wish = { item: 'x1', requestedBy: 'ada', ask: false };
const manager = { user: 'mia', groups: ['managers'] };
const steps = ['lookUp', 'placeOrder', 'approve', 'pay', 'handOut'] as const;

interface Place {
  readonly at: (typeof steps)[number];
  readonly how: string;
  readonly wish: object;
  /** Not held at a system, but at a person. */
  readonly task?: boolean;
  readonly undone: readonly string[];
}

const places: readonly Place[] = [
  { at: 'lookUp', how: 'which changes nothing', wish: { look: 'waits' }, undone: [] },
  { at: 'placeOrder', how: 'before its effect', wish: { order: 'waits' }, undone: ['placeOrder false'] },
  { at: 'placeOrder', how: 'after its effect', wish: { order: 'does it, then waits' }, undone: ['placeOrder true'] },
  { at: 'approve', how: 'while a person is asked', wish: { ask: true }, task: true, undone: ['placeOrder true'] },
  { at: 'pay', how: 'before its effect', wish: { pay: 'waits' }, undone: ['pay false', 'placeOrder true'] },
  { at: 'pay', how: 'after its effect', wish: { pay: 'does it, then waits' }, undone: ['pay true', 'placeOrder true'] },
  { at: 'handOut', how: 'while a person is asked', wish: { handOut: true }, task: true, undone: ['pay true', 'placeOrder true'] },
];

inBothModes('a cancellation', (kit) => {
  it.each(places)('ends the instance as cancelled and undoes what was done: at $at, $how', async ({ at, wish: more, task, undone }) => {
    const instance = await kit().start(laptop, { ...wish, ...more });
    await (task ? instance.until(({ tasks }) => tasks.length === 1) : instance.held());
    await instance.cancel('not needed any more');
    const view = await instance.ended();
    expect(view).toMatchObject({ status: 'cancelled', failure: null, cancelRequest: { reason: 'not needed any more', by: 'olga' }, tasks: [], incidents: [] });
    expect(view.compensations.map((one) => `${one.step} ${one.undone}`)).toEqual(undone);
    const states = new Map(view.steps.map(({ step, state }) => [step, state]));
    expect(states.get(at)).toBe('cancelled');
    for (const later of steps.slice(steps.indexOf(at) + 1)) expect(states.get(later)).toBe('notReached');
    expect([...instance.books('shop'), ...instance.books('bank')]).not.toContain('standing');
    expect(view.story.some(({ text }) => text === 'olga asked to cancel it: not needed any more')).toBe(true);
  });

  it('reaches an instance that has not begun', async () => {
    await kit().flows.stop();
    const instance = await kit().start(laptop, wish);
    await instance.cancel('at once');
    await kit().flows.start();
    const view = await instance.ended();
    expect(view).toMatchObject({ status: 'cancelled', compensations: [] });
    expect(view.steps.map(({ state }) => state)).toEqual(steps.map(() => 'notReached'));
    expect(instance.calls()).toEqual([]);
  });

  it('undoes even the last step, when that is done in spite of it', async () => {
    const instance = await kit().start(laptop, { ...wish, pay: 'waits and ignores cancel' });
    await instance.held();
    await instance.cancel('too expensive');
    await instance.until(({ cancelRequest }) => cancelRequest !== null);
    instance.release();
    const view = await instance.ended();
    expect(view).toMatchObject({ status: 'cancelled', output: undefined, compensations: [{ step: 'pay', undone: true, input: { output: { number: 'bank-x1' } } }, { step: 'placeOrder', undone: true }] });
  });

  it('may be asked for twice', async () => {
    const instance = await kit().start(laptop, { ...wish, undo: 'waits', pay: 'waits' });
    await instance.held();
    await instance.cancel('first');
    await instance.until(({ compensations }) => compensations.some(({ step }) => step === 'placeOrder'));
    await instance.held();
    const second = await instance.cancel('second').then(
      () => 'taken',
      (error: unknown) => String(error),
    );
    expect(second).toMatch(/taken|already requested/);
    instance.release();
    const view = await instance.ended();
    expect(view).toMatchObject({ status: 'cancelled', cancelRequest: { reason: 'first' } });
    expect(view.compensations.map(({ step, undone }) => `${step} ${undone}`)).toEqual(['pay false', 'placeOrder true']);
  });

  it('withdraws an incident', async () => {
    const instance = await kit().start(laptop, { ...wish, pay: 'does it but fails until told' });
    await instance.until(({ incidents }) => incidents.length === 1);
    await instance.cancel('no more');
    const view = await instance.ended();
    expect(view).toMatchObject({ status: 'cancelled', incidents: [{ id: 'pay.1', resolution: { verb: 'cancelled', by: null } }] });
    expect(view.steps[3]).toMatchObject({ step: 'pay', state: 'cancelled', visits: [{ failure: { message: 'down' } }] });
    expect(view.compensations).toMatchObject([{ step: 'pay', undone: true }, { step: 'placeOrder', undone: true }]);
  });

  it('stops a step between two attempts', async () => {
    const instance = await kit().start(timely, { patient: true, trouble: 'does it but fails until told' });
    await instance.until(({ steps: [, pay] }) => pay?.state === 'retrying');
    await instance.cancel('no more');
    expect(await instance.ended()).toMatchObject({ status: 'cancelled', steps: [{}, { state: 'cancelled' }], compensations: [{ step: 'payPatiently', undone: true }] });
  });

  it('settles all branches of a fork before anything is undone', async () => {
    const instance = await kit().start(fork, { left: 'waits and ignores cancel', right: 'does it, then waits' });
    await instance.held(2);
    await instance.cancel('both');
    const settling = await instance.until(({ steps: [, right] }) => right?.state === 'cancelled');
    expect(settling).toMatchObject({ steps: [{ state: 'running' }, {}, {}], compensations: [] });
    instance.release();
    const view = await instance.ended();
    expect(view).toMatchObject({ status: 'cancelled', steps: [{ state: 'completed' }, { state: 'cancelled' }, { state: 'notReached' }] });
    expect(view.compensations.map(({ step, undone }) => `${step} ${undone}`)).toEqual(['right true', 'left true']);
  });

  it('cannot be swallowed by a flow that catches everything', async () => {
    const instance = await kit().start(careless, { habit: 'catches everything', trouble: 'waits' });
    await instance.held();
    await instance.cancel('enough');
    const view = await instance.ended();
    // What the flow calls after it was cancelled is not begun, so there is nothing to undo of it and no task was ever open.
    expect(view).toMatchObject({ status: 'cancelled', compensations: [{ step: 'pay', undone: false }, { step: 'placeOrder', visit: 1, undone: true }] });
    expect(view.story.filter(({ text }) => text.includes('Approve'))).toEqual([]);
    expect(view.steps.map(({ step, state }) => `${step} ${state}`)).toEqual(['lookUp notReached', 'placeOrder completed', 'pay cancelled', 'approve notReached']);
  });

  it('refuses decisions on the tasks that it withdrew', async () => {
    const instance = await kit().start(laptop, { ...wish, ask: true, undo: 'waits' });
    await instance.until(({ tasks }) => tasks.length === 1);
    await instance.cancel('no more');
    await instance.held();
    const before = await instance.recorded();
    const refusal = await instance.refusal('task.complete', { task: 'approve', actor: manager, decision: { outcome: 'approve' } });
    expect(refusal).toEqual({ type: 'Conflict', message: 'task "approve" was withdrawn: its instance no longer asks' });
    expect(await instance.recorded()).toBe(before);
    instance.release();
    const view = await instance.ended();
    expect(view).toMatchObject({ status: 'cancelled', steps: [{}, {}, { step: 'approve', state: 'cancelled', visits: [{ decision: null }] }, {}, {}] });
    expect(view.story.map(({ text }) => text)).toContain('“Approve the laptop” was withdrawn.');
  });
});
