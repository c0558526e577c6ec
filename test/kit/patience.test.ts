import { expect, it } from '@jest/globals';
import { alarmSignal } from '../../contracts/verbs.ts';
import { stubborn } from './contracts.ts';
import { inBothModes } from './modes.ts';

const olga = { user: 'olga', groups: [] };

inBothModes('a step that is tried on', (kit) => {
  it('is an incident after so many attempts, which ends by itself when the system answers', async () => {
    const instance = await kit().start(stubborn, { trouble: 'fails until told' });
    const stuck = await instance.until(({ incidents }) => incidents.length === 1);
    expect(stuck).toMatchObject({ incidents: [{ id: 'payStubbornly.1', failure: { type: 'Unavailable', message: 'down' }, input: { item: 'x1' }, resolution: null }], waitingFor: [{ kind: 'system', name: 'bank' }] });
    const { attempts = 0 } = stuck.steps[0]?.visits[0] ?? {};
    expect(attempts).toBeGreaterThanOrEqual(3);
    await instance.until(({ steps }) => (steps[0]?.visits[0]?.attempts ?? 0) > attempts + 2);
    instance.heal();
    const ended = await instance.ended();
    expect(ended).toMatchObject({ status: 'completed', steps: [{ state: 'completed' }, {}], incidents: [{ resolution: { verb: 'recovered', by: null } }] });
    expect(ended.incidents).toHaveLength(1);
    expect(ended.story.map(({ text }) => text)).toContain('Incident payStubbornly.1 ended by itself: “Pay stubbornly” was done after all.');
  });

  it('is an incident after so much time, though the first attempt has not ended', async () => {
    const instance = await kit().start(stubborn, { trouble: 'waits', slowly: true });
    await instance.held();
    expect(await instance.until(({ incidents }) => incidents.length === 1)).toMatchObject({ incidents: [{ id: 'paySlowly.1', failure: { type: 'Unavailable', message: 'no answer within 200 ms; it is tried on' } }] });
    instance.release();
    expect(await instance.ended()).toMatchObject({ status: 'completed', incidents: [{ resolution: { verb: 'recovered' } }] });
  });

  it('is left when an operator supplies its output, and can be tried anew with another input', async () => {
    const supplied = await kit().start(stubborn, { trouble: 'fails until told' });
    const changed = await kit().start(stubborn, { trouble: 'does it but fails until told' });
    await Promise.all([supplied, changed].map((instance) => instance.until(({ incidents }) => incidents.length === 1)));
    await supplied.verb('incident.supply', { incident: 'payStubbornly.1', actor: olga, output: { number: 'by hand' }, reason: 'paid at the counter' });
    await changed.verb('incident.retry', { incident: 'payStubbornly.1', actor: olga, input: { item: 'x2' }, comment: 'they meant x2' });
    expect(await supplied.ended()).toMatchObject({ status: 'completed', output: { payment: 'by hand' }, incidents: [{ resolution: { verb: 'supply' } }] });
    expect(await changed.ended()).toMatchObject({ status: 'completed', output: { payment: 'bank-x2' } });
    expect(changed.books('bank')).toEqual(['undone', 'standing']);
  });

  it('fails and is undone when an operator gives it up', async () => {
    const instance = await kit().start(stubborn, { trouble: 'does it but fails until told' });
    await instance.until(({ incidents }) => incidents.length === 1);
    await instance.verb('incident.fail', { incident: 'payStubbornly.1', actor: olga, reason: 'the bank is gone' });
    expect(await instance.ended()).toMatchObject({ status: 'failed', incidents: [{ resolution: { verb: 'fail' } }] });
    expect(instance.books('bank')).toEqual(['undone']);
  });

  it('goes with its instance when that is cancelled', async () => {
    const instance = await kit().start(stubborn, { trouble: 'does it but fails until told' });
    await instance.until(({ incidents }) => incidents.length === 1);
    await instance.cancel('not needed any more');
    expect(await instance.ended()).toMatchObject({ status: 'cancelled', incidents: [{ resolution: { verb: 'cancelled' } }] });
    expect(instance.books('bank')).toEqual(['undone']);
  });

  it('stays one incident when its attempts are used up', async () => {
    const instance = await kit().start(stubborn, { trouble: 'waits', slowly: true });
    await instance.held();
    await instance.until(({ incidents }) => incidents.length === 1);
    await instance.handle.signal(alarmSignal, { activityId: 'paySlowly', attempt: 9, type: 'Unavailable', message: 'once more' });
    for (const odd of [undefined, 7, { activityId: 'nobody', attempt: 1, type: 'x', message: '' }]) await instance.handle.signal(alarmSignal, odd);
    instance.release();
    const ended = await instance.ended();
    expect(ended.incidents).toHaveLength(1);
  });

  it('has no incident when the business says no meanwhile', async () => {
    const instance = await kit().start(stubborn, { trouble: 'refuses when told', slowly: true });
    await instance.held();
    await instance.until(({ incidents }) => incidents.length === 1);
    instance.release();
    expect(await instance.ended()).toMatchObject({ status: 'rejected', incidents: [{ resolution: { verb: 'cancelled' } }] });
  });
});
