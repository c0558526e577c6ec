import { expect, it } from '@jest/globals';
import { patience } from './contracts.ts';
import { inBothModes } from './modes.ts';
import type { StartedInstance } from './started-instance.ts';

const hour = 3_600_000;
const untilStep = (instance: StartedInstance, step: string, state: string) => instance.until(({ steps }) => steps.some((one) => one.step === step && one.state === state));
const stepOf = async (instance: StartedInstance, step: string) => (await instance.view()).steps.find((one) => one.step === step);

inBothModes('a timer', (kit) => {
  it('waits as long as its contract says, and says until when', async () => {
    const instance = await kit().start(patience, { rests: 1 });
    const waiting = await untilStep(instance, 'rest', 'waiting');
    const [visit] = waiting.steps.find(({ step }) => step === 'rest')?.visits ?? [];
    const { until } = visit?.input as { until: string };
    expect(Date.parse(until) - Date.parse(visit?.scheduledAt ?? '')).toBe(2 * hour);
    expect(waiting).toMatchObject({ waitingFor: [{ kind: 'timer', name: until, step: 'rest', why: 'Rest · a while' }], tasks: [], incidents: [] });
    await instance.skip(1.5);
    expect(await stepOf(instance, 'rest')).toMatchObject({ state: 'waiting' });
    await instance.skip(1);
    const ended = await instance.ended();
    expect(ended).toMatchObject({ status: 'completed', waitingFor: [] });
    expect(ended.steps.slice(0, 3)).toMatchObject([{ state: 'completed' }, { step: 'rest', kind: 'timer', of: [], state: 'completed', visits: [{ visit: 1, attempts: 1 }] }, { step: 'untilThen', state: 'notReached' }]);
    expect(ended.story.map(({ text }) => text)).toEqual(expect.arrayContaining([`“Rest · a while” waits until ${until}.`, '“Rest · a while” is over.']));
  });

  it('costs the events of a timer written by hand: its start, its end, and the workflow task after it', async () => {
    const [without, withTimer] = await Promise.all([kit().start(patience, {}), kit().start(patience, { when: { for: 1 } })]);
    await Promise.all([without.ended(), withTimer.ended()]);
    expect((await withTimer.history()).length - (await without.history()).length).toBe(5);
  });

  it('counts its visits in a loop', async () => {
    const instance = await kit().start(patience, { rests: 2 });
    await untilStep(instance, 'rest', 'waiting');
    await instance.skip(2.1);
    await instance.until(({ steps }) => steps.some(({ visits }) => visits.length === 2));
    expect((await stepOf(instance, 'rest'))?.visits).toMatchObject([{ visit: 1, state: 'completed' }, { visit: 2, state: 'waiting' }]);
    await instance.skip(2.2);
    expect(await instance.ended()).toMatchObject({ status: 'completed' });
  });

  it.each([
    ['with an offset from UTC', () => new Date(Date.now() + 3 * hour).toISOString().replace('Z', '+00:00')],
    ['at a date, which begins in UTC', () => new Date(Date.now() + 48 * hour).toISOString().slice(0, 10)],
  ])('waits until a moment %s', async (_, moment) => {
    const until = moment();
    const instance = await kit().start(patience, { when: { until } });
    await untilStep(instance, 'untilThen', 'waiting');
    const [visit] = (await stepOf(instance, 'untilThen'))?.visits ?? [];
    const told = Date.parse((visit?.input as { until: string }).until);
    // The server's clock starts a timer a little after the instance has asked for it.
    expect(told - Date.parse(until)).toBeGreaterThanOrEqual(0);
    expect(told - Date.parse(until)).toBeLessThan(60_000);
    await instance.skip(72);
    expect(await instance.ended()).toMatchObject({ status: 'completed' });
  });

  it('that waits for a moment which has passed is over at once, and shows that it was reached', async () => {
    const instance = await kit().start(patience, { when: { until: '2020-02-29' } });
    expect(await instance.ended()).toMatchObject({ status: 'completed' });
    expect(await stepOf(instance, 'untilThen')).toMatchObject({ state: 'completed', visits: [{ visit: 1 }] });
  });

  it('ends with its instance: a cancellation undoes what was done before', async () => {
    const instance = await kit().start(patience, { rests: 1 });
    await untilStep(instance, 'rest', 'waiting');
    await instance.cancel('no patience');
    const ended = await instance.ended();
    expect(ended).toMatchObject({ status: 'cancelled', waitingFor: [], compensations: [{ step: 'placeOrder', undone: true }] });
    expect(ended.steps.find(({ step }) => step === 'rest')).toMatchObject({ state: 'cancelled' });
    expect(instance.books('shop')).toEqual(['undone']);
  });

  it('is given up when another branch fails', async () => {
    const instance = await kit().start(patience, { payMeanwhile: 'refuses' });
    expect(await instance.ended()).toMatchObject({ status: 'rejected' });
    expect(await stepOf(instance, 'rest')).toMatchObject({ state: 'cancelled' });
  });

  it.each([
    [{ until: '2026-02-30' }, /with its offset from UTC/],
    [{ until: '2026-02-03T10:00:00' }, /with its offset from UTC/],
    [{ until: 'soon' }, /with its offset from UTC/],
    [{ for: '0 days' }, /of more than 0 ms/],
    [{ for: -5 }, /of more than 0 ms/],
    [{ for: '99999 days' }, /at most 36500 days/],
    [{ for: '2 weeks' }, /say either/],
    [{ for: '1 day', until: '2026-02-03' }, /say either/],
    [null, /say either/],
  ])('is told %j: an operator is called, who may give it up', async (when, words) => {
    const instance = await kit().start(patience, { when });
    const stuck = await instance.until(({ incidents }) => incidents.length === 1);
    expect(stuck).toMatchObject({ incidents: [{ id: 'untilThen.1', failure: { type: 'InvalidInput', message: expect.stringMatching(words) } }] });
    await instance.verb('incident.fail', { incident: 'untilThen.1', actor: { user: 'olga', groups: [] }, reason: 'no such time' });
    expect(await instance.ended()).toMatchObject({ status: 'failed', compensations: [{ step: 'placeOrder', undone: true }] });
  });
});
