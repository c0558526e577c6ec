import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { expect, it } from '@jest/globals';
import { defaultPayloadConverter, mapFromPayloads, type Payload } from '@temporalio/common';
import { decideSignal, messageSignal, taskQueues, type UpdateInput } from '../../contracts/verbs.ts';
import { inBothModes } from '../kit/modes.ts';
import type { Kit } from '../kit/running-kit.ts';
import type { StartedInstance } from '../kit/started-instance.ts';
import { longHaul } from './long.ts';

const suggested = 60;
const mona = { user: 'mona', groups: ['managers'] };
const approval: UpdateInput<'task.complete'> = { task: 'approve', actor: mona, decision: { outcome: 'approve' } };

const untilRuns = async (instance: StartedInstance, count: number): Promise<void> => {
  for (;;) {
    const runs = await instance.runs();
    if (runs.length >= count) return;
    const { problem, status } = await instance.view();
    if (problem !== null || status !== 'running') throw new Error(`${status} after ${runs.length} runs: ${problem?.message}`);
    await pause(20);
  }
};
const visits = (count: number) => Array.from({ length: count }, (_, index) => index + 1);
const say = (instance: StartedInstance, nth: number) => instance.handle.signal(messageSignal, { name: 'news', id: `n-${nth}`, payload: `news ${nth}` });

/** An instance just as it continues as new, started as Temporal starts the next run: no worker has seen it yet. */
async function betweenRuns(kit: Kit, input: Parameters<Kit['start']>[1]): Promise<StartedInstance> {
  const model = await kit.start(longHaul, input as never);
  await untilRuns(model, 2);
  const started = (await model.runs())[1]?.[0]?.workflowExecutionStartedEventAttributes;
  await model.cancel('its next run is what is wanted');
  await model.ended();
  const valueOf = (payload: unknown): unknown => defaultPayloadConverter.fromPayload(payload as Payload);
  await kit.flows.stop();
  const id = `longHaul/${randomUUID()}`;
  const memo = mapFromPayloads(defaultPayloadConverter, (started?.memo?.fields ?? {}) as Record<string, Payload>);
  await kit.client.workflow.start('longHaul', { workflowId: id, taskQueue: taskQueues.workflows, args: (started?.input?.payloads ?? []).map(valueOf), memo });
  return kit.follow(longHaul, id);
}

