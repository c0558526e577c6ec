import { expect, it } from '@jest/globals';
import { laptop, loop } from './contracts.ts';
import { inBothModes } from './modes.ts';
import type { StartedInstance } from './started-instance.ts';

const wish = { item: 'x1', requestedBy: 'ada', ask: false };
const operator = { user: 'olga', groups: [] };

/** Of each scheduled activity: its id. */
const activityIds = async (instance: StartedInstance): Promise<readonly string[]> =>
  (await instance.history()).flatMap(({ activityTaskScheduledEventAttributes: scheduled }) => (scheduled ? [scheduled.activityId ?? ''] : []));

inBothModes('the identity of a step', (kit) => {
  it('is its name, and the number of its visit from the second on', async () => {
    const instance = await kit().start(loop, { times: 3, fails: true });
    const view = await instance.ended();
    expect(await activityIds(instance)).toEqual(['again', 'again:2', 'again:3', 'pay', 'undo:again:3', 'undo:again:2', 'undo:again']);
    expect(view.steps[0]?.visits.map(({ visit, input }) => [visit, input])).toEqual([1, 2, 3].map((nth) => [nth, { item: `item ${nth}` }]));
    expect(view.compensations.map(({ step, visit, undone }) => [step, visit, undone])).toEqual([3, 2, 1].map((visit) => ['again', visit, true]));
  });

  it('gives each visit of a human step a task of its own', async () => {
    const instance = await kit().start(loop, { times: 2, asks: true });
    const decision = { outcome: 'approve' };
    await instance.until(({ tasks }) => tasks[0]?.id === 'approve');
    await instance.verb('task.complete', { task: 'approve', actor: { user: 'mia', groups: ['managers'] }, decision });
    await instance.until(({ tasks }) => tasks[0]?.id === 'approve:2');
    expect(await instance.refusal('task.complete', { task: 'approve', actor: { user: 'max', groups: ['managers'] }, decision })).toMatchObject({ type: 'Conflict' });
    await instance.verb('task.complete', { task: 'approve:2', actor: { user: 'max', groups: ['managers'] }, decision });
    const view = await instance.ended();
    expect(view.steps[1]?.visits.map(({ visit, decision }) => [visit, decision?.by])).toEqual([[1, 'mia'], [2, 'max']]);
  });

  it('makes a key of instance, generation, step and visit for the systems to know a call by', async () => {
    const instance = await kit().start(loop, { times: 2, fails: true }, { memo: { generation: 7 } });
    const view = await instance.ended();
    expect(view.generation).toBe('7');
    expect(instance.calls().map(({ key }) => key)).toEqual(['again', 'again:2', 'pay', 'undo:again:2', 'undo:again'].map((id) => `${instance.id}#7/${id}`));
  });

  it('keeps the key over attempts and over what an operator has tried again', async () => {
    const instance = await kit().start(laptop, { ...wish, order: 'fails until told' });
    await instance.until(({ incidents }) => incidents.length === 1);
    await instance.verb('incident.retry', { incident: 'placeOrder.1', actor: operator });
    await instance.until(({ incidents }) => incidents.length === 2);
    instance.heal();
    await instance.verb('incident.retry', { incident: 'placeOrder.2', actor: operator });
    const view = await instance.ended();
    const orders = instance.calls().filter(({ step }) => step === 'placeOrder');
    expect(orders.map(({ attempt }) => attempt)).toEqual([1, 2, 3, 1, 2, 3, 1]);
    expect(new Set(orders.map(({ key }) => key))).toEqual(new Set([`${instance.id}#1/placeOrder`]));
    expect(view.steps[1]).toMatchObject({ state: 'completed', visits: [{ attempts: 7, failure: { type: 'Unavailable', message: 'down' } }] });
    expect(instance.books('shop')).toEqual(['standing']);
  });

  it('has the id of the first run for a generation when nobody gave one', async () => {
    const instance = await kit().start(laptop, wish, { memo: {} });
    const view = await instance.ended();
    const [call] = instance.calls();
    expect(view).toMatchObject({ generation: view.runId, startedBy: null });
    expect(call?.key).toBe(`${instance.id}#${view.runId}/lookUp`);
    // The definition is not in the start memo then, so the kit writes it.
    expect(view.definition).toMatch(/^[0-9a-f]{64}$/);
  });

  it.each(['Zürich/№ 7', 'a#1/pay', '100 %', `"quoted" and 'so'`, '日本/🧾', 'tab\tand\nline', '../../etc', '?x=1&y=2', 'x'.repeat(200)])('is printable ASCII for any business key: %j', async (key) => {
    const instance = await kit().start(laptop, { ...wish, order: 'fails twice' }, { key });
    const view = await instance.ended();
    expect(view).toMatchObject({ id: `laptop/${key}`, status: 'completed' });
    const keys = instance.calls().map((call) => call.key);
    expect(keys).toHaveLength(5);
    for (const one of keys) expect(one).toMatch(/^[\x21-\x7e]+$/);
    expect(new Set(keys).size).toBe(3);
    expect(decodeURI(keys[0] ?? '')).toBe(`laptop/${key}#1/lookUp`);
  });
});
