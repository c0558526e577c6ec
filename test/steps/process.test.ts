import { randomUUID } from 'node:crypto';
import { expect, it } from '@jest/globals';
import type { Kit } from '../kit/running-kit.ts';
import { inBothModes } from '../kit/modes.ts';
import type { StartedInstance } from '../kit/started-instance.ts';
import { furnish, office, purchase, race } from './process.ts';

const olga = { user: 'olga', groups: ['operators'] };
const both = { desk: { item: 'desk' }, chair: { item: 'chair' } };
const stateOf = async (instance: StartedInstance, step: string) => (await instance.view()).steps.find((one) => one.step === step)?.state;
const untilIncident = (instance: StartedInstance) => instance.until(({ incidents }) => incidents.some(({ resolution }) => resolution === null));

inBothModes('a sub-process', (kit) => {
  const subOf = (instance: StartedInstance, step: string) => kit().follow(purchase, `purchase/${instance.id}/${step}`);
  const begun = async (instance: StartedInstance, step: string) => {
    await instance.until(({ steps }) => steps.some((one) => one.step === step && one.visits[0]?.startedAt));
    return subOf(instance, step);
  };
  const start = (input: Parameters<Kit['start']>[1]) => kit().start(furnish, input as never);

  it('is an instance of its own, with its own view, and the two know each other', async () => {
    const instance = await start({ ...both, desk: { item: 'desk', handOut: true } });
    const desk = await begun(instance, 'desk');
    const waiting = await instance.until(({ waitingFor, steps }) => waitingFor.length === 1 && steps[1]?.state === 'completed');
    expect(waiting.waitingFor).toMatchObject([{ kind: 'process', name: desk.id, step: 'desk', why: 'Purchase' }]);
    expect(waiting.steps[0]).toMatchObject({ kind: 'process', state: 'running', visits: [{ visit: 1, input: { item: 'desk', handOut: true }, instance: desk.id }] });
    await desk.until(({ tasks }) => tasks.length === 1);
    await desk.verb('task.complete', { task: 'handOut', actor: { user: 'dora', groups: ['desk'] }, decision: { serial: '7' } });
    const [ended, sub] = await Promise.all([instance.ended(), desk.ended()]);
    expect(ended).toMatchObject({ status: 'completed', parent: null, output: { payments: ['bank-desk', 'bank-chair'] } });
    expect(ended.steps[0]).toMatchObject({ state: 'completed', visits: [{ output: { payment: 'bank-desk' }, attempts: 1 }] });
    expect(sub).toMatchObject({ status: 'completed', process: 'purchase', startedBy: 'ada', generation: '1.1', parent: { id: instance.id, step: 'desk', visit: 1 }, output: { payment: 'bank-desk' } });
    expect(ended.story.map(({ text }) => text)).toEqual(expect.arrayContaining([`Sub-process “Purchase” began: ${desk.id}.`, 'Sub-process “Purchase” completed.']));
  });

  it('that is refused refuses its step, after it has undone what it did', async () => {
    const [caught, uncaught] = await Promise.all([true, false].map((catches) => start({ ...both, chair: { item: 'chair', pay: 'refuses' }, catches })));
    expect(await caught?.ended()).toMatchObject({ status: 'completed', output: { payments: [] } });
    const ended = await uncaught?.ended();
    expect(ended).toMatchObject({ status: 'rejected', failure: { message: expect.stringContaining('the system says no') } });
    expect(ended?.steps[1]).toMatchObject({ state: 'rejected' });
    if (!uncaught) throw new Error('not started');
    const chair = subOf(uncaught, 'chair');
    expect(await chair.ended()).toMatchObject({ status: 'rejected', compensations: [{ step: 'placeOrder', undone: true }] });
    expect(chair.books('shop')).toEqual(['undone']);
    // The other branch ran to its end or was cut off, and is undone either way.
    expect(subOf(uncaught, 'desk').books('shop')).not.toContain('standing');
  });

  it('that has completed is undone by its parent, newest first, whatever it is nested in', async () => {
    const instance = await kit().start(office, { places: 2, closes: true });
    const ended = await instance.ended();
    expect(ended).toMatchObject({ status: 'rejected', failure: { message: 'the office closes' } });
    expect(ended.compensations.every(({ undone }) => undone === true)).toBe(true);
    const steps = ended.compensations.map(({ step, title }) => `${title}: ${step}`);
    expect(steps).toHaveLength(10);
    expect(steps[0]).toBe('Cancel the order: place:2/lamp');
    expect(new Set(steps.slice(1, 5))).toEqual(new Set(['Refund: place:2/desk/pay', 'Cancel the order: place:2/desk/placeOrder', 'Refund: place:2/chair/pay', 'Cancel the order: place:2/chair/placeOrder']));
    expect(steps[5]).toBe('Cancel the order: place/lamp');
    for (const nth of [1, 2]) {
      const place = kit().follow(furnish, `furnish/${instance.id}/place${nth === 1 ? '' : `:${nth}`}`);
      expect([place.books('shop'), subOf(place, 'desk').books('shop'), subOf(place, 'desk').books('bank'), subOf(place, 'chair').books('bank')].flat()).toEqual(['undone', 'undone', 'undone', 'undone']);
    }
    expect(ended.story.map(({ text }) => text)).toContain('“Refund” was done.');
  });

  it('that fails is an incident of its parent: retried, it runs again under new keys', async () => {
    const instance = await start({ ...both, desk: { item: 'desk', pay: 'fails until told' } });
    const desk = await begun(instance, 'desk');
    const stuck = await untilIncident(desk);
    expect(stuck.incidents).toMatchObject([{ id: 'pay.1' }]);
    // The parent waits for its sub-process, whose incident this is.
    expect(await stateOf(instance, 'desk')).toBe('running');
    await desk.verb('incident.fail', { incident: 'pay.1', actor: olga, reason: 'the bank is closed' });
    const waiting = await untilIncident(instance);
    expect(waiting.incidents).toMatchObject([{ id: 'desk.1', step: 'desk', title: 'Purchase', failure: { message: expect.stringContaining('the bank is closed') } }]);
    expect(waiting.steps[0]).toMatchObject({ state: 'incident' });
    desk.heal();
    await instance.verb('incident.retry', { incident: 'desk.1', actor: olga });
    const [ended, sub] = await Promise.all([instance.ended(), instance.ended().then(() => desk.view())]);
    expect(ended).toMatchObject({ status: 'completed', output: { payments: ['bank-desk', 'bank-chair'] } });
    expect(ended.steps[0]?.visits).toMatchObject([{ attempts: 2, state: 'completed' }]);
    expect(sub).toMatchObject({ status: 'completed', generation: '1.2' });
    expect(desk.books('shop')).toEqual(['undone', 'standing']);
  });

  it('is cancelled with its parent, and each undoes its own', async () => {
    const instance = await start({ ...both, desk: { item: 'desk', handOut: true } });
    const desk = await begun(instance, 'desk');
    await desk.until(({ tasks }) => tasks.length === 1);
    await instance.until(({ steps }) => steps[1]?.state === 'completed');
    await instance.cancel('no place');
    const [ended, sub] = [await instance.ended(), await desk.ended()];
    expect(sub).toMatchObject({ status: 'cancelled', tasks: [], compensations: [{ step: 'pay', undone: true }, { step: 'placeOrder', undone: true }] });
    expect(ended).toMatchObject({ status: 'cancelled', steps: [{ state: 'cancelled' }, { state: 'completed' }, {}, {}], compensations: [{ step: 'chair/pay', undone: true }, { step: 'chair/placeOrder', undone: true }] });
  });

  it('is left to undo its own to the end when its parent is cancelled meanwhile', async () => {
    const instance = await start({ ...both, desk: { item: 'desk', pay: 'refuses', undo: 'waits' } });
    const desk = await begun(instance, 'desk');
    await desk.held();
    await instance.until(({ steps }) => steps[1]?.state === 'completed' || steps[1]?.state === 'cancelled');
    await instance.cancel('no place');
    await desk.until(({ cancelRequest }) => cancelRequest !== null);
    expect(desk.books('shop')).toEqual(['standing']);
    desk.release();
    const [ended, sub] = await Promise.all([instance.ended(), desk.ended()]);
    expect(sub).toMatchObject({ compensations: [{ step: 'placeOrder', undone: true, attempts: 1 }] });
    expect(desk.books('shop')).toEqual(['undone']);
    expect(subOf(instance, 'chair').books('shop')).not.toContain('standing');
    expect([sub.status, ended.status]).toEqual(['rejected', 'cancelled']);
  });

  it('may be run for each of many members: the rest is cancelled and undoes its own, and what won is its parent\'s to undo', async () => {
    const instance = await kit().start(race, { wishes: [{ item: 'slow', handOut: true }, { item: 'dear', pay: 'refuses' }, { item: 'fast' }], enough: 1, then: 'refuses' });
    const ended = await instance.ended();
    const members = ['buy', 'buy:2', 'buy:3'].map((id) => kit().follow(purchase, `purchase/${instance.id}/${id}`));
    expect(ended).toMatchObject({ status: 'rejected', tasks: [] });
    expect(ended.steps[0]?.visits.map(({ state }) => state)).toEqual(['cancelled', expect.stringMatching(/rejected|cancelled/), 'completed']);
    expect(ended.compensations.map(({ step, undone }) => `${step} ${undone}`)).toEqual(['buy:3/pay true', 'buy:3/placeOrder true']);
    expect((await members[2]?.view())?.status).toBe('completed');
    expect(members.flatMap((member) => member.books('shop'))).not.toContain('standing');
    expect(members.flatMap((member) => member.books('bank'))).not.toContain('standing');
  });

  it('undoes its own when its parent is terminated', async () => {
    const instance = await start({ ...both, desk: { item: 'desk', handOut: true } });
    const desk = await begun(instance, 'desk');
    await desk.until(({ tasks }) => tasks.length === 1);
    await instance.handle.terminate('at once');
    expect(await desk.ended()).toMatchObject({ status: 'cancelled', compensations: [{ undone: true }, { undone: true }] });
    await begun(instance, 'chair').then((chair) => chair.ended());
  });

  it.each([
    ['cancelled', (sub: StartedInstance) => sub.cancel('by itself'), /was cancelled by itself/],
    ['terminated', (sub: StartedInstance) => sub.handle.terminate('by itself'), /terminated/],
  ])('that is %s by itself is an incident of its parent, who may give up', async (_, end, says) => {
    const instance = await start({ ...both, desk: { item: 'desk', handOut: true } });
    const desk = await begun(instance, 'desk');
    await desk.until(({ tasks }) => tasks.length === 1);
    await end(desk);
    const { incidents } = await untilIncident(instance);
    expect(incidents).toMatchObject([{ id: 'desk.1', failure: { message: expect.stringMatching(says) } }]);
    await instance.verb('incident.fail', { incident: 'desk.1', actor: olga, reason: 'no desk then' });
    expect(await instance.ended()).toMatchObject({ status: 'failed', steps: [{ state: 'failed' }, {}, {}, {}] });
    await instance.ended();
    expect(subOf(instance, 'chair').books('shop')).not.toContain('standing');
  });

  it('whose input does not fit is an incident before it begins', async () => {
    const instance = await kit().start(office, { places: 1, closes: false, item: '' });
    const { incidents } = await untilIncident(instance);
    expect(incidents).toMatchObject([{ id: 'place.1', failure: { type: 'InvalidInput', message: expect.stringContaining('desk.item') } }]);
    await instance.verb('incident.fail', { incident: 'place.1', actor: olga, reason: 'no such desk' });
    expect(await instance.ended()).toMatchObject({ status: 'failed', compensations: [] });
  });

  it('whose id somebody else has taken is an incident, retried once the id is free', async () => {
    const key = randomUUID();
    const squatter = await kit().start(purchase, { item: 'desk', handOut: true }, { key: `furnish/${key}/desk` });
    const instance = await kit().start(furnish, both, { key });
    const { incidents } = await untilIncident(instance);
    expect(incidents).toMatchObject([{ id: 'desk.1', failure: { message: expect.stringContaining('already started') } }]);
    await squatter.cancel('make room');
    await squatter.ended();
    await instance.verb('incident.retry', { incident: 'desk.1', actor: olga });
    expect(await instance.ended()).toMatchObject({ status: 'completed', steps: [{ state: 'completed', visits: [{ attempts: 2 }] }, {}, {}, {}] });
  });

  it('costs its parent nine events, as one that is started by hand', async () => {
    const one = await kit().start(office, { places: 0, closes: false });
    const two = await kit().start(office, { places: 1, closes: false });
    await Promise.all([one.ended(), two.ended()]);
    const added = (await two.history()).length - (await one.history()).length;
    expect(added).toBeLessThanOrEqual(9);
  });
});
