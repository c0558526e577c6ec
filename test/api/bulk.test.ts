import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { BulkResult } from '../../contracts/activities/operations.ts';
import { bulk } from '../../contracts/processes/operations/bulk.ts';
import type { InstanceView } from '../../visibility/instance-view.ts';
import { laptop } from '../kit/contracts.ts';
import type { StartedInstance } from '../kit/started-instance.ts';
import { startSteps } from '../steps/running-steps.ts';
import type { ProblemBody, User } from './running-api.ts';

interface Bulk {
  readonly id: string;
  readonly instance: string;
  readonly by: string;
  readonly status: string;
  readonly matched: number | null;
  readonly done: number;
  readonly refused: number;
  readonly failed: number;
  readonly left: number | null;
  readonly paused: boolean;
}

let running: Awaited<ReturnType<typeof startSteps>>;
let olga: User;
let vera: User;
beforeAll(async () => {
  running = await startSteps([laptop, bulk]);
  olga = await running.user();
  vera = await running.user({ name: 'vera', roles: ['viewer', 'starter'] });
});
afterAll(() => running.stop());

const wish = { item: 'x1', requestedBy: 'ada', ask: false };
const at = (id: string, rest = ''): string => `/api/instances/${encodeURIComponent(id)}${rest}`;
const view = async (id: string): Promise<InstanceView> => (await olga<InstanceView>(at(id))).body;
const bulkOf = async (id: string): Promise<Bulk> => (await vera<Bulk>(`/api/bulk/${id}`)).body;
const begin = async (json: object): Promise<Bulk> => {
  const { status, body } = await olga<Bulk>('/api/bulk', { json });
  expect({ status, body }).toMatchObject({ status: 202, body: { status: 'running' } });
  running.kit.follow(bulk, body.instance);
  return body;
};
async function until(id: string, holds: (bulk: Bulk) => boolean): Promise<Bulk> {
  for (;;) {
    const now = await bulkOf(id);
    if (holds(now)) return now;
    if (now.status !== 'running') throw new Error(`bulk ${id} ended as ${now.status} before that`);
    await pause(50);
  }
}
async function resultsOf(id: string, query = ''): Promise<readonly BulkResult[]> {
  const all: BulkResult[] = [];
  for (let next: string | null = '0'; next !== null; ) {
    const { body }: { body: { results: BulkResult[]; next: string | null } } = await vera(`/api/bulk/${id}/results?after=${next}${query}`);
    all.push(...body.results);
    next = body.next;
  }
  return all;
}
/** So many that wait for somebody. */
const waiting = async (count: number): Promise<readonly StartedInstance[]> => {
  const instances = await Promise.all(Array.from({ length: count }, () => running.kit.start(laptop, { ...wish, handOut: true })));
  for (const instance of instances) await instance.until(({ tasks }) => tasks.length === 1);
  return instances;
};
const notesOf = async ({ id }: StartedInstance, text: string): Promise<number> => (await view(id)).story.filter((line) => line.text === `olga noted: ${text}`).length;
const endAll = async (instances: readonly StartedInstance[]): Promise<void> => {
  await Promise.all(instances.map((instance) => instance.cancel('the test is over')));
  await Promise.all(instances.map((instance) => instance.ended()));
};

