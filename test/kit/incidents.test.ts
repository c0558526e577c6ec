import { expect, it } from '@jest/globals';
import type { UpdateName } from '../../contracts/verbs.ts';
import { careless, fork, laptop } from './contracts.ts';
import { inBothModes } from './modes.ts';

const wish = { item: 'x1', requestedBy: 'ada', ask: false };
const olga = { user: 'olga', groups: [] };

inBothModes('an incident', (kit) => {
  it('waits for an operator, who has the step tried again: as often as it takes', async () => {
    const instance = await kit().start(laptop, { ...wish, pay: 'fails until told' });
    const stuck = await instance.until(({ incidents }) => incidents.length === 1);
    expect(stuck).toMatchObject({
      status: 'running',
      incidents: [{ id: 'pay.1', step: 'pay', visit: 1, title: 'Pay', of: 'step', activity: 'bank.pay', failure: { type: 'Unavailable', message: 'down' }, resolution: null }],
      waitingFor: [{ kind: 'system', name: 'bank', step: 'pay', why: 'down' }],
    });
    expect(stuck.steps[3]).toMatchObject({ state: 'incident', visits: [{ state: 'incident', attempts: 3 }] });
    expect(await instance.verb('incident.retry', { incident: 'pay.1', actor: olga, comment: 'once more' })).toEqual({ incident: 'pay.1', resolution: 'retry', resolvedBy: 'olga' });
    await instance.until(({ incidents }) => incidents.length === 2);
    instance.heal();
    await instance.verb('incident.retry', { incident: 'pay.2', actor: olga });
    const view = await instance.ended();
    expect(view).toMatchObject({ status: 'completed', waitingFor: [] });
    expect(view.incidents.map(({ id, resolution }) => [id, resolution?.verb, resolution?.by, resolution?.comment])).toEqual([['pay.1', 'retry', 'olga', 'once more'], ['pay.2', 'retry', 'olga', null]]);
    // Each has its own to look at, though attempts are counted anew.
    expect(view.incidents.map(({ evidence }) => evidence.map(({ name }) => name))).toEqual([['pay-3-screen.txt'], ['pay.1-3-screen.txt']]);
    expect(view.story.map(({ text }) => text)).toEqual(expect.arrayContaining(['Incident pay.1: “Pay” needs an operator: down', 'olga resolved incident pay.1 with retry: once more.']));
  });

  it('ends the instance as failed when an operator gives up, with reason and name', async () => {
    const instance = await kit().start(laptop, { ...wish, order: 'fails until told' });
    await instance.until(({ incidents }) => incidents.length === 1);
    expect(await instance.verb('incident.fail', { incident: 'placeOrder.1', actor: olga, reason: 'the shop is gone' })).toEqual({ incident: 'placeOrder.1', resolution: 'fail', resolvedBy: 'olga' });
    const view = await instance.ended();
    expect(view).toMatchObject({ status: 'failed', failure: { type: 'Unexpected', message: 'olga gave up on step "placeOrder" (the shop is gone): down' } });
    expect(view.steps.map(({ state }) => state)).toEqual(['completed', 'failed', 'notReached', 'notReached', 'notReached']);
    expect(view.incidents).toMatchObject([{ resolution: { verb: 'fail', by: 'olga', comment: 'the shop is gone' } }]);
  });

  it('refuses a verb with its reason, and records nothing of it', async () => {
    const instance = await kit().start(laptop, { ...wish, order: 'does it, then waits', pay: 'fails until told' });
    await instance.held();
    instance.release();
    await instance.until(({ incidents }) => incidents.length === 1);
    const before = await instance.recorded();
    const refusals: readonly (readonly [UpdateName, unknown, string, RegExp])[] = [
      ['incident.retry', { incident: 'pay', actor: olga }, 'NotFound', /no incident "pay" in this instance; open ones: pay\.1/],
      ['incident.retry', { incident: 'pay.2', actor: olga }, 'NotFound', /pay\.2/],
      ['incident.fail', { incident: 'pay.1', actor: olga, reason: 'no' }, 'InvalidInput', /reason/],
      ['incident.fail', { incident: 'pay.1', actor: olga }, 'InvalidInput', /reason/],
      ['incident.retry', { incident: 'pay.1' }, 'InvalidInput', /actor/],
      ['incident.retry', { incident: 'pay.1', actor: olga, validUntil: '2020-01-01T00:00:00Z' }, 'Unavailable', /nothing was recorded/],
      ['incident.fail', { incident: 'pay.1', actor: olga, reason: 'too late', validUntil: '2020-01-01T00:00:00Z' }, 'Unavailable', /nothing was recorded/],
      ['incident.fail', null, 'InvalidInput', /update "incident\.fail"/],
    ];
    for (const [verb, input, type, says] of refusals) expect(await instance.refusal(verb, input)).toEqual({ type, message: expect.stringMatching(says) });
    expect(await instance.recorded()).toBe(before);
    instance.heal();
    await instance.verb('incident.retry', { incident: 'pay.1', actor: olga });
    expect((await instance.ended()).status).toBe('completed');
  });

  it('is resolved once', async () => {
    const instance = await kit().start(fork, { left: 'fails until told', right: 'waits' });
    await instance.until(({ incidents }) => incidents.length === 1);
    await instance.held();
    instance.heal();
    await instance.verb('incident.retry', { incident: 'left.1', actor: olga });
    const before = await instance.until(({ steps: [left] }) => left?.state === 'completed').then(() => instance.recorded());
    for (const verb of ['incident.retry', 'incident.fail'] as const) {
      expect(await instance.refusal(verb, { incident: 'left.1', actor: { user: 'otto', groups: [] }, ...(verb === 'incident.fail' ? { reason: 'no use' } : {}) })).toEqual({ type: 'Conflict', message: 'incident "left.1" was already resolved with retry by olga' });
    }
    expect(await instance.recorded()).toBe(before);
    instance.release();
    expect((await instance.ended()).status).toBe('completed');
  });

  it('is resolved by exactly one of fifty who try at once', async () => {
    const instance = await kit().start(fork, { left: 'fails until told', right: 'waits' });
    await instance.until(({ incidents }) => incidents.length === 1);
    instance.heal();
    const tries = Array.from({ length: 50 }, (_, nth) => instance.refusal('incident.retry', { incident: 'left.1', actor: { user: `o${nth}`, groups: [] } }));
    const answers = await Promise.all(tries);
    expect(answers.filter((answer) => answer === null)).toHaveLength(1);
    expect(answers.filter((answer) => answer?.type === 'Conflict')).toHaveLength(49);
    expect((await instance.history()).filter((event) => event.workflowExecutionUpdateAcceptedEventAttributes)).toHaveLength(1);
    await instance.held();
    instance.release();
    expect(await instance.ended()).toMatchObject({ status: 'completed', incidents: [{ resolution: { verb: 'retry', by: `o${answers.indexOf(null)}` } }] });
  });

  it('may stand beside another in a fork; each is resolved for itself', async () => {
    const instance = await kit().start(fork, { left: 'fails until told', right: 'fails until told' });
    const stuck = await instance.until(({ incidents }) => incidents.length === 2);
    expect(stuck.waitingFor.map(({ name }) => name).sort()).toEqual(['bank', 'shop']);
    instance.heal();
    await instance.verb('incident.retry', { incident: 'right.1', actor: olga });
    const half = await instance.until(({ steps: [, right] }) => right?.state === 'completed');
    expect(half.waitingFor.map(({ name }) => name)).toEqual(['shop']);
    await instance.verb('incident.retry', { incident: 'left.1', actor: olga });
    expect((await instance.ended()).status).toBe('completed');
  });

  it('ends all branches when an operator gives up on one, though the flow catches what it can', async () => {
    const instance = await kit().start(fork, { left: 'fails until told', right: 'does it, then waits', catches: true });
    await instance.until(({ incidents }) => incidents.length === 1);
    await instance.held();
    await instance.verb('incident.fail', { incident: 'left.1', actor: olga, reason: 'no use' });
    const view = await instance.ended();
    expect(view).toMatchObject({ status: 'failed', output: undefined, failure: { message: expect.stringContaining('olga gave up') } });
    expect(view.steps.map(({ state }) => state)).toEqual(['failed', 'cancelled', 'notReached']);
    expect(view.compensations.map(({ step, undone }) => `${step} ${undone}`)).toEqual(['right true', 'left false']);
  });

  it('lets nothing more begin in a flow that goes on after an operator gave up', async () => {
    const instance = await kit().start(careless, { habit: 'catches everything', trouble: 'fails until told' });
    await instance.until(({ incidents }) => incidents.length === 1);
    await instance.verb('incident.fail', { incident: 'pay.1', actor: olga, reason: 'no use' });
    const view = await instance.ended();
    expect(view.status).toBe('failed');
    expect(view.steps.map(({ step, state }) => `${step} ${state}`)).toEqual(['lookUp notReached', 'placeOrder completed', 'pay failed', 'approve notReached']);
    expect(view.compensations.map(({ step, undone }) => `${step} ${undone}`)).toEqual(['pay false', 'placeOrder true']);
  });
});
