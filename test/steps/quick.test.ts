import { expect, it } from '@jest/globals';
import type { InstanceView, VisitView } from '../../visibility/instance-view.ts';
import { inBothModes } from '../kit/modes.ts';
import type { StartedInstance } from '../kit/started-instance.ts';
import { errand, quickErrand, quickFork, quickRun } from './quick.ts';

const olga = { user: 'olga', groups: [] };

/** What a reader is told, without what differs from one instance to the next. */
function tellingOf({ id, ...view }: Pick<InstanceView, 'id' | 'status' | 'output' | 'failure' | 'steps' | 'compensations' | 'incidents' | 'story'>) {
  const withoutTimes = ({ scheduledAt: _, startedAt: __, closedAt: ___, ...visit }: VisitView) => visit;
  const { status, output, failure, incidents } = view;
  const telling = {
    status,
    output,
    failure,
    steps: view.steps.map((step) => ({ ...step, visits: step.visits.map(withoutTimes) })),
    compensations: view.compensations.map(withoutTimes),
    incidents: incidents.map(({ openedAt: _, resolution, ...incident }) => ({ ...incident, activity: incident.activity.replace('Quickly', ''), verb: resolution?.verb })),
    story: view.story.map(({ text }) => text),
  };
  const whenTried = new Set(['since', 'until']);
  return JSON.parse(JSON.stringify(telling, (key, value: unknown) => (whenTried.has(key) ? undefined : value)).replaceAll(id, 'the instance').replaceAll('Quickly', '')) as object;
}

const markers = async (instance: StartedInstance): Promise<number> => (await instance.history()).filter(({ markerRecordedEventAttributes: marker }) => marker !== undefined && marker !== null).length;
const asked = async (instance: StartedInstance): Promise<readonly string[]> => (await instance.history()).flatMap(({ activityTaskScheduledEventAttributes: scheduled }) => scheduled?.activityId ?? []);

