import { expect, it } from '@jest/globals';
import { inBothModes } from '../kit/modes.ts';
import { present } from './optional.ts';
import { purchase } from './process.ts';

const olga = { user: 'olga', groups: [] };

inBothModes('an optional step', (kit) => {
  const untilIncident = async (input: object) => {
    const instance = await kit().start(present, input);
    const { incidents } = await instance.until((view) => view.incidents.some(({ resolution }) => resolution === null));
    return { instance, incident: incidents.at(-1) };
  };

  it('is a step like any other while it succeeds', async () => {
    const instance = await kit().start(present, {});
    expect(await instance.ended()).toMatchObject({ status: 'completed', output: { ribbon: 'bank-ribbon', wrapping: 'bank-wrapping' } });
  });

  it('may be skipped when it fails: the process goes on without it, and its view says who skipped it and why', async () => {
    const { instance, incident } = await untilIncident({ ribbon: 'fails until told' });
    expect(incident).toMatchObject({ id: 'ribbon.1', optional: true });
    expect(await instance.verb('incident.skip', { incident: 'ribbon.1', actor: olga, reason: 'plain is nice too' })).toEqual({ incident: 'ribbon.1', resolution: 'skip', resolvedBy: 'olga' });
    const ended = await instance.ended();
    expect(ended).toMatchObject({ status: 'completed', output: { ribbon: null, wrapping: 'bank-wrapping' }, incidents: [{ resolution: { verb: 'skip', by: 'olga', comment: 'plain is nice too' } }] });
    expect(ended.steps[1]).toMatchObject({ state: 'skipped', visits: [{ state: 'skipped', failure: { message: 'down' } }] });
    expect(ended.story.map(({ text }) => text)).toContain('olga resolved incident ribbon.1 with skip: plain is nice too.');
  });

  it('that may have taken effect is undone with the rest, skipped or not', async () => {
    const { instance } = await untilIncident({ ribbon: 'does it but fails until told', then: 'refuses' });
    await instance.verb('incident.skip', { incident: 'ribbon.1', actor: olga, reason: 'plain is nice too' });
    expect(await instance.ended()).toMatchObject({ status: 'rejected' });
    expect(instance.books('bank')).toEqual(['undone']);
  });

  it('may be a sub-process, which has undone what it did when it is skipped', async () => {
    const instance = await kit().start(present, { wrapping: 'fails until told' });
    await instance.until(({ steps }) => steps[2]?.visits[0]?.startedAt != null);
    const sub = kit().follow(purchase, `purchase/${instance.id}/wrapping`);
    await sub.until(({ incidents }) => incidents.length === 1);
    await sub.verb('incident.fail', { incident: 'pay.1', actor: olga, reason: 'too dear' });
    await instance.until(({ incidents }) => incidents.length === 1);
    await instance.verb('incident.skip', { incident: 'wrapping.1', actor: olga, reason: 'newspaper will do' });
    expect(await instance.ended()).toMatchObject({ status: 'completed', output: { ribbon: 'bank-ribbon', wrapping: null }, steps: [{}, {}, { kind: 'process', state: 'skipped' }, {}] });
    expect(sub.books('shop')).toEqual(['undone']);
  });

  it('alone may be skipped, and only for a reason', async () => {
    const { instance } = await untilIncident({ then: 'fails until told' });
    const before = await instance.recorded();
    expect(await instance.refusal('incident.skip', { incident: 'lookUp.1', actor: olga, reason: 'who cares' })).toEqual({ type: 'Conflict', message: 'incident "lookUp.1" cannot be skipped: step "lookUp" is not optional. Retry it, or fail it.' });
    expect(await instance.refusal('incident.skip', { incident: 'lookUp.1', actor: olga })).toMatchObject({ type: 'InvalidInput' });
    expect(await instance.recorded()).toBe(before);
    instance.heal();
    await instance.verb('incident.retry', { incident: 'lookUp.1', actor: olga });
    expect(await instance.ended()).toMatchObject({ status: 'completed' });
  });
});
