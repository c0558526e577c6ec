import { expect, it } from '@jest/globals';
import type { WorkflowExecutionInfo } from '@temporalio/client';
import { setTimeout as pause } from 'node:timers/promises';
import { fork, laptop } from './contracts.ts';
import { inBothModes } from './modes.ts';
import type { Kit } from './running-kit.ts';
import type { StartedInstance } from './started-instance.ts';

const mia = { user: 'mia', groups: ['managers'] };
const wish = { item: 'x1', requestedBy: 'ada', ask: true, pay: 'waits' as const };
const started = ['definition', 'generation', 'startedBy'];

const memoOf = async (instance: StartedInstance) => (await instance.handle.describe()).memo ?? {};

/** Visibility lags behind: lists until the query finds the instance, or no more. */
async function listed({ kit, instance, query, found = true }: { kit: Kit; instance: StartedInstance; query: string; found?: boolean }) {
  for (;;) {
    const executions: WorkflowExecutionInfo[] = [];
    for await (const one of kit.client.workflow.list({ query: `${query} AND WorkflowId = '${instance.id}'` })) executions.push(one);
    if (executions.length === (found ? 1 : 0)) return executions[0];
    await pause(50);
  }
}

/** What Temporal's Web UI shows as current details. */
async function detailsOf(instance: StartedInstance): Promise<string> {
  const { currentDetails } = await instance.handle.query<{ currentDetails?: string }>('__temporal_workflow_metadata');
  return currentDetails ?? '';
}

const summaries = async (instance: StartedInstance): Promise<readonly unknown[]> =>
  (await instance.history()).flatMap(({ userMetadata }) => (userMetadata?.summary?.data ? [JSON.parse(Buffer.from(userMetadata.summary.data).toString()) as unknown] : []));

