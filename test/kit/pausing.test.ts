import { expect, it } from '@jest/globals';
import { pauseSignals } from '../../contracts/verbs.ts';
import type { StepState } from '../../visibility/instance-view.ts';
import { furnish, purchase } from '../steps/process.ts';
import { fork, laptop, patience } from './contracts.ts';
import { inBothModes } from './modes.ts';
import type { StartedInstance } from './started-instance.ts';

const wish = { item: 'x1', requestedBy: 'ada', ask: false };
const olga = { user: 'olga', groups: [] };
const mia = { user: 'mia', groups: ['managers'] };
const untilState = (instance: StartedInstance, step: string, state: StepState) => instance.until(({ steps }) => steps.some((one) => one.step === step && one.state === state));
const pause = { actor: olga, reason: 'the shop moves' };

inBothModes('a paused instance', (kit) => {
  it('begins no further step until it is resumed, and says by whom and why', async () => {
    const instance = await kit().start(laptop, { ...wish, order: 'does it, then waits' });
    await instance.held();
    expect(await instance.verb('instance.pause', pause)).toEqual({ paused: true, by: 'olga', reason: 'the shop moves', at: expect.any(String) });
    instance.release();
    const paused = await untilState(instance, 'placeOrder', 'completed');
    expect(paused).toMatchObject({ status: 'running', paused: { by: 'olga', reason: 'the shop moves' } });
    expect(paused.steps.map(({ step, state }) => `${step} ${state}`)).toEqual(['lookUp completed', 'placeOrder completed', 'approve notReached', 'pay notReached', 'handOut notReached']);
    expect(await instance.verb('instance.resume', { actor: { user: 'otto', groups: [] }, comment: 'moved' })).toMatchObject({ paused: false, by: 'otto' });
    const ended = await instance.ended();
    expect(ended).toMatchObject({ status: 'completed', paused: null });
    expect(ended.story.map(({ text }) => text)).toEqual(expect.arrayContaining(['olga paused the instance: the shop moves', 'otto resumed the instance: moved.']));
  });

  it('holds every branch', async () => {
    const instance = await kit().start(fork, { left: 'waits', right: 'none', rightAsks: true });
    await instance.held();
    await instance.until(({ tasks }) => tasks.length === 1);
    await instance.verb('instance.pause', pause);
    await instance.verb('task.complete', { task: 'ask', actor: { user: 'dora', groups: ['desk'] }, decision: { serial: '7' } });
    instance.release();
    const paused = await untilState(instance, 'left', 'completed');
    expect(paused.steps.map(({ state }) => state)).toEqual(['completed', 'notReached', 'completed']);
    await instance.verb('instance.resume', { actor: olga });
    expect(await instance.ended()).toMatchObject({ status: 'completed' });
  });

  it('lets timers run on, but not what they lead to', async () => {
    const instance = await kit().start(patience, { rests: 1, when: { for: '20 ms' } });
    await untilState(instance, 'rest', 'waiting');
    await instance.verb('instance.pause', pause);
    await instance.skip(3);
    const paused = await untilState(instance, 'rest', 'completed');
    expect(paused.steps.find(({ step }) => step === 'untilThen')).toMatchObject({ state: 'notReached' });
    expect(paused.status).toBe('running');
    await instance.verb('instance.resume', { actor: olga });
    expect(await instance.ended()).toMatchObject({ status: 'completed' });
  });

  it('lets due dates stand still', async () => {
    const instance = await kit().start(laptop, { ...wish, ask: true });
    const { tasks: [before] } = await instance.until(({ tasks }) => tasks.length === 1);
    await instance.verb('instance.pause', pause);
    await instance.skip(5);
    await instance.untilEvent((event) => event.timerFiredEventAttributes != null);
    const { tasks, paused } = await instance.view();
    expect(tasks).toMatchObject([{ escalated: false, dueAt: before?.dueAt }]);
    const { at: resumedAt } = await instance.verb('instance.resume', { actor: olga });
    const { tasks: [after] } = await instance.view();
    const stoodStill = Date.parse(resumedAt) - Date.parse(paused?.at ?? '');
    // It was paused somewhat after its due date was set, and the clock went on to that.
    expect(stoodStill).toBeGreaterThan(3_000_000);
    expect(after).toMatchObject({ escalated: false, dueAt: new Date(Date.parse(before?.dueAt ?? '') + stoodStill).toISOString() });
    await instance.skip(1.5);
    await instance.until(({ tasks: [task] }) => task?.escalated === true);
    await instance.verb('task.complete', { task: 'approve', actor: mia, decision: { outcome: 'approve' } });
    expect(await instance.ended()).toMatchObject({ status: 'completed' });
  });

  it('is cancelled as it stands, and undoes what it did', async () => {
    const instance = await kit().start(laptop, { ...wish, order: 'does it, then waits' });
    await instance.held();
    await instance.verb('instance.pause', pause);
    instance.release();
    await untilState(instance, 'placeOrder', 'completed');
    await instance.cancel('not needed any more');
    expect(await instance.ended()).toMatchObject({ status: 'cancelled', compensations: [{ step: 'placeOrder', undone: true }] });
  });

  it('tries a step again that an operator has tried again', async () => {
    const instance = await kit().start(laptop, { ...wish, pay: 'fails until told' });
    await instance.until(({ incidents }) => incidents.length === 1);
    await instance.verb('instance.pause', pause);
    instance.heal();
    await instance.verb('incident.retry', { incident: 'pay.1', actor: olga });
    await instance.ended();
  });

  it('is paused with its sub-processes, and goes on with them', async () => {
    const instance = await kit().start(furnish, { desk: { item: 'desk', pay: 'does it, then waits', handOut: true }, chair: { item: 'chair' } } as never);
    const desk = kit().follow(purchase, `purchase/${instance.id}/desk`);
    await instance.until(({ steps }) => steps[1]?.state === 'completed');
    await desk.held();
    await instance.verb('instance.pause', pause);
    await desk.until(({ paused }) => paused?.by === 'olga');
    desk.release();
    expect((await untilState(desk, 'pay', 'completed')).steps[2]).toMatchObject({ step: 'handOut', state: 'notReached' });
    await instance.verb('instance.resume', { actor: olga });
    await desk.until(({ tasks }) => tasks.length === 1);
    await desk.verb('task.complete', { task: 'handOut', actor: { user: 'dora', groups: ['desk'] }, decision: { serial: '7' } });
    expect(await instance.ended()).toMatchObject({ status: 'completed' });
  });

  it('takes a pause by signal too, and passes over what it cannot read', async () => {
    const instance = await kit().start(laptop, { ...wish, order: 'does it, then waits' });
    await instance.held();
    for (const odd of [undefined, 7, { by: 'otto' }, { by: '', reason: 'x' }]) await instance.handle.signal(pauseSignals.pause, odd);
    await instance.handle.signal(pauseSignals.resume, { by: 'otto', reason: 'nothing is paused' });
    await instance.handle.signal(pauseSignals.pause, { by: 'otto', reason: 'by hand' });
    expect(await instance.until(({ paused }) => paused !== null)).toMatchObject({ paused: { by: 'otto', reason: 'by hand' } });
    instance.release();
    await instance.handle.signal(pauseSignals.resume, { by: 'otto', reason: '' });
    const ended = await instance.ended();
    expect(ended.story.map(({ text }) => text).filter((text) => text.startsWith('otto'))).toEqual(['otto paused the instance: by hand', 'otto resumed the instance.']);
  });

  it('is paused by one of fifty who try at once; the others are told by whom, and leave no event', async () => {
    const instance = await kit().start(laptop, { ...wish, order: 'does it, then waits' });
    await instance.held();
    const answers = await Promise.all(Array.from({ length: 50 }, (_, nth) => instance.refusal('instance.pause', { actor: { user: `o${nth}`, groups: [] }, reason: 'at once' })));
    expect(answers.filter((answer) => answer === null)).toHaveLength(1);
    expect(answers.filter((answer) => answer?.type === 'Conflict' && /is paused already, by o\d+ since/.test(answer.message))).toHaveLength(49);
    expect((await instance.history()).filter((event) => event.workflowExecutionUpdateAcceptedEventAttributes)).toHaveLength(1);
    await instance.verb('instance.resume', { actor: olga });
    expect(await instance.refusal('instance.resume', { actor: olga })).toMatchObject({ type: 'Conflict', message: expect.stringContaining('is not paused') });
    instance.release();
    await instance.ended();
  });

  it('keeps a note in its story', async () => {
    const instance = await kit().start(laptop, { ...wish, order: 'does it, then waits' });
    await instance.held();
    expect(await instance.verb('instance.note', { actor: olga, text: 'the shop called' })).toMatchObject({ by: 'olga', text: 'the shop called' });
    instance.release();
    expect((await instance.ended()).story.map(({ text }) => text)).toContain('olga noted: the shop called');
  });

  it('cannot be paused any more while it undoes what it did', async () => {
    const instance = await kit().start(laptop, { ...wish, pay: 'refuses', undo: 'waits' });
    await instance.held();
    expect(await instance.refusal('instance.pause', pause)).toMatchObject({ type: 'Conflict', message: expect.stringContaining('about to end') });
    instance.release();
    expect(await instance.ended()).toMatchObject({ status: 'rejected' });
  });
});
