import { setTimeout as pause } from 'node:timers/promises';
import { expect, it } from '@jest/globals';
import { inBothModes } from '../kit/modes.ts';
import type { StartedInstance } from '../kit/started-instance.ts';
import { crossed, nested, tender } from './for-each.ts';

const items = (count: number, odd: Record<number, object> = {}) => Array.from({ length: count }, (_, index) => ({ item: `shop ${index}`, ...odd[index] }));
const visitsOf = async (instance: StartedInstance, step = 'order') => (await instance.view()).steps.find((one) => one.step === step)?.visits ?? [];
const standing = (instance: StartedInstance) => instance.books('shop').filter((state) => state === 'standing').length;

inBothModes('forEach', (kit) => {
  it('does the same with each member, in the members\' order, each a visit by its index', async () => {
    const instance = await kit().start(tender, { members: items(5) });
    expect(await instance.ended()).toMatchObject({ status: 'completed', output: { orders: [0, 1, 2, 3, 4].map((index) => `shop-shop ${index}`) } });
    const visits = await visitsOf(instance);
    expect(visits.map(({ visit, input }) => ({ visit, item: (input as { item: string }).item }))).toEqual([1, 2, 3, 4, 5].map((visit) => ({ visit, item: `shop ${visit - 1}` })));
  });

  it('works on as many at once as it may', async () => {
    const instance = await kit().start(tender, { members: items(5, { 0: { trouble: 'waits' }, 1: { trouble: 'waits' }, 4: { trouble: 'waits' } }), atMost: 2 });
    await instance.held(2);
    expect((await visitsOf(instance)).map(({ visit }) => visit)).toEqual([1, 2]);
    instance.release('order:2');
    await instance.until(({ steps }) => steps[0]?.visits.at(-1)?.visit === 5);
    await instance.held(2);
    // One lane went through what does not wait, and holds the last.
    expect((await visitsOf(instance)).map(({ visit, state }) => `${visit} ${state}`)).toEqual(['1 running', '2 completed', '3 completed', '4 completed', '5 running']);
    instance.release();
    expect(await instance.ended()).toMatchObject({ status: 'completed' });
  });

  it('numbers further calls of a step after the first calls of all members, whoever comes first', async () => {
    const instance = await kit().start(tender, { members: items(3, { 0: { trouble: 'waits', again: 1 }, 2: { again: 2 } }), rounds: 2 });
    await instance.held();
    instance.release();
    await instance.until(({ steps }) => steps[0]?.visits.some(({ visit }) => visit === 10) === true);
    await instance.held();
    instance.release();
    await instance.ended();
    const seen = (await visitsOf(instance)).map(({ visit, input }) => `${visit} ${(input as { item: string }).item}`);
    expect(seen).toEqual([
      ...['1 shop 0', '2 shop 1', '3 shop 2', '4 shop 0 again', '6 shop 2 again', '9 shop 2 again'],
      ...['10 shop 0', '11 shop 1', '12 shop 2', '13 shop 0 again', '15 shop 2 again', '18 shop 2 again'],
    ]);
  });

  it('may have members that have members', async () => {
    const instance = await kit().start(nested, { outer: 2, inner: 3 });
    expect(await instance.ended()).toMatchObject({ output: { orders: [['shop-1.1', 'shop-1.2', 'shop-1.3'], ['shop-2.1', 'shop-2.2', 'shop-2.3']] } });
    const seen = (await visitsOf(instance)).map(({ visit, input }) => `${visit} ${(input as { item: string }).item}`);
    expect(seen).toEqual(['1 before', '2 1.1', '3 2.1', '4 1.2', '5 2.2', '6 1.3', '7 2.3', '8 after']);
  });

  it('takes no members at all', async () => {
    const none = await kit().start(tender, { members: [] });
    expect(await none.ended()).toMatchObject({ status: 'completed', output: { orders: [] } });
    const some = await kit().start(tender, { members: [], enough: 1 });
    expect(await some.ended()).toMatchObject({ status: 'rejected', failure: { message: '1 of 0 members cannot succeed' } });
  });

  it('cancels and settles the others when a member fails, and what all did is undone', async () => {
    const instance = await kit().start(tender, { members: items(4, { 1: { trouble: 'refuses when told' }, 2: { trouble: 'waits' }, 3: { asks: true } }), atMost: 4 });
    await instance.held(2);
    await instance.until(({ tasks }) => tasks.length === 1);
    instance.release('order:2');
    const ended = await instance.ended();
    expect(ended).toMatchObject({ status: 'rejected', tasks: [] });
    expect((await visitsOf(instance)).map(({ state }) => state)).toEqual(['completed', 'rejected', 'cancelled', 'completed']);
    expect(standing(instance)).toBe(0);
  });

  it('with enough, is over when so many have succeeded: the rest are cancelled and undone', async () => {
    const instance = await kit().start(tender, { members: items(5, { 0: { trouble: 'waits' }, 1: { asks: true }, 3: { trouble: 'refuses' }, 4: { trouble: 'does it, then waits' } }), enough: 1, then: 'waits' });
    const now = await instance.until(({ steps }) => steps[3]?.state === 'running');
    expect(now.tasks).toEqual([]);
    expect(now.compensations.map(({ visit, undone }) => `${visit} ${undone}`)).toEqual(expect.arrayContaining(['5 true', '2 true']));
    expect(standing(instance)).toBe(1);
    await instance.held();
    instance.release();
    expect(await instance.ended()).toMatchObject({ status: 'completed', output: { orders: ['2 shop-shop 2'] } });
  });

  it('with enough, goes on over failures, and undoes what a member that failed did', async () => {
    const instance = await kit().start(tender, { members: items(4, { 0: { pay: 'refuses' }, 2: { trouble: 'refuses' } }), enough: 2 });
    expect(await instance.ended()).toMatchObject({ status: 'completed', output: { orders: ['1 shop-shop 1', '3 shop-shop 3'] } });
    expect(standing(instance)).toBe(2);
  });

  it.each([true, false])('with enough out of reach, undoes what all did and fails (caught by the flow: %s)', async (catches) => {
    const instance = await kit().start(tender, { members: items(4, { 0: { asks: true }, 2: { trouble: 'refuses when told' }, 3: { trouble: 'refuses' } }), enough: 3, catches, then: catches ? 'none' : undefined });
    await instance.held();
    await instance.until(({ tasks, steps }) => tasks.length === 1 && steps[0]?.visits[1]?.state === 'completed');
    instance.release();
    expect(await instance.ended()).toMatchObject({ status: catches ? 'completed' : 'rejected' });
    expect(instance.books('shop').filter((state) => state === 'undone')).toHaveLength(2);
    expect(standing(instance)).toBe(0);
  });

  it('is undone whole when the instance fails later, and cancelled with it', async () => {
    const failing = await kit().start(tender, { members: items(3), then: 'refuses' });
    expect((await failing.ended()).compensations.map(({ visit }) => visit).sort()).toEqual([1, 2, 3]);
    const cancelled = await kit().start(tender, { members: items(3, { 1: { asks: true } }), enough: 3 });
    await cancelled.until(({ tasks, steps }) => tasks.length === 1 && steps[0]?.visits.every(({ state }) => state === 'completed') === true);
    await cancelled.cancel('enough of it');
    expect(await cancelled.ended()).toMatchObject({ status: 'cancelled' });
    expect(cancelled.books('shop')).toEqual(['undone', 'undone', 'undone']);
  });

  it('is stuck, not failed, when it is asked for less than nothing: that is a bug', async () => {
    const instance = await kit().start(tender, { members: items(1), atMost: 0 });
    while ((await instance.view()).problem === null) await pause(20);
    expect((await instance.view()).problem?.message).toContain('forEach: atMost is 0');
    await instance.handle.terminate();
  });

  it('gives no two calls one key: a step that is called beside it at the same time is a bug that is told', async () => {
    const [once, twice] = await Promise.all([1, 2].map((times) => kit().start(crossed, { times })));
    if (!once || !twice) throw new Error('not started');
    expect(await once.ended()).toMatchObject({ status: 'completed' });
    expect(once.books('shop')).toHaveLength(4);
    const { problem } = await twice.until((view) => view.problem !== null);
    expect(problem?.message).toContain('step "order" is called in a forEach and at the same time beside it');
    await twice.handle.terminate();
  });
});
