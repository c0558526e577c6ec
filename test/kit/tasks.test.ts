import { expect, it } from '@jest/globals';
import type { UpdateName } from '../../contracts/verbs.ts';
import { laptop } from './contracts.ts';
import { inBothModes } from './modes.ts';
import type { Kit } from './running-kit.ts';

const mia = { user: 'mia', groups: ['managers'] };
const max = { user: 'max', groups: ['managers'] };
const wish = { item: 'x1', requestedBy: 'ada', ask: true };
const yes = { outcome: 'approve' };
/** With the payment held, the instance lives on after the decision. */
const lasting = { ...wish, pay: 'waits' as const };

const asked = async (kit: Kit, more: object = {}) => {
  const instance = await kit.start(laptop, { ...lasting, ...more });
  await instance.until(({ tasks }) => tasks.length === 1);
  return instance;
};

interface Refused {
  readonly why: string;
  readonly verb: UpdateName;
  readonly input: unknown;
  readonly type: string;
  readonly says: RegExp | string;
}

const past = '2020-01-01T00:00:00Z';
const refusals: readonly Refused[] = [
  { why: 'of a group that is not asked', verb: 'task.complete', input: { task: 'approve', actor: { user: 'gus', groups: ['desk', 'sales'] }, decision: yes }, type: 'NotPermitted', says: 'task "approve" is for the group managers; gus is in desk, sales' },
  { why: 'of nobody’s group', verb: 'task.claim', input: { task: 'approve', actor: { user: 'gus', groups: [] } }, type: 'NotPermitted', says: /gus is in no group/ },
  { why: 'by the person who asked (four eyes)', verb: 'task.complete', input: { task: 'approve', actor: { user: 'ada', groups: ['managers'] }, decision: yes }, type: 'NotPermitted', says: /ada may not do task "approve".*four eyes/ },
  { why: 'on a task that does not exist', verb: 'task.complete', input: { task: 'aprove', actor: mia, decision: yes }, type: 'NotFound', says: /no task "aprove"/ },
  { why: 'with an outcome that the form does not know', verb: 'task.complete', input: { task: 'approve', actor: mia, decision: { outcome: 'perhaps' } }, type: 'InvalidInput', says: /the form of task "approve": decision\.outcome: / },
  { why: 'with a field that breaks the form', verb: 'task.complete', input: { task: 'approve', actor: mia, decision: { outcome: 'reject', reason: 'no' } }, type: 'InvalidInput', says: /decision\.reason: / },
  { why: 'with a field that the form does not have', verb: 'task.complete', input: { task: 'approve', actor: mia, decision: { outcome: 'approve', secretly: true } }, type: 'InvalidInput', says: /decision: .*secretly/ },
  { why: 'without a decision', verb: 'task.complete', input: { task: 'approve', actor: mia }, type: 'InvalidInput', says: /decision: / },
  { why: 'whose sender has stopped waiting', verb: 'task.complete', input: { task: 'approve', actor: mia, decision: yes, validUntil: past }, type: 'Unavailable', says: /came after 2020.*nothing was recorded/ },
  { why: 'to claim, whose sender has stopped waiting', verb: 'task.claim', input: { task: 'approve', actor: mia, validUntil: past }, type: 'Unavailable', says: /nothing was recorded/ },
  { why: 'to release what nobody claimed', verb: 'task.release', input: { task: 'approve', actor: mia }, type: 'Conflict', says: /not claimed/ },
  { why: 'without an actor', verb: 'task.claim', input: { task: 'approve' }, type: 'InvalidInput', says: /update "task\.claim".*actor/ },
  { why: 'by an actor with a title', verb: 'task.claim', input: { task: 'approve', actor: { ...mia, admin: true } }, type: 'InvalidInput', says: /actor: .*admin/ },
  { why: 'that is larger than a history can hold', verb: 'task.complete', input: { task: 'approve', actor: mia, decision: { outcome: 'reject', reason: 'x'.repeat(1_000_001) } }, type: 'InvalidInput', says: /update "task\.complete" has 1000\d+ bytes/ },
  ...[null, 7, 'approve', [], [[null]], {}].map((input): Refused => ({ why: `that is ${JSON.stringify(input)}`, verb: 'task.complete', input, type: 'InvalidInput', says: /update "task\.complete" does not fit its contract/ })),
];

