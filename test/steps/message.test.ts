import { expect, it } from '@jest/globals';
import { messageSignal } from '../../contracts/verbs.ts';
import { inBothModes } from '../kit/modes.ts';
import type { StartedInstance } from '../kit/started-instance.ts';
import { parcels } from './message.ts';

const send = (instance: StartedInstance, message: object): Promise<void> => instance.handle.signal(messageSignal, message);
const parcel = (id: string) => ({ name: 'delivered', id, payload: { parcel: `parcel ${id}` } });
const signature = { name: 'signed', id: 's-1', payload: { outcome: 'signed' }, from: 'the post' };
const untilWaiting = (instance: StartedInstance, step: string) => instance.until(({ waitingFor }) => waitingFor.some((wait) => wait.kind === 'message' && wait.step === step));
const told = (story: readonly { readonly text: string }[]): readonly string[] => story.map(({ text }) => text);

inBothModes('a message', (kit) => {
  it('is waited for, and what it says is what the step gives', async () => {
    const instance = await kit().start(parcels, { parcels: 0 });
    const waiting = await untilWaiting(instance, 'signed');
    const [visit] = waiting.steps.find(({ step }) => step === 'signed')?.visits ?? [];
    const { until } = visit?.input as { until: string };
    expect(Date.parse(until) - Date.parse(visit?.scheduledAt ?? '')).toBe(14 * 86_400_000);
    expect(waiting.waitingFor).toMatchObject([{ kind: 'message', name: 'signed', step: 'signed', why: 'Wait for the signature' }]);
    await send(instance, signature);
    const ended = await instance.ended();
    expect(ended).toMatchObject({ status: 'completed', output: { signature: 'signed' }, waitingFor: [] });
    expect(ended.steps[1]).toMatchObject({ step: 'signed', kind: 'message', state: 'completed', visits: [{ state: 'completed', output: { outcome: 'signed' } }] });
    expect(told(ended.story)).toEqual(
      expect.arrayContaining([`“Wait for the signature” waits for the message “signed” until ${until}.`, 'Message “signed” (s-1) from the post came.', '“Wait for the signature” got its message (s-1).']),
    );
  });

  it('that does not come in time leaves what the contract says for that', async () => {
    const instance = await kit().start(parcels, { parcels: 0 });
    await untilWaiting(instance, 'signed');
    await instance.skip(24 * 14.01);
    const ended = await instance.ended();
    expect(ended).toMatchObject({ status: 'completed', output: { signature: 'nobody signed' } });
    expect(ended.steps[1]).toMatchObject({ state: 'completed', visits: [{ output: { outcome: 'nobody signed' } }] });
    expect(told(ended.story)).toContain('“Wait for the signature” waited in vain.');
  });

  it('that comes before its step is kept, in the order of coming', async () => {
    const instance = await kit().start(parcels, { first: 'waits', parcels: 3 });
    await instance.held();
    for (const message of [parcel('a'), parcel('b'), signature, parcel('c')]) await send(instance, message);
    instance.release();
    const ended = await instance.ended();
    expect(ended.output).toEqual({ signature: 'signed', parcels: ['parcel a', 'parcel b', 'parcel c'] });
    expect(ended.steps[2]?.visits).toMatchObject([{ visit: 1, state: 'completed', output: { parcel: 'parcel a' } }, { visit: 2, output: { parcel: 'parcel b' } }]);
    expect(ended.steps[3]?.visits).toMatchObject([{ visit: 1, state: 'completed', output: { parcel: 'parcel c' } }]);
  });

  it('that comes twice counts once, early or not', async () => {
    const instance = await kit().start(parcels, { first: 'waits', parcels: 3 });
    await instance.held();
    for (const message of [parcel('a'), parcel('a'), signature, signature]) await send(instance, message);
    instance.release();
    const waiting = await instance.until(({ steps }) => steps[2]?.visits.length === 2);
    expect(waiting.steps[2]?.visits).toMatchObject([{ state: 'completed' }, { state: 'waiting' }]);
    await send(instance, parcel('a'));
    await send(instance, parcel('b'));
    await untilWaiting(instance, 'lastDelivered');
    await send(instance, { ...parcel('c'), payload: { parcel: 'parcel b' } });
    const ended = await instance.ended();
    expect(ended.output).toEqual({ signature: 'signed', parcels: ['parcel a', 'parcel b', 'parcel b'] });
    expect(told(ended.story).filter((text) => text.endsWith('came again and was dropped.'))).toHaveLength(3);
  });

  it.each([
    ['of a name that the process does not know', { name: 'burned', id: '1', payload: {} }, 'Message “burned” (1) was refused: process "parcels" waits for no message "burned"; it waits for signed, delivered'],
    ['whose payload does not fit', { name: 'signed', id: '1', payload: { outcome: 'eaten' } }, 'Message “signed” (1) was refused: message "signed" does not fit its contract: outcome: '],
    ['without an id', { name: 'signed', payload: { outcome: 'signed' } }, 'Message “signed” (?) was refused: signal "message" does not fit its contract: id: '],
    ['that is no message at all', ['signed'], 'Message “?” (?) was refused: signal "message" does not fit its contract: '],
  ])('%s is refused, which the story tells, and the step waits on', async (_, odd, says) => {
    const instance = await kit().start(parcels, { parcels: 0 });
    await untilWaiting(instance, 'signed');
    await send(instance, odd);
    const { story, waitingFor } = await instance.until((view) => told(view.story).some((text) => text.startsWith(says)));
    expect(waitingFor).toHaveLength(1);
    expect(story.length).toBeGreaterThan(0);
    await send(instance, { ...signature, id: '1' });
    expect(await instance.ended()).toMatchObject({ output: { signature: 'signed' } });
  });

  it('is waited for no longer when the instance is cancelled, or another branch fails', async () => {
    const [cancelled, failing] = await Promise.all([kit().start(parcels, { parcels: 0 }), kit().start(parcels, { parcels: 1, besides: 'refuses when told' })]);
    await untilWaiting(cancelled, 'signed');
    await cancelled.cancel('changed our mind');
    const ended = await cancelled.ended();
    expect(ended).toMatchObject({ status: 'cancelled', waitingFor: [], compensations: [{ step: 'placeOrder', undone: true }] });
    expect(ended.steps[1]).toMatchObject({ state: 'cancelled' });

    await send(failing, signature);
    await untilWaiting(failing, 'lastDelivered');
    await failing.held();
    failing.release();
    const failed = await failing.ended();
    expect(failed).toMatchObject({ status: 'rejected' });
    expect(failed.steps[3]).toMatchObject({ state: 'cancelled' });
  });

  it('costs a signal, and two notes in the memo where it was waited for', async () => {
    const instance = await kit().start(parcels, { parcels: 0 });
    await untilWaiting(instance, 'signed');
    await send(instance, signature);
    await instance.ended();
    const events = await instance.history();
    expect(events.filter((event) => event.workflowPropertiesModifiedEventAttributes)).toHaveLength(2);
    expect(events.filter((event) => event.workflowExecutionSignaledEventAttributes)).toHaveLength(1);
  });
});