describe('POST /bulk', () => {
  it('resolves a group of incidents in one call, after a preview, with a result for each instance', async () => {
    const stuck = await Promise.all([1, 2, 3].map(() => running.kit.start(laptop, { ...wish, pay: 'fails until told' })));
    const other = await running.kit.start(laptop, { ...wish, order: 'bad answer' });
    await Promise.all([...stuck, other].map((instance) => instance.until(({ incidents }) => incidents.length === 1)));
    const filter = { group: 'bank/Unavailable' };
    const preview = async () => (await olga<{ count: number; sample: { id: string }[] }>('/api/bulk/preview', { json: { filter } })).body;
    while ((await preview()).count < 3) await pause(50);
    expect((await preview()).sample.map(({ id }) => id).sort()).toEqual(stuck.map(({ id }) => id).sort());

    for (const instance of stuck) instance.heal();
    const { id } = await begin({ verb: 'retry', reason: 'the bank is back', filter });
    expect(await until(id, ({ status }) => status === 'completed')).toMatchObject({ matched: 3, done: 3, refused: 0, failed: 0, left: 0, by: 'olga' });
    expect((await resultsOf(id)).map((one) => [one.instance, one.outcome]).sort()).toEqual(stuck.map((instance) => [instance.id, 'done']).sort());
    for (const instance of stuck) expect(await instance.ended()).toMatchObject({ status: 'completed', incidents: [{ resolution: { verb: 'retry', by: 'olga', comment: 'the bank is back' } }] });
    expect(await view(other.id)).toMatchObject({ incidents: [{ resolution: null }] });
    await endAll([other]);
  });

  it('tells of each instance why it was refused', async () => {
    const [one, two] = await waiting(2);
    if (!one || !two) throw new Error('not started');
    const ended = await running.kit.start(laptop, wish);
    await ended.ended();
    const { id } = await begin({ verb: 'pause', reason: 'stock-taking', filter: { instances: [one.id, ended.id, 'laptop/nowhere', two.id] } });
    expect(await until(id, ({ status }) => status === 'completed')).toMatchObject({ matched: 4, done: 2, refused: 2, left: 0 });
    expect(await resultsOf(id, '&outcome=refused')).toEqual([
      { instance: ended.id, outcome: 'refused', detail: expect.stringContaining('ended at') },
      { instance: 'laptop/nowhere', outcome: 'refused', detail: expect.stringContaining('there is no instance') },
    ]);
    for (const instance of [one, two]) expect((await view(instance.id)).paused).toMatchObject({ by: 'olga', reason: 'stock-taking' });
    const back = await begin({ verb: 'resume', reason: 'all is counted', filter: { instances: [one.id, two.id] } });
    await until(back.id, ({ status }) => status === 'completed');
    expect((await view(one.id)).paused).toBe(null);
    const last = await begin({ verb: 'cancel', reason: 'not needed', filter: { instances: [one.id, two.id] } });
    expect(await until(last.id, ({ status }) => status === 'completed')).toMatchObject({ done: 2 });
    for (const instance of [one, two]) expect(await instance.ended()).toMatchObject({ status: 'cancelled', cancelRequest: { by: 'olga', reason: 'not needed' } });
  });

  it('takes them back to a step, and puts them before others', async () => {
    const instances = await waiting(2);
    const filter = { instances: instances.map(({ id }) => id) };
    const first = await begin({ verb: 'priority', priority: 1, reason: 'the director waits', filter });
    expect(await until(first.id, ({ status }) => status === 'completed')).toMatchObject({ done: 2 });
    const back = await begin({ verb: 'rewind', step: 'pay', reason: 'the bank mixed them up', filter });
    expect(await until(back.id, ({ status }) => status === 'completed')).toMatchObject({ done: 2 });
    for (const instance of instances) {
      const again = await instance.until(({ compensations, tasks }) => compensations.length === 1 && tasks.length === 1);
      expect(again.story.map(({ text }) => text)).toEqual(expect.arrayContaining(['olga set the priority to 1: the director waits.', 'olga took the instance back to before “pay”: the bank mixed them up.']));
      expect((await view(instance.id)).priority).toBe(1);
      expect(instance.books('bank')).toEqual(['undone', 'standing']);
    }
    await endAll(instances);
  });

  it('shows its progress, is paused like any instance, and says everything once when its worker comes and goes', async () => {
    const instances = await waiting(12);
    const { id, instance } = await begin({ verb: 'note', reason: 'hello', filter: { instances: instances.map((one) => one.id) }, perSecond: 0.8 });
    // Eight at once; the worker goes in the middle of them.
    while ((await notesOf(instances[2] as StartedInstance, 'hello')) === 0) await pause(50);
    await running.kit.systems.stop();
    expect(await bulkOf(id)).toMatchObject({ status: 'running', matched: 12, done: 0, left: 12 });
    expect((await olga(at(instance, '/pause'), { json: { reason: 'later' } })).status).toBe(200);
    await running.kit.systems.start();
    expect(await until(id, ({ done }) => done > 0)).toMatchObject({ done: 8, left: 4, paused: true });
    expect((await olga(at(instance, '/resume'), { method: 'POST' })).status).toBe(200);
    expect(await until(id, ({ status }) => status === 'completed')).toMatchObject({ done: 12, left: 0 });
    for (const one of instances) expect(await notesOf(one, 'hello')).toBe(1);
    await endAll(instances);
  });

  it('that is cancelled tells what was done until then', async () => {
    const instances = await waiting(6);
    const { id, instance } = await begin({ verb: 'note', reason: 'good bye', filter: { instances: instances.map((one) => one.id) }, perSecond: 2 });
    while ((await notesOf(instances[1] as StartedInstance, 'good bye')) === 0) await pause(20);
    await olga(at(instance, '/cancel'), { json: { reason: 'a mistake' } });
    const ended = await until(id, ({ status }) => status === 'cancelled');
    expect(ended.done).toBeGreaterThanOrEqual(2);
    expect(ended.left).toBe(6 - ended.done);
    expect(await resultsOf(id)).toHaveLength(ended.done);
    expect((await Promise.all(instances.map((one) => notesOf(one, 'good bye')))).reduce((sum, count) => sum + count, 0)).toBe(ended.done);
    await endAll(instances);
  });

  it('sent again with its key is the same bulk', async () => {
    const [one] = await waiting(1);
    const request = { json: { verb: 'note', reason: 'once', filter: { instances: [one?.id] } }, headers: { 'idempotency-key': 'k-1' } };
    const answers = await Promise.all([olga<Bulk>('/api/bulk', request), olga<Bulk>('/api/bulk', request)]);
    expect(new Set(answers.map(({ body }) => body.id)).size).toBe(1);
    const { id, instance } = answers[0]?.body ?? { id: '', instance: '' };
    running.kit.follow(bulk, instance);
    await until(id, ({ status }) => status === 'completed');
    expect(await notesOf(one as StartedInstance, 'once')).toBe(1);
    await endAll(one ? [one] : []);
  });

  it('of 50 that race for the same incident one resolves it; the others are told why they did not, and leave no event', async () => {
    const one = await running.kit.start(laptop, { ...wish, pay: 'fails until told' });
    await one.until(({ incidents }) => incidents.length === 1);
    // Tried again in vain it would be another incident, for another to win.
    one.heal();
    const before = await one.recorded();
    const callers = await Promise.all(Array.from({ length: 50 }, async (_, nth) => running.user({ name: `operator-${nth}` })));
    const bulks = await Promise.all(
      callers.map(async (caller, nth) => (await caller<Bulk>('/api/bulk', { json: { verb: nth % 2 === 0 ? 'fail' : 'retry', reason: `I am number ${nth}`, filter: { instances: [one.id] }, perSecond: 50 } })).body),
    );
    for (const { instance } of bulks) running.kit.follow(bulk, instance);
    const ended = await Promise.all(bulks.map(({ id }) => until(id, ({ status }) => status === 'completed')));
    const winners = ended.filter(({ done }) => done === 1);
    // An instance that is asked by so many may have no time for some of them: these are told so.
    expect({ winners: winners.length, others: ended.filter(({ refused, failed }) => refused + failed === 1).length }).toEqual({ winners: 1, others: 49 });
    const [winner] = winners;
    expect((await view(one.id)).incidents[0]?.resolution).toMatchObject({ by: winner?.by });
    for (const { id } of ended) {
      const [result] = await resultsOf(id);
      if (id === winner?.id) expect(result).toEqual({ instance: one.id, outcome: 'done', detail: null });
      else expect([result?.outcome, result?.detail]).toEqual(result?.outcome === 'failed' ? ['failed', expect.stringContaining('nothing was recorded')] : ['refused', expect.stringMatching(/no open incident|ended/)]);
    }
    const updates = (await one.history()).slice(before).filter(({ workflowExecutionUpdateAcceptedEventAttributes: accepted }) => accepted);
    expect(updates).toHaveLength(1);
    await one.ended();
  });

  it('refuses what says too little, and those who may not', async () => {
    const refused = async (json: object, user = olga) => {
      const { status, body } = await user<ProblemBody>('/api/bulk', { json });
      return { status, paths: body.errors?.map(({ path }) => path) };
    };
    const good = { verb: 'note', reason: 'hello', filter: { process: 'laptop' } };
    expect(await refused({ ...good, filter: {} })).toEqual({ status: 422, paths: ['filter'] });
    expect(await refused({ ...good, filter: { process: 'laptop', instances: ['laptop/1'] } })).toEqual({ status: 422, paths: ['filter'] });
    expect(await refused({ ...good, verb: 'terminate' })).toEqual({ status: 422, paths: ['verb'] });
    expect(await refused({ ...good, verb: 'rewind' })).toEqual({ status: 422, paths: ['step'] });
    expect(await refused({ ...good, verb: 'priority', priority: 9 })).toEqual({ status: 422, paths: ['priority'] });
    expect(await refused({ ...good, step: 'pay', priority: 1, confirm: true })).toEqual({ status: 422, paths: ['step', 'priority', 'confirm'] });
    expect(await refused({ ...good, reason: '' })).toEqual({ status: 422, paths: ['reason'] });
    expect(await refused({ ...good, perSecond: 1_000 })).toEqual({ status: 422, paths: ['perSecond'] });
    expect(await refused({ ...good, filter: { group: "x' OR 1=1" } })).toEqual({ status: 422, paths: ['filter.group'] });
    expect((await refused(good, vera)).status).toBe(403);
    expect((await vera('/api/bulk/nothing')).status).toBe(404);
  });

  it('is no process that anybody could start or find by its name', async () => {
    const input = { verb: 'note', reason: 'in another name', filter: { processes: ['laptop'] }, perSecond: 1, actor: { user: 'admin', groups: [] } };
    expect((await olga('/api/processes/bulk/instances', { json: { input } })).status).toBe(404);
    expect(JSON.stringify((await olga('/api/processes')).body)).not.toContain('bulk');
    const { body } = await olga<{ instances: { process: string }[] }>('/api/instances?limit=200');
    expect(new Set(body.instances.map(({ process }) => process))).toEqual(new Set(['laptop']));
  });
});
