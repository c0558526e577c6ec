import { expect, it } from '@jest/globals';
import { fork, gather } from './contracts.ts';
import { inBothModes } from './modes.ts';

const clerk = { user: 'dan', groups: ['desk'] };
const operator = { user: 'olga', groups: [] };

inBothModes('a fork', (kit) => {
  it('begins all branches at once and joins their results under their keys', async () => {
    const instance = await kit().start(fork, { left: 'waits', right: 'waits' });
    await instance.held(2);
    expect((await instance.view()).steps.map(({ state }) => state)).toEqual(['running', 'running', 'notReached']);
    instance.release();
    expect(await instance.ended()).toMatchObject({ status: 'completed', output: { result: 'shop-left bank-right' } });
  });

  it('takes branches in a list, forks within branches, and promises that are no steps', async () => {
    const instance = await kit().start(gather, { items: ['a', 'b', 'c'] });
    const view = await instance.ended();
    expect(view).toMatchObject({ status: 'completed', output: { found: ['a', 'b', 'c'], same: 'plain' } });
    expect(view.steps.map(({ step, state }) => `${step} ${state}`)).toEqual(['first completed', 'second completed', 'third completed']);
  });

  it('cancels the other branches when one is refused, and lets the flow go on where it catches that', async () => {
    const instance = await kit().start(fork, { left: 'refuses when told', right: 'does it, then waits', catches: true });
    await instance.held(2);
    instance.release('left');
    const view = await instance.ended();
    expect(view).toMatchObject({ status: 'completed', output: { result: 'caught' }, compensations: [] });
    expect(view.steps.map(({ state }) => state)).toEqual(['rejected', 'cancelled', 'notReached']);
    // A flow that returns keeps its effects.
    expect(instance.books('bank')).toEqual(['standing']);
  });

  it('withdraws the task of a branch when another is refused, and begins nothing after it', async () => {
    const instance = await kit().start(fork, { left: 'refuses when told', right: 'none', rightAsks: true });
    await instance.held();
    await instance.until(({ tasks }) => tasks.length === 1);
    instance.release();
    const view = await instance.ended();
    expect(view).toMatchObject({ status: 'rejected', tasks: [], waitingFor: [] });
    expect(view.steps.map(({ step, state }) => `${step} ${state}`)).toEqual(['left rejected', 'right notReached', 'ask cancelled']);
    expect(view.story.map(({ text }) => text)).toContain('“Hand the laptop out” was withdrawn.');
  });

  it('lets a branch ask a person while another works', async () => {
    const instance = await kit().start(fork, { left: 'waits', right: 'none', rightAsks: true });
    await instance.held();
    await instance.until(({ tasks }) => tasks.length === 1);
    await instance.verb('task.complete', { task: 'ask', actor: clerk, decision: { serial: 'S1' } });
    await instance.until(({ steps: [, right] }) => right?.state === 'completed');
    instance.release();
    expect(await instance.ended()).toMatchObject({ status: 'completed', output: { result: 'shop-left bank-right' } });
  });

  it('ends once, as rejected, when all branches are refused in the same moment', async () => {
    const instance = await kit().start(fork, { left: 'refuses when told', right: 'refuses when told' });
    await instance.held(2);
    await kit().flows.stop();
    instance.release();
    await instance.until(({ steps }) => steps.filter(({ state }) => state === 'rejected').length === 2);
    await kit().flows.start();
    const view = await instance.ended();
    expect(view).toMatchObject({ status: 'rejected', failure: { type: 'Rejected' }, compensations: [] });
    expect(view.failure?.message).toMatch(/step "(left|right)" of .*: the system says no/);
  });

  it('lets a branch go on while another has an incident, and joins them when that is resolved', async () => {
    const instance = await kit().start(fork, { left: 'fails until told', right: 'none' });
    await instance.until(({ incidents, steps: [, right] }) => incidents.length === 1 && right?.state === 'completed');
    instance.heal();
    await instance.verb('incident.retry', { incident: 'left.1', actor: operator });
    expect(await instance.ended()).toMatchObject({ status: 'completed', output: { result: 'shop-left bank-right' } });
  });

  it('withdraws the incident of a branch when another is refused', async () => {
    const instance = await kit().start(fork, { left: 'refuses when told', right: 'does it but fails until told' });
    await instance.until(({ incidents }) => incidents.length === 1);
    instance.release();
    const view = await instance.ended();
    expect(view).toMatchObject({ status: 'rejected', incidents: [{ id: 'right.1', resolution: { verb: 'cancelled', by: null } }], waitingFor: [] });
    expect(view.steps.map(({ state }) => state)).toEqual(['rejected', 'cancelled', 'notReached']);
    expect(view.compensations).toMatchObject([{ step: 'right', undone: true }]);
  });

  it('opens no incident for a branch that fails while it is being cancelled', async () => {
    const instance = await kit().start(fork, { left: 'refuses when told', right: 'fails when cancelled' });
    await instance.held(2);
    instance.release('left');
    const view = await instance.ended();
    expect(view).toMatchObject({ status: 'rejected', failure: { type: 'Rejected' }, incidents: [], compensations: [{ step: 'right', undone: false }] });
    expect(view.steps[1]).toMatchObject({ state: 'failed', visits: [{ failure: { message: 'torn off' } }] });
  });
});
