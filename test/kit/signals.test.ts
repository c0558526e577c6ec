import { expect, it } from '@jest/globals';
import { laptop } from './contracts.ts';
import { inBothModes } from './modes.ts';
import type { Kit } from './running-kit.ts';
import type { StartedInstance } from './started-instance.ts';

const mia = { user: 'mia', groups: ['managers'] };
const wish = { item: 'x1', requestedBy: 'ada', ask: true, pay: 'waits' as const };
const yes = { outcome: 'approve' };

const asked = async (kit: Kit) => {
  const instance = await kit.start(laptop, wish);
  await instance.until(({ tasks }) => tasks.length === 1);
  return instance;
};
const verdicts = async (instance: StartedInstance) => (await instance.handle.describe()).memo?.signals;
/** Signals are taken in their order, so this one's verdict says that all before it were heard. */
const decide = async (instance: StartedInstance) => {
  await instance.handle.signal('decide', { task: 'approve', actor: mia, decision: yes });
  await instance.held();
};
const finish = async (instance: StartedInstance) => {
  instance.release();
  return instance.ended();
};

inBothModes('the signal "decide"', (kit) => {
  it('decides a task, and the view says that it came by signal', async () => {
    const instance = await asked(kit());
    await decide(instance);
    expect(await verdicts(instance)).toMatchObject([{ task: 'approve', user: 'mia', refused: null }]);
    const view = await finish(instance);
    expect(view).toMatchObject({ status: 'completed', output: { decidedBy: 'mia' } });
    expect(view.steps[2]).toMatchObject({ visits: [{ state: 'completed', output: { outcome: 'approve', decidedBy: 'mia' }, decision: { by: 'mia', via: 'signal', outcome: 'approve' } }] });
    const told = view.story.map(({ text }) => text);
    expect(told).toContain('mia (by signal) decided “Approve the laptop”: approve.');
    expect(told.filter((text) => text.includes('withdrawn'))).toEqual([]);
  });

  it('is checked like an update, and what is refused is told in the memo and the story', async () => {
    const instance = await asked(kit());
    const actors = [{ user: 'gus', groups: ['desk'] }, { user: 'ada', groups: ['managers'] }];
    for (const actor of actors) await instance.handle.signal('decide', { task: 'approve', actor, decision: yes });
    await instance.handle.signal('decide', { task: 'approve', actor: mia, decision: { outcome: 'reject' } });
    await instance.handle.signal('decide', { task: 'pay', actor: mia, decision: yes });
    await decide(instance);
    expect(await verdicts(instance)).toMatchObject([
      { task: 'approve', user: 'gus', refused: { type: 'NotPermitted' } },
      { task: 'approve', user: 'ada', refused: { type: 'NotPermitted', message: expect.stringContaining('four eyes') } },
      { task: 'approve', user: 'mia', refused: { type: 'InvalidInput', message: expect.stringContaining('decision.reason') } },
      { task: 'pay', user: 'mia', refused: { type: 'NotFound' } },
      { task: 'approve', user: 'mia', refused: null },
    ]);
    const view = await finish(instance);
    expect(view).toMatchObject({ status: 'completed', output: { decidedBy: 'mia' } });
    expect(view.story.filter(({ text }) => text.startsWith('A decision by signal in the name of')).map(({ text }) => text.replace(/ was refused.*/, ''))).toEqual([
      'A decision by signal in the name of gus on “Approve the laptop”',
      'A decision by signal in the name of ada on “Approve the laptop”',
      'A decision by signal in the name of mia on “Approve the laptop”',
      'A decision by signal in the name of mia on “pay”',
    ]);
  });

  it('may be anything; what cannot be understood is refused, and the instance goes on', async () => {
    const instance = await asked(kit());
    const nested = JSON.parse(`${'['.repeat(500)}1${']'.repeat(500)}`) as unknown;
    const junk = [null, 7, 'approve', true, [], [[null]], {}, nested, { task: { task: 'approve' }, actor: 'mia' }, { task: '__proto__', actor: { user: 7, groups: 'managers' }, decision: [] }, { task: 'approve', actor: mia, decision: { outcome: { $ref: '#' } } }];
    for (const payload of junk) await instance.handle.signal('decide', payload);
    await instance.handle.signal('decide');
    await instance.handle.signal('decide', { task: 'approve', actor: mia, decision: yes }, 'and more');
    await instance.held();
    const told = (await verdicts(instance)) as { refused: { type: string } | null }[];
    expect(told.map(({ refused }) => refused?.type ?? 'taken')).toEqual([...junk.map(() => 'InvalidInput'), 'InvalidInput', 'taken']);
    expect((await finish(instance)).status).toBe('completed');
  });

  it('need not even be JSON', async () => {
    const instance = await asked(kit());
    const bytes = (text: string) => new TextEncoder().encode(text);
    const unreadable = [
      [{ metadata: { encoding: bytes('json/plain') }, data: bytes('not json') }],
      [{ metadata: { encoding: bytes('binary/encrypted') }, data: bytes('x') }],
      [{ metadata: {}, data: bytes('x') }],
      [{ metadata: { encoding: bytes('json/plain') }, data: bytes('{}') }, { metadata: { encoding: bytes('json/plain') }, data: bytes('{') }],
    ];
    for (const payloads of unreadable) {
      await kit().connection.workflowService.signalWorkflowExecution({ namespace: 'default', workflowExecution: { workflowId: instance.id }, signalName: 'decide', input: { payloads } });
    }
    await decide(instance);
    const unread = { task: '?', user: '?', refused: { type: 'InvalidInput', message: expect.stringContaining('cannot be read') } };
    expect(await verdicts(instance)).toMatchObject([unread, unread, unread, { refused: { type: 'InvalidInput' } }, { user: 'mia', refused: null }]);
    expect(await finish(instance)).toMatchObject({ status: 'completed', steps: [{}, {}, { visits: [{ decision: { by: 'mia', outcome: 'approve' } }] }, {}, {}] });
  });

  it('is kept by Temporal while no worker runs', async () => {
    const instance = await asked(kit());
    await kit().flows.stop();
    await instance.handle.signal('decide', { task: 'approve', actor: { user: 'gus', groups: [] }, decision: yes });
    await instance.handle.signal('decide', { task: 'approve', actor: mia, decision: yes });
    await kit().flows.start();
    await instance.held();
    expect(await verdicts(instance)).toMatchObject([{ user: 'gus', refused: { type: 'NotPermitted' } }, { user: 'mia', refused: null }]);
    expect(await finish(instance)).toMatchObject({ status: 'completed', steps: [{}, {}, { visits: [{ decision: { by: 'mia', via: 'signal' } }] }, {}, {}] });
  });

  it('says the same once more without harm; another decision comes too late', async () => {
    const instance = await asked(kit());
    await decide(instance);
    await instance.handle.signal('decide', { task: 'approve', actor: mia, decision: yes });
    await instance.handle.signal('decide', { task: 'approve', actor: mia, decision: { outcome: 'reject', reason: 'changed my mind' } });
    await instance.handle.signal('decide', { task: 'approve', actor: { user: 'max', groups: ['managers'] }, decision: yes });
    await instance.until(({ story }) => story.filter(({ text }) => text.includes('was refused')).length === 2);
    expect(await verdicts(instance)).toMatchObject([{ refused: null }, { refused: null }, { refused: { type: 'Conflict' } }, { refused: { type: 'Conflict' } }]);
    const view = await finish(instance);
    expect(view.output).toMatchObject({ decidedBy: 'mia' });
    expect(view.story.filter(({ text }) => text.includes('(by signal) decided'))).toHaveLength(1);
  });

  it('is refused where the contract takes decisions by update only', async () => {
    const instance = await kit().start(laptop, { ...wish, ask: false, pay: 'none', handOut: true });
    await instance.until(({ tasks }) => tasks.length === 1);
    const dan = { user: 'dan', groups: ['desk'] };
    await instance.handle.signal('decide', { task: 'handOut', actor: dan, decision: { serial: 'S1' } });
    const view = await instance.until(({ story }) => story.some(({ text }) => text.includes('was refused')));
    expect(await verdicts(instance)).toMatchObject([{ refused: { type: 'NotPermitted', message: expect.stringContaining('not by signal') } }]);
    expect(view.tasks).toHaveLength(1);
    await instance.verb('task.complete', { task: 'handOut', actor: dan, decision: { serial: 'S1' } });
    expect(await instance.ended()).toMatchObject({ status: 'completed', steps: [{}, {}, {}, {}, { visits: [{ decision: { via: 'update' } }] }] });
  });

  it('does not fill the history, however often it is sent', async () => {
    const instance = await asked(kit());
    const noise = { task: 'x'.repeat(5_000), actor: { user: 'y'.repeat(5_000), groups: [] }, decision: Object.fromEntries(Array.from({ length: 500 }, (_, nth) => [`k${nth}`, nth])) };
    await kit().flows.stop();
    for (let nth = 0; nth < 60; nth++) await instance.handle.signal('decide', noise);
    await kit().flows.start();
    await decide(instance);
    const told = await verdicts(instance);
    expect(told).toHaveLength(20);
    expect(JSON.stringify(told).length).toBeLessThan(20_000);
    const view = await finish(instance);
    expect(view).toMatchObject({ status: 'completed', output: { decidedBy: 'mia' } });
    expect(view.story.filter(({ text }) => text.includes('was refused'))).toHaveLength(60);
    expect(view.steps[2]?.visits[0]?.decision).toMatchObject({ by: 'mia', via: 'signal', outcome: 'approve' });
  });
});
