import { expect, it } from '@jest/globals';
import { badge, laptop } from './contracts.ts';
import { inBothModes } from './modes.ts';

const mia = { user: 'mia', groups: ['managers'] };
const dora = { user: 'dora', groups: ['directors'] };
const wish = { item: 'x1', requestedBy: 'ada', ask: true };
const yes = { outcome: 'approve' };

inBothModes('a task that is due in an hour', (kit) => {
  it('says when it is due, and asks nobody else before', async () => {
    const instance = await kit().start(laptop, wish);
    const { tasks } = await instance.until(({ tasks }) => tasks.length === 1);
    const [task] = tasks;
    expect(Date.parse(task?.dueAt ?? '') - Date.parse(task?.openedAt ?? '')).toBe(3_600_000);
    await instance.skip(0.9);
    expect(await instance.refusal('task.complete', { task: 'approve', actor: dora, decision: yes })).toMatchObject({ type: 'NotPermitted' });
    expect((await instance.view()).tasks).toMatchObject([{ escalated: false, candidateGroups: ['managers'] }]);
    await instance.verb('task.complete', { task: 'approve', actor: mia, decision: yes });
    expect(await instance.ended()).toMatchObject({ status: 'completed' });
  });

  it('asks the directors too when it is overdue, whoever has claimed it', async () => {
    const instance = await kit().start(laptop, wish);
    await instance.until(({ tasks }) => tasks.length === 1);
    await instance.verb('task.claim', { task: 'approve', actor: mia });
    await instance.skip(2);
    const overdue = await instance.until(({ tasks: [task] }) => task?.escalated === true);
    expect(overdue.tasks).toMatchObject([{ candidateGroups: ['managers', 'directors'], assignee: 'mia' }]);
    expect(overdue.waitingFor.map(({ name }) => name)).toEqual(['managers', 'directors']);
    expect((await instance.handle.describe()).searchAttributes).toMatchObject({ WaitingFor: ['directors', 'managers'] });
    expect(overdue.story.map(({ text }) => text)).toContain('“Approve the laptop” is overdue and was escalated to managers and directors.');
    expect(await instance.refusal('task.complete', { task: 'approve', actor: dora, decision: yes })).toMatchObject({ type: 'Conflict' });
    await instance.verb('task.release', { task: 'approve', actor: mia });
    await instance.verb('task.complete', { task: 'approve', actor: dora, decision: yes });
    expect(await instance.ended()).toMatchObject({ status: 'completed', output: { decidedBy: 'dora' } });
  });

  it('stays closed when its hour ends in the moment of its decision', async () => {
    const instance = await kit().start(laptop, { ...wish, pay: 'waits' });
    await instance.until(({ tasks }) => tasks.length === 1);
    await kit().flows.stop();
    await instance.skip(2);
    await instance.untilEvent((event) => event.timerFiredEventAttributes != null);
    await instance.handle.signal('decide', { task: 'approve', actor: mia, decision: yes });
    await kit().flows.start();
    await instance.held();
    const view = await instance.view();
    expect(view).toMatchObject({ tasks: [], waitingFor: [] });
    expect(Object.keys((await instance.handle.describe()).memo ?? {})).not.toContain('task:approve');
    instance.release();
    expect(await instance.ended()).toMatchObject({ status: 'completed', output: { decidedBy: 'mia' } });
  });
});

inBothModes('a task that is due at a moment', (kit) => {
  const made = { task: 'makeBadge', decision: { serial: 'B1' } };
  const hence = (hours: number): string => new Date(Date.now() + hours * 3_600_000).toISOString();

  it('says so, whatever the offset from UTC it is told in, and asks others too from then on', async () => {
    const by = hence(2);
    const instance = await kit().start(badge, { by: by.replace('Z', '+00:00') });
    const { tasks } = await instance.until((view) => view.tasks.length === 1);
    expect(tasks).toMatchObject([{ dueAt: by, escalated: false }]);
    expect(await instance.refusal('task.complete', { ...made, actor: dora })).toMatchObject({ type: 'NotPermitted' });
    await instance.skip(3);
    await instance.until(({ tasks: [task] }) => task?.escalated === true);
    await instance.verb('task.complete', { ...made, actor: dora });
    expect(await instance.ended()).toMatchObject({ status: 'completed', output: { by: 'dora' } });
  });

  it('asks others at once when the moment has passed', async () => {
    const instance = await kit().start(badge, { by: hence(-1) });
    await instance.until(({ tasks: [task] }) => task?.escalated === true);
    await instance.verb('task.complete', { ...made, actor: dora });
    expect((await instance.ended()).status).toBe('completed');
  });

  it('whose contract gives no moment stands still, and says so', async () => {
    const instance = await kit().start(badge, { by: 'soon' });
    const pause = (): Promise<void> => new Promise((resolve) => void setTimeout(resolve, 50));
    let { problem } = await instance.view();
    for (; problem === null; await pause()) ({ problem } = await instance.view());
    expect(problem).toMatchObject({ message: expect.stringContaining('task "makeBadge" is due at "soon", which is no moment') });
    await instance.handle.terminate();
  });
});
