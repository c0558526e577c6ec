import { expect, it } from '@jest/globals';
import type { UpdateName } from '../../contracts/verbs.ts';
import { careless, laptop, patience } from './contracts.ts';
import { inBothModes } from './modes.ts';

const wish = { item: 'x1', requestedBy: 'ada', ask: false };
const olga = { user: 'olga', groups: [] };

inBothModes('an incident whose operator mends it', (kit) => {
  const standing = (id: string, system: 'shop' | 'bank') => kit().world.books[system].filter(({ key, state }) => key.startsWith(`${encodeURI(id)}#`) && state === 'standing').map(({ key, item }) => [key.slice(key.indexOf('/pay') + 1 || key.lastIndexOf('/') + 1), item]);

  it('goes on with another input: what the former one did is undone first, and the change is kept as a diff', async () => {
    const instance = await kit().start(laptop, { ...wish, pay: 'does it but fails until told' });
    await instance.until(({ incidents }) => incidents.length === 1);
    expect(standing(instance.id, 'bank')).toEqual([['pay', 'x1']]);
    expect(await instance.verb('incident.retry', { incident: 'pay.1', actor: olga, input: { item: 'x2' }, comment: 'they meant x2' })).toEqual({ incident: 'pay.1', resolution: 'retry', resolvedBy: 'olga' });
    const view = await instance.ended();
    expect(view).toMatchObject({ status: 'completed', output: { payment: 'bank-x2' } });
    expect(standing(instance.id, 'bank')).toEqual([['pay~1', 'x2']]);
    expect(view.incidents).toMatchObject([{ id: 'pay.1', input: { item: 'x1', trouble: 'does it but fails until told' }, resolution: { verb: 'retry', by: 'olga', comment: 'they meant x2', changes: [{ op: 'remove', path: '/trouble' }, { op: 'replace', path: '/item', value: 'x2' }] } }]);
    expect(view.steps.find(({ step }) => step === 'pay')).toMatchObject({ state: 'completed', visits: [{ input: { item: 'x2' }, output: { number: 'bank-x2' } }] });
    expect(view.compensations).toMatchObject([{ step: 'pay', undone: true, by: null }]);
    expect(view.story.map(({ text }) => text)).toContain('olga resolved incident pay.1 with retry and a changed input: they meant x2.');
  });

  it('undoes what the changed input did, when it comes to that', async () => {
    const instance = await kit().start(laptop, { ...wish, pay: 'does it but fails until told' });
    await instance.until(({ incidents }) => incidents.length === 1);
    await instance.verb('incident.retry', { incident: 'pay.1', actor: olga, input: { item: 'x2', trouble: 'does it, then waits' }, comment: 'they meant x2' });
    await instance.held();
    await instance.cancel('not needed any more');
    const view = await instance.ended();
    expect(view.status).toBe('cancelled');
    expect(standing(instance.id, 'bank')).toEqual([]);
    expect(standing(instance.id, 'shop')).toEqual([]);
    expect(view.compensations.map(({ step, visit, undone }) => [step, visit, undone])).toEqual([['pay', 1, true], ['pay', 1, true], ['placeOrder', 1, true]]);
  });

  it('asks a system under a key of its own for each input, of what is undone too', async () => {
    const instance = await kit().start(laptop, { ...wish, order: 'does it but fails until told', undo: 'fails until told', pay: 'refuses' });
    await instance.until(({ incidents }) => incidents.length === 1);
    await instance.verb('incident.retry', { incident: 'placeOrder.1', actor: olga, input: { item: 'x2' }, comment: 'they meant x2' });
    const { incidents } = await instance.until(({ incidents: all }) => all.length === 2);
    const { input, ...rest } = incidents[1]?.input as { input: object };
    await instance.verb('incident.retry', { incident: 'undo:placeOrder.1', actor: olga, input: { ...rest, input: { ...input, undoTrouble: 'none' } }, comment: 'the shop answers again' });
    expect((await instance.ended()).status).toBe('rejected');
    const undone = instance.calls().map(({ key }) => key.slice(key.lastIndexOf('/') + 1)).filter((key) => key.startsWith('undo'));
    expect([...new Set(undone)]).toEqual(['undo:placeOrder', 'undo~1:placeOrder', 'undo:placeOrder~1']);
    expect([standing(instance.id, 'shop'), standing(instance.id, 'bank')]).toEqual([[], []]);
  });

  it('may be mended again and again', async () => {
    const instance = await kit().start(laptop, { ...wish, pay: 'fails until told' });
    for (const [nth, item] of ['x2', 'x3', 'x4'].entries()) {
      await instance.until(({ incidents }) => incidents.length === nth + 1);
      await instance.verb('incident.retry', { incident: `pay.${nth + 1}`, actor: olga, input: { item, ...(item === 'x4' ? {} : { trouble: 'does it but fails until told' }) }, comment: `try ${item}` });
    }
    const view = await instance.ended();
    expect(view.output).toMatchObject({ payment: 'bank-x4' });
    expect(standing(instance.id, 'bank')).toEqual([['pay~3', 'x4']]);
    expect(view.incidents.map(({ input }) => (input as { item: string }).item)).toEqual(['x1', 'x2', 'x3']);
  });

  it('waits for a second decision where what the former input did cannot be undone, and goes on when that is given up', async () => {
    const instance = await kit().start(laptop, { ...wish, order: 'does it but fails until told', undo: 'fails until told' });
    await instance.until(({ incidents }) => incidents.length === 1);
    await instance.verb('incident.retry', { incident: 'placeOrder.1', actor: olga, input: { item: 'x2' }, comment: 'they meant x2' });
    const stuck = await instance.until(({ incidents }) => incidents.length === 2);
    expect(stuck.incidents[1]).toMatchObject({ id: 'undo:placeOrder.1', of: 'compensation', step: 'placeOrder' });
    await instance.verb('incident.fail', { incident: 'undo:placeOrder.1', actor: olga, reason: 'the shop keeps it' });
    const view = await instance.ended();
    expect(view).toMatchObject({ status: 'completed', output: { order: 'shop-x2' }, compensations: [{ step: 'placeOrder', state: 'failed', undone: false, by: 'olga' }] });
  });

  it('goes on with an output given by hand, and does not ask the system again', async () => {
    const instance = await kit().start(laptop, { ...wish, pay: 'fails until told' });
    await instance.until(({ incidents }) => incidents.length === 1);
    const asked = kit().world.calls.filter(({ instanceId }) => instanceId === instance.id).length;
    expect(await instance.verb('incident.supply', { incident: 'pay.1', actor: olga, output: { number: 'by-hand' }, reason: 'paid at the counter' })).toEqual({ incident: 'pay.1', resolution: 'supply', resolvedBy: 'olga' });
    const view = await instance.ended();
    expect(view).toMatchObject({ status: 'completed', output: { payment: 'by-hand' }, incidents: [{ resolution: { verb: 'supply', by: 'olga', comment: 'paid at the counter', changes: null, output: { number: 'by-hand' } } }] });
    expect(view.steps.find(({ step }) => step === 'pay')).toMatchObject({ state: 'completed', visits: [{ output: { number: 'by-hand' } }] });
    expect(kit().world.calls.filter(({ instanceId }) => instanceId === instance.id)).toHaveLength(asked);
  });

  it('is done by hand where a compensation fails', async () => {
    const instance = await kit().start(laptop, { ...wish, undo: 'fails until told', pay: 'refuses' });
    await instance.until(({ incidents }) => incidents.length === 1);
    await instance.verb('incident.supply', { incident: 'undo:placeOrder.1', actor: olga, output: { undone: true }, reason: 'called the shop' });
    const view = await instance.ended();
    expect(view).toMatchObject({ status: 'rejected', compensations: [{ step: 'placeOrder', state: 'completed', undone: true, by: 'olga' }], incidents: [{ resolution: { verb: 'supply', comment: 'called the shop' } }] });
  });

  it('shows an input that was unfit from the start, and takes a fit one in its place', async () => {
    const instance = await kit().start(careless, { habit: 'passes on nothing' });
    const stuck = await instance.until(({ incidents }) => incidents.length === 1);
    const [{ id, step, input } = { id: '', step: '', input: undefined }] = stuck.incidents;
    expect(input).toEqual({ item: '' });
    expect(stuck.steps.find((one) => one.step === step)).toMatchObject({ state: 'incident', visits: [{ attempts: 0, input: { item: '' } }] });
    await instance.verb('incident.retry', { incident: id, actor: olga, input: { item: 'x9' }, comment: 'it was x9' });
    expect((await instance.ended()).incidents).toMatchObject([{ resolution: { changes: [{ op: 'replace', path: '/item', value: 'x9' }] } }]);
  });

  it('takes another time for a timer whose own is none', async () => {
    const instance = await kit().start(patience, { when: { until: 'some day' } });
    await instance.until(({ incidents }) => incidents.length === 1);
    await instance.verb('incident.retry', { incident: 'untilThen.1', actor: olga, input: { for: '20 ms' }, comment: 'now' });
    expect(await instance.ended()).toMatchObject({ status: 'completed', incidents: [{ input: { until: 'some day' } }] });
  });

  it('has an owner, a due date and comments, which stay until it is resolved', async () => {
    const instance = await kit().start(laptop, { ...wish, pay: 'fails until told' });
    await instance.until(({ incidents }) => incidents.length === 1);
    const dueAt = '2031-01-31T12:00:00Z';
    expect(await instance.verb('incident.edit', { incident: 'pay.1', actor: olga, assignee: 'otto', dueAt })).toEqual({ incident: 'pay.1', assignee: 'otto', dueAt });
    expect(await instance.verb('incident.edit', { incident: 'pay.1', actor: olga, comment: 'the bank was called' })).toEqual({ incident: 'pay.1', assignee: 'otto', dueAt });
    expect(await instance.verb('incident.edit', { incident: 'pay.1', actor: olga, dueAt: null })).toEqual({ incident: 'pay.1', assignee: 'otto', dueAt: null });
    expect(await instance.refusal('incident.edit', { incident: 'pay.1', actor: olga })).toMatchObject({ type: 'InvalidInput', message: expect.stringContaining('nothing is to be changed') });
    expect((await instance.view()).incidents).toMatchObject([{ assignee: 'otto', dueAt: null, comments: [{ by: 'olga', text: 'the bank was called' }], resolution: null }]);
    instance.heal();
    await instance.verb('incident.retry', { incident: 'pay.1', actor: olga });
    const ended = await instance.ended();
    expect(ended.story.map(({ text }) => text)).toEqual(expect.arrayContaining(['olga assigned incident pay.1 to otto.', `olga wants incident pay.1 resolved until ${dueAt}.`, 'olga commented on incident pay.1: the bank was called', 'olga took back the due date of incident pay.1.']));
    expect(await instance.refusal('incident.edit', { incident: 'pay.1', actor: olga, comment: 'too late' }).catch(() => 'ended')).toBe('ended');
  });

  it('refuses what does not fit the contract, and records nothing of it', async () => {
    const instance = await kit().start(laptop, { ...wish, pay: 'fails until told' });
    await instance.until(({ incidents }) => incidents.length === 1);
    const before = await instance.recorded();
    const why = { actor: olga, comment: 'they meant x2' };
    const refusals: readonly (readonly [UpdateName, unknown, string, RegExp])[] = [
      ['incident.retry', { incident: 'pay.1', input: { item: '' }, ...why }, 'InvalidInput', /the changed input of "pay" does not fit its contract: item/],
      ['incident.retry', { incident: 'pay.1', input: null, ...why }, 'InvalidInput', /changed input of "pay"/],
      ['incident.retry', { incident: 'pay.1', input: { item: 'x'.repeat(1_100_000) }, ...why }, 'InvalidInput', /bytes as JSON/],
      ['incident.retry', { incident: 'pay.1', input: { item: 'x2' }, actor: olga }, 'InvalidInput', /says why/],
      ['incident.retry', { incident: 'pay.7', input: { item: 'x2' }, ...why }, 'NotFound', /pay\.7/],
      ['incident.supply', { incident: 'pay.1', actor: olga, output: { number: 7 }, reason: 'by hand' }, 'InvalidInput', /the output supplied for "pay" does not fit its contract: number/],
      ['incident.supply', { incident: 'pay.1', actor: olga, reason: 'by hand' }, 'InvalidInput', /output/],
      ['incident.supply', { incident: 'pay.1', actor: olga, output: { number: 'n' } }, 'InvalidInput', /reason/],
    ];
    for (const [verb, input, type, says] of refusals) expect(await instance.refusal(verb, input)).toEqual({ type, message: expect.stringMatching(says) });
    expect(await instance.recorded()).toBe(before);
    instance.heal();
    await instance.verb('incident.retry', { incident: 'pay.1', actor: olga });
    expect((await instance.ended()).status).toBe('completed');
  });
});