inBothModes('a quick step', (kit) => {
  /** Lets the same happen to the errand and to its quick twin, one after the other: a worker without a cache would throw one out while it has the other. */
  const both = async (input: object, meanwhile: (instance: StartedInstance) => Promise<void> = async () => undefined) => {
    const ordinary = await kit().start(errand, input);
    await meanwhile(ordinary);
    const telling = tellingOf(await ordinary.ended());
    const quick = await kit().start(quickErrand, input);
    await meanwhile(quick);
    const view = await quick.ended();
    return { ordinary, quick, view, tellings: [telling, tellingOf(view)] as const };
  };
  const resolve = (verb: 'incident.retry' | 'incident.fail', incident: string) => async (instance: StartedInstance) => {
    await instance.until(({ incidents }) => incidents.some(({ resolution }) => resolution === null));
    if (verb === 'incident.retry') instance.heal();
    if (verb === 'incident.retry') await instance.verb(verb, { incident, actor: olga });
    else await instance.verb(verb, { incident, actor: olga, reason: 'no use' });
  };

  it('leaves one event of its own, and a view like that of any step', async () => {
    const { ordinary, quick, view, tellings } = await both({});
    expect(tellings[1]).toEqual(tellings[0]);
    expect(await asked(quick)).toEqual(['placeOrder']);
    expect(await markers(quick)).toBe(2);
    expect((await quick.history()).length).toBeLessThan((await ordinary.history()).length - 8);
    const [look] = view.steps[0]?.visits ?? [];
    expect(look).toMatchObject({ attempts: 1, input: { item: 'soap' }, output: { number: 'soap' } });
    expect([look?.scheduledAt, look?.startedAt, look?.closedAt]).toEqual([expect.stringMatching(/Z$/), expect.stringMatching(/Z$/), expect.stringMatching(/Z$/)]);
  });

  it('that fails goes on as an ordinary one under the same key, and the attempts are counted on', async () => {
    const { quick, tellings } = await both({ pay: 'fails twice' });
    expect(tellings[1]).toEqual(tellings[0]);
    const key = `${quick.id}#1/pay`;
    expect(quick.calls().filter(({ step }) => step === 'pay')).toMatchObject([1, 2, 3].map((attempt) => ({ key, attempt })));
    expect(await asked(quick)).toEqual(['pay', 'placeOrder']);
    expect(quick.books('bank')).toEqual(['standing']);
  });

  it.each([
    { how: 'is tried again', input: { look: 'fails until told' }, meanwhile: resolve('incident.retry', 'lookUp.1') },
    { how: 'is given up', input: { pay: 'does it but fails until told' }, meanwhile: resolve('incident.fail', 'pay.1') },
    { how: 'crashed, and is given up', input: { pay: 'crashes' }, meanwhile: resolve('incident.fail', 'pay.1') },
    { how: 'broke its schema, and is tried again', input: { pay: 'bad answer' }, meanwhile: resolve('incident.retry', 'pay.1') },
  ] as const)('opens an incident like any step when it outlasts its retries, and $how', async ({ input, meanwhile }) => {
    const { tellings: [one, other] } = await both(input, meanwhile);
    // The attempt of the workflow worker is one more than the retries of the contract.
    const counting = new Set(['attempts', 'to', 'story']);
    const alike = (telling: object): object => JSON.parse(JSON.stringify(telling, (key, value: unknown) => (counting.has(key) ? undefined : value)).replaceAll(/-\d+-screen/g, '-n-screen')) as object;
    expect(alike(other)).toEqual(alike(one));
  });

  it('that is refused says so, and is not tried again', async () => {
    const { view, tellings } = await both({ look: 'refuses' });
    expect(tellings[1]).toEqual(tellings[0]);
    expect(view).toMatchObject({ status: 'rejected', steps: [{ state: 'rejected', visits: [{ attempts: 1, failure: { type: 'Rejected', message: 'the system says no' } }] }, {}, {}] });
  });

  it('is undone when a later one fails; one that was refused is looked after all the same, for a worker may have died over it before', async () => {
    const { quick, view, tellings } = await both({ order: 'refuses' });
    expect(tellings[1]).toEqual(tellings[0]);
    expect(view.compensations).toMatchObject([{ step: 'pay', undone: true }]);
    expect(quick.books('bank')).toEqual(['undone']);
    const refused = await kit().start(quickErrand, { pay: 'refuses' });
    expect(await refused.ended()).toMatchObject({ status: 'rejected', compensations: [{ step: 'pay', undone: false }] });
  });

  it('that gives no answer in time goes on as an ordinary one', async () => {
    const instance = await kit().start(quickErrand, { pay: 'waits at first' });
    const view = await instance.ended();
    expect(view).toMatchObject({ status: 'completed', steps: [{}, { visits: [{ attempts: 2, failure: { type: 'Unavailable', message: 'bank.payQuickly gave no answer within 2 seconds' } }] }, {}] });
    expect(view.story.map(({ text }) => text)).toContain('“Pay” began its attempt 2, after: bank.payQuickly gave no answer within 2 seconds');
    expect(instance.books('bank')).toEqual(['standing']);
  });

  it('with a large answer goes on as an ordinary one; its effect stays one', async () => {
    const instance = await kit().start(quickRun, { items: ['x'.repeat(19_000), 'y'.repeat(30_000)], atOnce: false });
    expect(await instance.ended()).toMatchObject({ status: 'completed', steps: [{ visits: [{ attempts: 1 }, { attempts: 1 }] }] });
    // The answer to the first fits with its input; the second's input alone is too much.
    expect(await asked(instance)).toEqual(['lookUp:2']);
  });

  it.each([false, true])('gives way to an ordinary one after fifty in a row, lest one message to Temporal be too large; all at once: %s', async (atOnce) => {
    const items = Array.from({ length: 120 }, (_, nth) => `item ${nth}`);
    const instance = await kit().start(quickRun, { items, atOnce });
    expect(await instance.ended()).toMatchObject({ status: 'completed', output: { found: 120 } });
    expect(await asked(instance)).toHaveLength(atOnce ? 70 : 2);
    expect(instance.calls()).toHaveLength(120);
  });

  it('is cancelled while it runs, when what runs beside it fails', async () => {
    const instance = await kit().start(quickFork, { look: 'waits', pay: 'refuses' });
    expect(await instance.ended()).toMatchObject({ status: 'rejected', steps: [{ state: 'cancelled', visits: [{ attempts: 1 }] }, { state: 'rejected' }] });
    expect(await asked(instance)).toEqual(['undo:pay']);
  });

  it('that has ended is past cancelling when what ended with it fails', async () => {
    const instance = await kit().start(quickFork, { look: 'refuses', pay: 'none' });
    expect(await instance.ended()).toMatchObject({ status: 'rejected', steps: [{ state: 'rejected' }, { state: 'completed' }], compensations: [{ step: 'pay', undone: true }] });
    expect((await instance.history()).filter((event) => event.workflowTaskFailedEventAttributes)).toEqual([]);
  });

  it('that is over is undone when the instance is cancelled', async () => {
    const instance = await kit().start(quickErrand, { order: 'waits' });
    await kit().world.doorway.reached(instance.id);
    await instance.handle.cancel();
    expect(await instance.ended()).toMatchObject({ status: 'cancelled', compensations: [{ step: 'placeOrder', undone: false }, { step: 'pay', undone: true }] });
    expect(instance.books('bank')).toEqual(['undone']);
  });
});