inBothModes(
  'an instance with a long history',
  (kit) => {
    it('continues as new by itself, under the same id and with the same keys, and its view is of one piece', async () => {
      const instance = await kit().start(longHaul, { times: 40 });
      const ended = await instance.ended();
      expect(ended).toMatchObject({ status: 'completed', output: { orders: 40 } });
      const runs = await instance.runs();
      expect(runs.length).toBeGreaterThan(3);
      for (const events of runs) expect(events.length).toBeLessThan(suggested + 20);
      const keys = instance.calls().map(({ key }) => key);
      expect(keys.slice(0, 40)).toEqual(visits(40).map((nth) => `${encodeURI(instance.id)}#1/order${nth === 1 ? '' : `:${nth}`}`));
      expect(keys).toHaveLength(41);
      const order = ended.steps.find(({ step }) => step === 'order');
      expect(order?.visits.map(({ visit, state, output }) => ({ visit, state, output }))).toEqual(visits(40).map((visit) => ({ visit, state: 'completed', output: { number: `shop-item ${visit}` } })));
      expect(ended.startedAt).toBe(new Date(Number(runs[0]?.[0]?.eventTime?.seconds) * 1000 + Math.floor((runs[0]?.[0]?.eventTime?.nanos ?? 0) / 1e6)).toISOString());
      expect(ended.story.filter(({ text }) => text.includes('started'))).toHaveLength(1);
      expect(ended.startedBy).toBe('ada');
    });

    it('keeps an open task with its claim, takes its decision, and knows it after the next seam', async () => {
      const instance = await kit().start(longHaul, { times: 40, beside: 'a task', newsEvery: 20 });
      await instance.until(({ tasks }) => tasks.length === 1);
      await instance.verb('task.claim', { task: 'approve', actor: mona });
      await untilRuns(instance, 2);
      const between = await instance.view();
      expect(between.tasks).toMatchObject([{ id: 'approve', state: 'reserved', assignee: 'mona' }]);
      expect(await instance.refusal('task.complete', { ...approval, actor: { user: 'max', groups: ['managers'] } })).toMatchObject({ type: 'Conflict' });
      const first = await instance.verb('task.complete', approval);
      await say(instance, 1);
      await untilRuns(instance, 4);
      expect(await instance.verb('task.complete', approval)).toEqual(first);
      expect(await instance.refusal('task.complete', { ...approval, actor: { user: 'max', groups: ['managers'] } })).toMatchObject({ type: 'Conflict', message: expect.stringContaining('already decided by mona') });
      await say(instance, 2);
      const ended = await instance.ended();
      expect(ended).toMatchObject({ status: 'completed', output: { beside: 'mona', news: ['news 1', 'news 2'] } });
      expect(ended.steps.find(({ step }) => step === 'approve')).toMatchObject({ state: 'completed', visits: [{ decision: { by: 'mona' } }] });
    });

    it('keeps an open incident, whose step goes on under the same key', async () => {
      const instance = await kit().start(longHaul, { times: 30, beside: 'an incident', newsEvery: 30 });
      await untilRuns(instance, 3);
      expect((await instance.view()).incidents).toMatchObject([{ id: 'pay.1', resolution: null }]);
      await instance.verb('incident.retry', { incident: 'pay.1', actor: mona });
      await instance.until(({ incidents }) => incidents.length === 2);
      instance.heal();
      await instance.verb('incident.retry', { incident: 'pay.2', actor: mona });
      await say(instance, 1);
      expect(await instance.ended()).toMatchObject({ status: 'completed', output: { beside: 'bank-all' } });
      expect(instance.books('bank')).toEqual(['standing']);
      expect(await instance.view()).toMatchObject({ incidents: [{ id: 'pay.1', resolution: { verb: 'retry' } }, { id: 'pay.2', resolution: { verb: 'retry' } }] });
    });

    it('keeps an input that an operator changed, and undoes once what the former one did', async () => {
      const instance = await kit().start(longHaul, { times: 60, beside: 'an incident', newsEvery: 30 });
      await instance.until(({ incidents, waitingFor }) => incidents.length === 1 && waitingFor.some(({ kind }) => kind === 'message'));
      await instance.verb('incident.retry', { incident: 'pay.1', actor: mona, input: { item: 'x2', trouble: 'does it but fails until told' }, comment: 'they meant x2' });
      await instance.until(({ incidents }) => incidents.length === 2);
      const runs = (await instance.runs()).length;
      await say(instance, 1);
      await untilRuns(instance, runs + 2);
      expect(instance.books('bank')).toEqual(['undone', 'standing']);
      instance.heal();
      await instance.verb('incident.retry', { incident: 'pay.2', actor: mona });
      await say(instance, 2);
      expect(await instance.ended()).toMatchObject({ status: 'completed', output: { beside: 'bank-x2' }, incidents: [{ resolution: { comment: 'they meant x2' } }, { input: { item: 'x2' } }] });
      expect(instance.books('bank')).toEqual(['undone', 'standing']);
      expect(instance.calls().filter(({ key }) => key.includes('undo:')).map(({ key }) => key.slice(key.indexOf('undo:')))).toEqual(['undo:pay']);
    });

    it.each([['a task', 'a signal'], ['a task', 'an update'], ['an incident', 'an update']] as const)('loses no decision on %s by %s that comes in the moment in which it continues as new', async (beside, by) => {
      const instance = await kit().start(longHaul, { times: 2, beside, newsEvery: 1, holds: true });
      await instance.held();
      await instance.until(({ waitingFor }) => waitingFor.length === 2);
      for (let nth = 0; (await instance.history()).length <= suggested; nth++) await instance.handle.signal(messageSignal, { name: 'nobody', id: `${nth}`, payload: '' });
      await say(instance, 1);
      await instance.until(({ waitingFor }) => waitingFor.length === 1);

      // The next order waits for the moment in which no system works; it comes together with the decision.
      await kit().flows.stop();
      instance.release('held');
      await instance.until(({ steps }) => steps.some(({ step, visits: [visit] }) => step === 'held' && visit?.state === 'completed'));
      const decision = by === 'a signal' ? undefined : beside === 'a task' ? instance.verbLater('task.complete', approval) : instance.verbLater('incident.fail', { incident: 'pay.1', actor: mona, reason: 'the bank is gone' });
      await (decision?.admitted ?? instance.handle.signal(decideSignal, approval));
      await kit().flows.start();
      await decision?.answer;

      if (beside === 'a task') {
        await say(instance, 2);
        expect(await instance.ended()).toMatchObject({ status: 'completed', output: { beside: 'mona' }, tasks: [] });
        expect((await instance.runs()).length).toBeGreaterThan(1);
      } else {
        expect(await instance.ended()).toMatchObject({ status: 'failed', incidents: [{ resolution: { verb: 'fail' } }] });
        expect(instance.books('bank')).toEqual(['undone']);
      }
    });

    it.each([
      ['news', (instance: StartedInstance) => say(instance, 1), { status: 'completed', output: { beside: 'news 1' } }],
      ['a task', (instance: StartedInstance) => instance.handle.signal(decideSignal, approval), { status: 'completed', output: { beside: 'mona' } }],
      ['a task', (instance: StartedInstance) => instance.cancel('enough'), { status: 'cancelled' }],
    ] as const)('goes the way it went also when what ends its loop (%s) comes between two runs', async (beside, come, end) => {
      const instance = await betweenRuns(kit(), { times: 40, beside, untilThen: true });
      await come(instance);
      await kit().flows.start();
      const ended = await instance.until(({ status, problem }) => status !== 'running' || problem !== null);
      expect(ended).toMatchObject({ problem: null, ...end });
    });

    it('undoes all that its runs did, when it fails with an incident of a former run', async () => {
      const instance = await kit().start(longHaul, { times: 30, beside: 'an incident', newsEvery: 30 });
      await untilRuns(instance, 3);
      await instance.verb('incident.fail', { incident: 'pay.1', actor: mona, reason: 'the bank is gone' });
      const ended = await instance.ended();
      expect(ended).toMatchObject({ status: 'failed' });
      expect(instance.books('bank')).toEqual(['undone']);
      expect(new Set(instance.books('shop'))).toEqual(new Set(['undone']));
    });

    it('keeps messages that come at any moment, each once and in their order', async () => {
      const instance = await kit().start(longHaul, { times: 40, newsEvery: 2 });
      for (const nth of visits(20)) {
        await say(instance, nth);
        await say(instance, Math.max(1, nth - 3));
      }
      const ended = await instance.ended();
      expect(ended.output).toMatchObject({ orders: 40, news: visits(20).map((nth) => `news ${nth}`) });
      expect((await instance.runs()).length).toBeGreaterThan(3);
      expect(ended.steps.find(({ step }) => step === 'news')?.visits).toHaveLength(20);
    });

    it('keeps a wait for a message, and a timer until its time', async () => {
      const [waits, rests] = await Promise.all([kit().start(longHaul, { times: 25, beside: 'news' }), kit().start(longHaul, { times: 25, beside: 'a timer' })]);
      await untilRuns(waits, 3);
      expect((await waits.view()).waitingFor).toMatchObject([{ kind: 'message', name: 'news' }]);
      await say(waits, 1);
      expect(await waits.ended()).toMatchObject({ status: 'completed', output: { beside: 'news 1' } });
      await untilRuns(rests, 3);
      await rests.until(({ steps }) => steps[0]?.visits.length === 25 && steps[0].state === 'completed');
      const [visit] = (await rests.view()).steps.find(({ step }) => step === 'rest')?.visits ?? [];
      const { until } = visit?.input as { until: string };
      expect(Math.abs(Date.parse(until) - Date.parse(visit?.scheduledAt ?? '') - 86_400_000)).toBeLessThan(1_000);
      await rests.skip(25);
      expect(await rests.ended()).toMatchObject({ status: 'completed', output: { beside: 'rested' } });
    });

    it('goes on within a forEach', async () => {
      const instance = await kit().start(longHaul, { times: 1, members: 40 });
      const ended = await instance.ended();
      expect(ended).toMatchObject({ status: 'completed' });
      expect(ended.steps.find(({ step }) => step === 'look')?.visits.map(({ visit, output }) => `${visit} ${(output as { number: string }).number}`)).toEqual(visits(40).map((visit) => `${visit} member ${visit - 1}`));
      expect((await instance.runs()).length).toBeGreaterThan(2);
      expect(new Set(instance.calls().map(({ key }) => key)).size).toBe(42);
    });

    it.each(['fails', 'is cancelled'])('undoes all that its runs did, newest first, when it %s', async (how) => {
      const instance = await kit().start(longHaul, { times: 25, ...(how === 'fails' ? { fails: true } : { beside: 'a task' }) });
      if (how !== 'fails') {
        await untilRuns(instance, 3);
        await instance.cancel('enough');
      }
      const ended = await instance.ended();
      expect(ended.status).toBe(how === 'fails' ? 'rejected' : 'cancelled');
      const undone = ended.compensations.map(({ visit }) => visit);
      expect(undone).toEqual([...undone].sort((a, b) => b - a));
      expect(new Set(instance.books('shop'))).toEqual(new Set(['undone']));
      if (how === 'fails') expect(undone).toHaveLength(25);
    });

    it('says so when its flow goes another way than it went, by the clock for example', async () => {
      const instance = await kit().start(longHaul, { times: 60, byTheClock: true });
      let problem = null;
      for (; problem === null; await pause(20)) ({ problem } = await instance.view());
      expect(problem).toMatchObject({ message: expect.stringContaining('it depends on something else than its input and its steps') });
      await instance.handle.terminate();
    });
  },
  { dynamicConfig: { 'limit.historyCount.suggestContinueAsNew': suggested } },
);