inBothModes('a task', (kit) => {
  it('is claimed, released and decided by its group', async () => {
    const instance = await asked(kit());
    expect(await instance.verb('task.claim', { task: 'approve', actor: mia })).toEqual({ task: 'approve', state: 'reserved', assignee: 'mia' });
    expect((await instance.view()).tasks).toMatchObject([{ id: 'approve', state: 'reserved', assignee: 'mia' }]);
    // The same once more changes nothing.
    expect(await instance.verb('task.claim', { task: 'approve', actor: mia })).toMatchObject({ assignee: 'mia' });
    for (const verb of ['task.claim', 'task.release', 'task.complete'] as const) {
      expect(await instance.refusal(verb, { task: 'approve', actor: max, ...(verb === 'task.complete' ? { decision: yes } : {}) })).toMatchObject({ type: 'Conflict', message: 'task "approve" is claimed by mia, who can release it' });
    }
    expect(await instance.verb('task.release', { task: 'approve', actor: mia })).toEqual({ task: 'approve', state: 'ready', assignee: null });
    await instance.verb('task.claim', { task: 'approve', actor: max });
    await instance.verb('task.complete', { task: 'approve', actor: max, decision: { outcome: 'approve', limit: 5 } });
    await instance.held();
    const view = await instance.view();
    expect(view.tasks).toEqual([]);
    expect(view.steps[2]).toMatchObject({ state: 'completed', visits: [{ output: { outcome: 'approve', limit: 5, decidedBy: 'max' }, decision: { by: 'max', via: 'update', outcome: 'approve' } }] });
    expect(Date.parse(view.steps[2]?.visits[0]?.startedAt ?? '')).toBeGreaterThanOrEqual(Date.parse(view.steps[2]?.visits[0]?.scheduledAt ?? ''));
    expect(view.story.map(({ text }) => text)).toEqual(expect.arrayContaining(['mia claimed “Approve the laptop”.', 'mia released “Approve the laptop”.', 'max decided “Approve the laptop”: approve.']));
    instance.release();
    expect(await instance.ended()).toMatchObject({ output: { decidedBy: 'max' } });
  });

  it('refuses a verb with its reason, and records nothing of it', async () => {
    const instance = await asked(kit());
    const before = await instance.recorded();
    const memo = (await instance.handle.describe()).memo;
    for (const { why, verb, input, type, says } of refusals) {
      const refusal = await instance.refusal(verb, input);
      expect({ why, ...refusal }).toEqual({ why, type, message: typeof says === 'string' ? says : expect.stringMatching(says) });
      expect(refusal?.message.length).toBeLessThan(1_000);
    }
    expect(await instance.recorded()).toBe(before);
    expect((await instance.handle.describe()).memo).toEqual(memo);
    await instance.handle.cancel();
    await instance.ended();
  });

  it('refuses verbs that no instance knows', async () => {
    const instance = await asked(kit());
    const before = await instance.recorded();
    for (const verb of ['task.skip', 'constructor', '']) await expect(instance.handle.executeUpdate(verb, { args: [{}] })).rejects.toThrow();
    expect(await instance.recorded()).toBe(before);
    await instance.handle.cancel();
    await instance.ended();
  });

  it('takes the same decision of the same person again, and answers as before; anybody else gets a conflict', async () => {
    const instance = await asked(kit());
    const completion = { task: 'approve', actor: mia, decision: { outcome: 'approve', limit: 5 } };
    const first = await instance.verb('task.complete', completion);
    expect(await instance.verb('task.complete', { ...completion, decision: { limit: 5, outcome: 'approve' } })).toEqual(first);
    // Also when she has left the group since.
    expect(await instance.verb('task.complete', { ...completion, actor: { ...mia, groups: [] } })).toEqual(first);
    const before = await instance.recorded();
    const late = `task "approve" was already decided by mia at ${first.decidedAt}`;
    expect(await instance.refusal('task.complete', { ...completion, actor: max })).toEqual({ type: 'Conflict', message: late });
    expect(await instance.refusal('task.complete', { ...completion, decision: { outcome: 'reject', reason: 'changed my mind' } })).toEqual({ type: 'Conflict', message: late });
    expect(await instance.refusal('task.claim', { task: 'approve', actor: mia })).toEqual({ type: 'Conflict', message: late });
    expect(await instance.recorded()).toBe(before);
    await instance.held();
    instance.release();
    expect(await instance.ended()).toMatchObject({ status: 'completed', output: { decidedBy: 'mia' } });
  });

  it('knows the same decision again although the form completes what was sent', async () => {
    const instance = await kit().start(laptop, { ...wish, ask: false, handOut: true, undo: 'waits' });
    await instance.until(({ tasks }) => tasks.length === 1);
    await kit().flows.stop();
    const dan = { user: 'dan', groups: ['desk'] };
    const twice = [1, 2].map(() => instance.verb('task.complete', { task: 'handOut', actor: dan, decision: { serial: 'S1', colour: 'grey' } }));
    await kit().flows.start();
    const [first, second] = await Promise.all(twice);
    expect(first).toMatchObject({ decision: { serial: 'S1', bag: true } });
    expect(second).toEqual(first);
    expect((await instance.ended()).steps[4]).toMatchObject({ visits: [{ output: { serial: 'S1', bag: true, decidedBy: 'dan' } }] });
  });

  it('is decided by exactly one of fifty who try at once, and the refused leave no event', async () => {
    const instance = await asked(kit());
    const tries = Array.from({ length: 50 }, (_, nth) => instance.refusal('task.complete', { task: 'approve', actor: { user: `m${nth}`, groups: ['managers'] }, decision: yes }));
    const answers = await Promise.all(tries);
    const refused = answers.filter((answer) => answer !== null);
    expect(refused).toHaveLength(49);
    expect(new Set(refused.map(({ type }) => type))).toEqual(new Set(['Conflict']));
    const winner = `m${answers.indexOf(null)}`;
    const events = await instance.history();
    expect(events.filter((event) => event.workflowExecutionUpdateAcceptedEventAttributes)).toHaveLength(1);
    expect(events.filter((event) => event.workflowExecutionUpdateCompletedEventAttributes)).toHaveLength(1);
    await instance.held();
    instance.release();
    expect(await instance.ended()).toMatchObject({ status: 'completed', output: { decidedBy: winner } });
  });

  it('is claimed by exactly one of fifty who try at once', async () => {
    const instance = await asked(kit());
    const answers = await Promise.all(Array.from({ length: 50 }, (_, nth) => instance.refusal('task.claim', { task: 'approve', actor: { user: `m${nth}`, groups: ['managers'] } })));
    expect(answers.filter((answer) => answer === null)).toHaveLength(1);
    expect((await instance.view()).tasks[0]?.assignee).toBe(`m${answers.indexOf(null)}`);
    await instance.handle.cancel();
    await instance.ended();
  });
}, {
  // Fifty ask at once by the bare client, which gives up on a server that refuses the eleventh for long.
  dynamicConfig: { 'history.maxInFlightUpdates': 100 },
});
