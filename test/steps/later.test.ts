import { expect, it } from '@jest/globals';
import { inBothModes } from '../kit/modes.ts';
import { errands } from './later.ts';

inBothModes('a step that is awaited later', (kit) => {
  it('runs meanwhile', async () => {
    const instance = await kit().start(errands, { early: 'waits', meanwhile: 'waits' });
    await instance.held(2);
    expect((await instance.view()).steps.slice(0, 2)).toMatchObject([{ state: 'running' }, { state: 'running' }]);
    instance.release();
    expect(await instance.ended()).toMatchObject({ status: 'completed', output: { order: 'shop-early' } });
  });

  it.each(['a step', 'parallel', 'race'] as const)('may fail before anybody awaits it: the failure is there when it is awaited (%s)', async (begins) => {
    const instance = await kit().start(errands, { early: 'refuses', meanwhile: 'waits', begins });
    await instance.until(({ steps }) => steps[0]?.state === 'rejected');
    expect((await instance.view()).problem).toBeNull();
    instance.release();
    expect(await instance.ended()).toMatchObject({ status: 'rejected', steps: [{ state: 'rejected' }, { state: 'completed' }, {}, {}] });
  });

  it('may be an incident before anybody awaits it, and go on', async () => {
    const instance = await kit().start(errands, { early: 'fails until told', meanwhile: 'waits' });
    await instance.until(({ incidents }) => incidents.length === 1);
    instance.release();
    instance.heal();
    await instance.verb('incident.retry', { incident: 'placeOrder.1', actor: { user: 'olga', groups: [] } });
    expect(await instance.ended()).toMatchObject({ status: 'completed', output: { order: 'shop-early' } });
  });

  it('is cancelled, settled and undone when the flow fails before it awaits it', async () => {
    const instance = await kit().start(errands, { early: 'does it, then waits', fails: true });
    expect(await instance.ended()).toMatchObject({ status: 'rejected', steps: [{ state: 'cancelled' }, {}, { state: 'rejected' }, {}] });
    expect(instance.books('shop')).toEqual(['undone']);
  });

  it('is cancelled and settled when the flow ends without awaiting it', async () => {
    const instance = await kit().start(errands, { early: 'waits', meanwhile: 'waits', forgotten: true });
    await instance.held(2);
    instance.release('lookUp');
    const ended = await instance.ended();
    expect(ended).toMatchObject({ status: 'completed', tasks: [], steps: [{ state: 'cancelled' }, { state: 'completed' }, {}, {}] });
  });
});
