import { expect, it } from '@jest/globals';
import { viewInstance } from '../../visibility/view.ts';
import { careless, delivery, fork, laptop, loop, timely } from '../kit/contracts.ts';
import { inBothModes } from '../kit/modes.ts';
import type { StartedInstance } from '../kit/started-instance.ts';

const wish = { item: 'x1', requestedBy: 'ada', ask: false };
const olga = { user: 'olga', groups: [] };
const mia = { user: 'mia', groups: ['managers'] };
const time = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);

/** The states of the steps, those of their visits in brackets where there are several. */
const statesOf = async (instance: StartedInstance): Promise<readonly string[]> =>
  (await instance.view()).steps.map(({ state, visits }) => (visits.length > 1 ? `${state} (${visits.map((visit) => visit.state).join(', ')})` : state));

/** Neither the view nor what it is made of may be changed by making it. */
function frozen<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !ArrayBuffer.isView(value) && !Object.isFrozen(value)) {
    Object.freeze(value);
    for (const inner of Object.values(value)) frozen(inner);
  }
  return value;
}

inBothModes('the view of an instance', (kit) => {
  it('tells an attempt that is under way from one that has not begun', async () => {
    const running = await kit().start(laptop, { ...wish, order: 'waits' });
    // Nobody serves the queue of this one.
    const scheduled = await kit().start(delivery, { item: 'x1' });
    await running.held();
    await scheduled.until(({ steps: [deliver] }) => deliver?.state === 'running');
    expect((await running.view()).steps.slice(0, 3)).toMatchObject([
      { step: 'lookUp', title: 'Look up the item', kind: 'service', of: ['shop'], state: 'completed', visits: [{ visit: 1, attempts: 1, scheduledAt: time, startedAt: time, closedAt: time, nextAttemptAt: null, input: { item: 'x1' }, output: { number: 'x1' }, failure: null, decision: null }] },
      { step: 'placeOrder', state: 'running', visits: [{ attempts: 1, startedAt: time, closedAt: null, output: undefined }] },
      { step: 'approve', kind: 'human', of: ['managers'], state: 'notReached', visits: [] },
    ]);
    expect((await scheduled.view()).steps).toMatchObject([{ step: 'deliver', kind: 'bot', state: 'running', visits: [{ attempts: 0, scheduledAt: time, startedAt: null, closedAt: null }] }]);
    running.release();
    await scheduled.handle.terminate('nobody delivers');
    const terminated = await scheduled.ended();
    expect(terminated).toMatchObject({ status: 'terminated', closedAt: time, failure: { type: 'Terminated', message: 'nobody delivers' }, steps: [{ state: 'cancelled', visits: [{ state: 'cancelled', closedAt: terminated.closedAt }] }] });
    expect((await running.ended()).status).toBe('completed');
  });

  it('tells what the last attempt failed of and when the next is due', async () => {
    const instance = await kit().start(timely, { patient: true, trouble: 'fails twice' });
    const { steps } = await instance.until(({ steps: [, pay] }) => pay?.state === 'retrying');
    expect(steps[1]).toMatchObject({ state: 'retrying', visits: [{ attempts: 1, closedAt: null, nextAttemptAt: time, failure: { type: 'Unavailable', message: 'not now (attempt 1)', evidence: [] } }] });
    const [visit] = steps[1]?.visits ?? [];
    const wait = Date.parse(visit?.nextAttemptAt ?? '') - Date.parse(visit?.scheduledAt ?? '');
    expect(wait).toBeGreaterThanOrEqual(3_600_000);
    expect(wait).toBeLessThan(3_660_000);
    await instance.handle.cancel();
    expect(await instance.ended()).toMatchObject({ status: 'cancelled', steps: [{ state: 'notReached' }, { state: 'cancelled', visits: [{ nextAttemptAt: null, closedAt: time }] }] });
  });

  it('counts attempts, and keeps the failure that was overcome', async () => {
    const instance = await kit().start(laptop, { ...wish, order: 'fails, then waits' });
    await instance.held();
    const second = { attempts: 2, failure: { type: 'Unavailable', message: 'not now (attempt 1)' } };
    expect((await instance.view()).steps[1]).toMatchObject({ state: 'running', visits: [{ ...second, closedAt: null }] });
    instance.release();
    const view = await instance.ended();
    expect(view.steps[1]).toMatchObject({ state: 'completed', visits: [{ ...second, output: { number: 'shop-x1' } }] });
    expect(view.story.map(({ text }) => text)).toEqual(['ada started “Order a laptop”.', '“Look up the item” was done.', '“Place the order” began its attempt 2, after: not now (attempt 1)', '“Place the order” was done.', '“Pay” was done.', 'It completed.']);
  });

  it('shows the state of the newest visit', async () => {
    const instance = await kit().start(loop, { times: 2, asks: true });
    await instance.until(({ tasks }) => tasks.length === 1);
    await instance.verb('task.complete', { task: 'approve', actor: mia, decision: { outcome: 'approve' } });
    await instance.until(({ tasks }) => tasks[0]?.visit === 2);
    expect(await statesOf(instance)).toEqual(['completed (completed, completed)', 'waiting (completed, waiting)', 'notReached']);
    await instance.handle.cancel();
    await instance.ended();
    expect(await statesOf(instance)).toEqual(['completed (completed, completed)', 'cancelled (completed, cancelled)', 'notReached']);

    const broken = await kit().start(careless, { habit: 'passes on nothing the second time' });
    await broken.until(({ incidents }) => incidents.length === 1);
    expect(await statesOf(broken)).toEqual(['incident (completed, incident)', 'notReached', 'notReached', 'notReached']);
    await broken.verb('incident.retry', { incident: 'lookUp:2.1', actor: olga });
    await broken.until(({ incidents }) => incidents.length === 2);
    await broken.verb('incident.fail', { incident: 'lookUp:2.2', actor: olga, reason: 'no use' });
    await broken.ended();
    expect(await statesOf(broken)).toEqual(['failed (completed, failed)', 'notReached', 'notReached', 'notReached']);
  });

  it('shows an incident of a human step whose person cannot be shown anything', async () => {
    const instance = await kit().start(careless, { habit: 'shows nothing' });
    const stuck = await instance.until(({ incidents }) => incidents.length === 1);
    expect(stuck).toMatchObject({ incidents: [{ id: 'approve.1', step: 'approve', activity: 'approve', failure: { type: 'InvalidInput' } }], tasks: [], waitingFor: [{ name: 'approve' }] });
    expect(stuck.steps[3]).toMatchObject({ step: 'approve', state: 'incident', visits: [{ state: 'incident' }] });
    await instance.verb('incident.fail', { incident: 'approve.1', actor: olga, reason: 'no use' });
    expect((await instance.ended()).steps[3]).toMatchObject({ state: 'failed' });
  });

  it('leaves nothing open when an instance was terminated, which compensates nothing', async () => {
    const instance = await kit().start(fork, { left: 'fails until told', right: 'none', rightAsks: true });
    await instance.until(({ incidents, tasks }) => incidents.length === 1 && tasks.length === 1);
    await instance.handle.terminate('enough');
    const view = await instance.ended();
    expect(view).toMatchObject({ status: 'terminated', tasks: [], waitingFor: [], compensations: [], incidents: [{ resolution: { verb: 'cancelled', by: null, at: view.closedAt } }] });
    expect(view.steps.map(({ state }) => state)).toEqual(['cancelled', 'notReached', 'cancelled']);
    expect(view.story.at(-1)?.text).toMatch(/terminated it without compensation: enough$/);
  });

  it('says that the time of the whole instance ran out', async () => {
    const instance = await kit().start(laptop, { ...wish, order: 'waits' }, { within: '1 second' });
    const view = await instance.ended();
    expect(view).toMatchObject({ status: 'timedOut', failure: { type: 'TimedOut' }, compensations: [] });
    expect(view.steps.map(({ state }) => state).slice(0, 2)).not.toContain('running');
  });

  it('is a pure function of its sources', async () => {
    const instance = await kit().start(loop, { times: 2, asks: true, fails: true });
    for (const task of ['approve', 'approve:2']) {
      await instance.until(({ tasks }) => tasks[0]?.id === task);
      await instance.handle.signal('decide', { task, actor: mia, decision: { outcome: 'approve' } });
    }
    await instance.ended();
    const sources = frozen(await instance.sources());
    const first = frozen(viewInstance(sources));
    expect(viewInstance(sources)).toEqual(first);
    expect(JSON.parse(JSON.stringify(first))).toMatchObject({ status: 'rejected' });
  });

  it('is right at each moment of a history: what has ended stays ended', async () => {
    const instance = await kit().start(loop, { times: 2, asks: true, fails: true });
    for (const task of ['approve', 'approve:2']) {
      await instance.until(({ tasks }) => tasks[0]?.id === task);
      await instance.verb('task.claim', { task, actor: mia });
      await instance.verb('task.complete', { task, actor: mia, decision: { outcome: 'approve' } });
    }
    await instance.ended();
    const { events, definition } = await instance.sources();
    const views = events.map((_, nth) => viewInstance({ description: {}, definition, events: events.slice(0, nth + 1) }));
    expect(views.map(({ status }) => status)).toEqual([...events.slice(1).map(() => 'running'), 'rejected']);
    for (const [nth, view] of views.entries()) {
      const before = views[nth - 1];
      // A task closes some events before its decision is told; nothing else is ever taken back.
      const ended = before?.steps.flatMap(({ step, visits }) => visits.filter(({ state }) => state === 'completed' || state === 'rejected').map(({ visit, state }) => `${step} ${visit} ${state}`)) ?? [];
      expect(view.steps.flatMap(({ step, visits }) => visits.map(({ visit, state }) => `${step} ${visit} ${state}`))).toEqual(expect.arrayContaining(ended));
      expect(view.steps.map(({ step }) => step)).toEqual(['again', 'approve', 'pay']);
    }
    expect(Math.max(...views.map(({ tasks }) => tasks.length))).toBe(1);
  });
});