inBothModes('what an instance shows', (kit) => {
  it('is a memo for an open task, with all that its person must see, and whom it waits for', async () => {
    const instance = await kit().start(laptop, { ...wish, notes: 'urgent' });
    await instance.until(({ tasks }) => tasks.length === 1);
    const memo = await memoOf(instance);
    expect(Object.keys(memo).sort()).toEqual([...started, 'task:approve'].sort());
    expect(memo['task:approve']).toEqual({
      step: 'approve',
      visit: 1,
      title: 'Approve the laptop',
      state: 'ready',
      assignee: null,
      candidateGroups: ['managers'],
      excludedUsers: ['ada'],
      openedAt: expect.stringMatching(/^\d{4}-.*Z$/),
      dueAt: expect.stringMatching(/^\d{4}-.*Z$/),
      escalated: false,
      form: expect.stringMatching(/^[0-9a-f]{64}$/),
      shown: { value: { item: 'x1', requestedBy: 'ada', notes: 'urgent' } },
    });
    expect((await instance.handle.describe()).searchAttributes).toMatchObject({ WaitingFor: ['managers'] });
    expect(await detailsOf(instance)).toBe('* Task **approve** (Approve the laptop) for managers');
    // Lists show the same without asking the instance.
    expect((await listed({ kit: kit(), instance, query: `WaitingFor = 'managers'` }))?.memo).toMatchObject({ 'task:approve': memo['task:approve'] });

    await instance.verb('task.claim', { task: 'approve', actor: mia });
    expect((await memoOf(instance))['task:approve']).toMatchObject({ state: 'reserved', assignee: 'mia' });
    expect(await detailsOf(instance)).toBe('* Task **approve** (Approve the laptop) for mia');

    await instance.verb('task.complete', { task: 'approve', actor: mia, decision: { outcome: 'approve' } });
    await instance.held();
    expect(Object.keys(await memoOf(instance)).sort()).toEqual(started);
    expect((await instance.handle.describe()).searchAttributes).not.toHaveProperty('WaitingFor');
    expect(await detailsOf(instance)).toBe('');
    await listed({ kit: kit(), instance, query: `WaitingFor = 'managers'`, found: false });
    instance.release();
    await instance.ended();
    expect(Object.keys(await memoOf(instance)).sort()).toEqual(started);
  });

  it('is a memo for an open incident, and the system that it waits for', async () => {
    const instance = await kit().start(laptop, { ...wish, ask: false, pay: 'fails until told' });
    await instance.until(({ incidents }) => incidents.length === 1);
    expect((await memoOf(instance))['incident:pay.1']).toEqual({
      step: 'pay',
      visit: 1,
      title: 'Pay',
      of: 'step',
      activity: 'bank.pay',
      failure: { type: 'Unavailable', message: 'down' },
      openedAt: expect.stringMatching(/^\d{4}-.*Z$/),
    });
    expect((await listed({ kit: kit(), instance, query: `WaitingFor = 'bank'` }))?.searchAttributes).toMatchObject({ WaitingFor: ['bank'] });
    expect(await detailsOf(instance)).toBe('* Incident **pay.1** (Pay): down');
    instance.heal();
    await instance.verb('incident.retry', { incident: 'pay.1', actor: { user: 'olga', groups: [] } });
    await instance.ended();
    expect(Object.keys(await memoOf(instance)).sort()).toEqual(started);
    expect((await instance.handle.describe()).searchAttributes).not.toHaveProperty('WaitingFor');
    expect(await detailsOf(instance)).toBe('');
  });

  it('is all that it waits for, when that is several things at once', async () => {
    const instance = await kit().start(fork, { left: 'fails until told', right: 'none', rightAsks: true });
    await instance.until(({ incidents, tasks }) => incidents.length === 1 && tasks.length === 1);
    expect((await instance.handle.describe()).searchAttributes).toMatchObject({ WaitingFor: ['desk', 'shop'] });
    expect((await detailsOf(instance)).split('\n').sort()).toEqual(['* Incident **left.1** (Place the order): down', '* Task **ask** (Hand the laptop out) for desk']);
    await instance.handle.cancel();
    await instance.ended();
    expect(Object.keys(await memoOf(instance)).sort()).toEqual(started);
    expect((await instance.handle.describe()).searchAttributes).not.toHaveProperty('WaitingFor');
  });

  it('is found as rejected, which Temporal itself calls failed', async () => {
    const instance = await kit().start(laptop, { ...wish, ask: false, pay: 'refuses' });
    await instance.ended();
    expect(await listed({ kit: kit(), instance, query: `Outcome = 'rejected' AND ExecutionStatus = 'Failed'` })).toBeDefined();
    const failed = await kit().start(laptop, { ...wish, ask: false, pay: 'bad answer' });
    await failed.until(({ incidents }) => incidents.length === 1);
    await failed.verb('incident.fail', { incident: 'pay.1', actor: { user: 'olga', groups: [] }, reason: 'no use' });
    await failed.ended();
    expect((await failed.handle.describe()).searchAttributes).not.toHaveProperty('Outcome');
  });

  it('has the titles of its steps in the history', async () => {
    const instance = await kit().start(laptop, { ...wish, pay: 'refuses' });
    await instance.until(({ tasks }) => tasks.length === 1);
    await instance.verb('task.complete', { task: 'approve', actor: mia, decision: { outcome: 'approve' } });
    await instance.ended();
    // A timer has its title twice: when it begins and when it is cancelled.
    expect([...new Set(await summaries(instance))]).toEqual(['Look up the item', 'Place the order', 'Approve the laptop: due', 'Pay', 'Cancel the order']);
  });

  it('lies in the document store when it is more than a memo should hold', async () => {
    const item = 'ü'.repeat(4_000);
    const instance = await kit().start(laptop, { ...wish, item, pay: 'none' });
    const view = await instance.until(({ tasks }) => tasks.length === 1);
    const [task] = view.tasks;
    expect(task?.shown).toEqual({ document: { sha256: expect.stringMatching(/^[0-9a-f]{64}$/), mediaType: 'application/json', size: expect.any(Number) } });
    expect(JSON.stringify(await memoOf(instance)).length).toBeLessThan(2_000);
    const { document } = task?.shown as { document: { sha256: string } };
    const kept = await kit().documents.get(document.sha256);
    expect(JSON.parse(Buffer.from(kept?.bytes ?? []).toString())).toEqual({ item, requestedBy: 'ada' });
    expect(view.steps[2]).toMatchObject({ state: 'waiting', visits: [{ visit: 1 }] });
    await instance.verb('task.complete', { task: 'approve', actor: mia, decision: { outcome: 'approve' } });
    expect((await instance.ended()).status).toBe('completed');
  });
});
