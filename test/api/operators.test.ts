import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { InstanceView } from '../../visibility/instance-view.ts';
import { fork, laptop, notice } from '../kit/contracts.ts';
import type { StartedInstance } from '../kit/started-instance.ts';
import { startSteps } from '../steps/running-steps.ts';
import type { Answer, ProblemBody, User } from './running-api.ts';

let running: Awaited<ReturnType<typeof startSteps>>;
let olga: User;
let vera: User;
beforeAll(async () => {
  // Temporal orders each partition of a task queue by itself.
  const onePartition = { 'matching.numTaskqueueWritePartitions': 1, 'matching.numTaskqueueReadPartitions': 1 };
  running = await startSteps([laptop, fork, notice], { dynamicConfig: onePartition });
  olga = await running.user();
  vera = await running.user({ name: 'vera', roles: ['viewer', 'worker', 'starter'] });
});
afterAll(() => running.stop());

const wish = { item: 'x1', requestedBy: 'ada', ask: false };
const at = ({ id }: StartedInstance, rest = ''): string => `/api/instances/${encodeURIComponent(id)}${rest}`;
const view = async (instance: StartedInstance): Promise<InstanceView> => (await olga<InstanceView>(at(instance))).body;
const told = ({ status, body }: Answer<ProblemBody>) => ({ status, detail: body.detail, paths: body.errors?.map(({ path }) => path) });

/** An instance whose payment fails until its system is healed, or is asked with another input. */
async function stuck(): Promise<StartedInstance> {
  const instance = await running.kit.start(laptop, { ...wish, pay: 'fails until told' });
  await instance.until(({ incidents }) => incidents.length === 1);
  return instance;
}
const mend = (instance: StartedInstance, verb: string, json: object, user = olga) => user<ProblemBody>(at(instance, `/incidents/pay.1/${verb}`), { json });

describe('POST /instances/{id}/incidents/{incident}/retry', () => {
  it('takes another input, which is shown beside the former one', async () => {
    const instance = await stuck();
    expect(await mend(instance, 'retry', { input: { item: 'x2' }, comment: 'they meant x2' })).toMatchObject({ status: 200, body: { incident: 'pay.1', resolution: 'retry', resolvedBy: 'olga' } });
    expect(await instance.ended()).toMatchObject({ status: 'completed', output: { payment: 'bank-x2' } });
    expect((await view(instance)).incidents).toMatchObject([{ input: { item: 'x1' }, resolution: { comment: 'they meant x2', changes: [{ op: 'remove', path: '/trouble' }, { op: 'replace', path: '/item', value: 'x2' }] } }]);
  });

  it('refuses an input that breaks the contract, and one without a reason, and leaves no event', async () => {
    const instance = await stuck();
    const before = await instance.recorded();
    expect(told(await mend(instance, 'retry', { input: { item: 7, colour: 'red' }, comment: 'they meant x2' }))).toMatchObject({ status: 422, paths: ['input.item', 'input'] });
    expect(told(await mend(instance, 'retry', { input: null, comment: 'they meant x2' }))).toMatchObject({ status: 422, paths: ['input'] });
    expect(told(await mend(instance, 'retry', { input: { item: 'x2' } }))).toMatchObject({ status: 422, paths: ['comment'] });
    expect(told(await mend(instance, 'retry', { input: { item: 'x2' }, comment: '  ' }))).toMatchObject({ status: 422, paths: ['comment'] });
    expect(told(await mend(instance, 'retry', { input: { item: 'x2' }, comment: 'they meant x2' }, vera))).toMatchObject({ status: 403 });
    expect(await instance.recorded()).toBe(before);
    await mend(instance, 'fail', { reason: 'nobody pays' });
    await instance.ended();
  });
});

describe('POST /instances/{id}/incidents/{incident}/supply', () => {
  it('goes on with the output, when it keeps the contract', async () => {
    const instance = await stuck();
    const before = await instance.recorded();
    expect(told(await mend(instance, 'supply', { output: { number: 7 }, reason: 'paid by hand' }))).toMatchObject({ status: 422, paths: ['output.number'] });
    expect(told(await mend(instance, 'supply', { reason: 'paid by hand' }))).toMatchObject({ status: 422 });
    expect(told(await mend(instance, 'supply', { output: { number: 'P-7' } }))).toMatchObject({ status: 422, paths: ['reason'] });
    expect(await instance.recorded()).toBe(before);
    expect(await mend(instance, 'supply', { output: { number: 'P-7' }, reason: 'paid by hand' })).toMatchObject({ status: 200, body: { incident: 'pay.1', resolution: 'supply', resolvedBy: 'olga' } });
    expect(await instance.ended()).toMatchObject({ status: 'completed', output: { payment: 'P-7' } });
    expect((await view(instance)).incidents).toMatchObject([{ resolution: { verb: 'supply', by: 'olga', comment: 'paid by hand', output: { number: 'P-7' } } }]);
  });
});

describe('POST /instances/{id}/incidents/resolve', () => {
  const resolve = (instance: StartedInstance, json: object, user = olga) => user<ProblemBody>(at(instance, '/incidents/resolve'), { json });
  const twice = async (): Promise<StartedInstance> => {
    const instance = await running.kit.start(fork, { left: 'bad answer', right: 'fails until told' });
    await instance.until(({ incidents }) => incidents.length === 2);
    return instance;
  };

  it('resolves the members of a group, or all', async () => {
    const instance = await twice();
    instance.heal();
    expect(await resolve(instance, { verb: 'retry', group: 'bank/Unavailable', reason: 'the bank is back' })).toMatchObject({ status: 200, body: { incidents: ['right.1'], resolution: 'retry', resolvedBy: 'olga' } });
    expect(told(await resolve(instance, { verb: 'retry', group: 'bank/Unavailable', reason: 'once more' }))).toMatchObject({ status: 409, detail: expect.stringContaining('no open incident of group "bank/Unavailable"') });
    expect(await resolve(instance, { verb: 'retry', reason: 'the shop is mended' })).toMatchObject({ status: 200, body: { incidents: ['left.1'] } });
    expect(await instance.ended()).toMatchObject({ status: 'completed' });
    expect((await view(instance)).incidents.map(({ resolution }) => [resolution?.verb, resolution?.by, resolution?.comment])).toEqual([['retry', 'olga', 'the shop is mended'], ['retry', 'olga', 'the bank is back']]);
  });

  it('gives all of them up, and skips none of several where one is not optional', async () => {
    const instance = await twice();
    const before = await instance.recorded();
    expect(told(await resolve(instance, { verb: 'skip', reason: 'who cares' }))).toMatchObject({ status: 409, detail: expect.stringContaining('not optional') });
    expect(told(await resolve(instance, { verb: 'supply', reason: 'who cares' }))).toMatchObject({ status: 422, paths: ['verb'] });
    expect(told(await resolve(instance, { verb: 'fail' }))).toMatchObject({ status: 422, paths: ['reason'] });
    expect(told(await resolve(instance, { verb: 'fail', reason: 'nobody pays' }, vera))).toMatchObject({ status: 403 });
    expect(await instance.recorded()).toBe(before);
    expect(await resolve(instance, { verb: 'fail', reason: 'nobody pays' })).toMatchObject({ status: 200, body: { incidents: ['left.1', 'right.1'] } });
    expect(await instance.ended()).toMatchObject({ status: 'failed' });
    expect((await view(instance)).incidents).toMatchObject([{ resolution: { verb: 'fail' } }, { resolution: { verb: 'fail' } }]);
  });
});

describe('PATCH /instances/{id}/incidents/{incident}', () => {
  const edit = (instance: StartedInstance, json: object, user = olga) => user<ProblemBody>(at(instance, '/incidents/pay.1'), { method: 'PATCH', json });

  it('says whose the incident is, until when it is to be resolved, and what somebody has to say', async () => {
    const instance = await stuck();
    const dueAt = '2031-05-01T12:00:00Z';
    expect(await edit(instance, { assignee: 'otto', dueAt })).toMatchObject({ status: 200, body: { incident: 'pay.1', assignee: 'otto', dueAt } });
    expect(await edit(instance, { comment: 'the bank was called' })).toMatchObject({ status: 200, body: { assignee: 'otto' } });
    expect((await view(instance)).incidents).toMatchObject([{ assignee: 'otto', dueAt, comments: [{ by: 'olga', text: 'the bank was called' }] }]);
    expect(await edit(instance, { assignee: null, dueAt: null })).toMatchObject({ status: 200, body: { assignee: null, dueAt: null } });
    const before = await instance.recorded();
    expect(told(await edit(instance, {}))).toMatchObject({ status: 422 });
    expect(told(await edit(instance, { dueAt: 'tomorrow' }))).toMatchObject({ status: 422, paths: ['dueAt'] });
    expect(told(await edit(instance, { comment: 'let me in' }, vera))).toMatchObject({ status: 403 });
    expect(await instance.recorded()).toBe(before);
    instance.heal();
    await mend(instance, 'retry', {});
    await instance.ended();
    expect(told(await edit(instance, { comment: 'too late' }))).toMatchObject({ status: 409 });
  });
});

describe('POST /instances/{id}/pause and /resume', () => {
  it('stop an instance before its next step, and let it go on', async () => {
    const instance = await running.kit.start(laptop, { ...wish, order: 'waits' });
    await instance.held();
    expect(told(await olga<ProblemBody>(at(instance, '/resume'), { method: 'POST' }))).toMatchObject({ status: 409, detail: expect.stringContaining('is not paused') });
    expect(told(await olga<ProblemBody>(at(instance, '/pause'), { json: {} }))).toMatchObject({ status: 422, paths: ['reason'] });
    expect((await vera(at(instance, '/pause'), { json: { reason: 'stock-taking' } })).status).toBe(403);
    expect(await olga(at(instance, '/pause'), { json: { reason: 'stock-taking' } })).toMatchObject({ status: 200, body: { paused: true, by: 'olga', reason: 'stock-taking' } });
    expect(told(await olga<ProblemBody>(at(instance, '/pause'), { json: { reason: 'once more' } }))).toMatchObject({ status: 409, detail: expect.stringContaining('paused already, by olga') });
    instance.release();
    await instance.until(({ steps }) => steps.find(({ step }) => step === 'placeOrder')?.state === 'completed');
    expect((await view(instance)).paused).toMatchObject({ by: 'olga', reason: 'stock-taking' });
    expect(instance.books('bank')).toEqual([]);
    expect(await olga(at(instance, '/resume'), { method: 'POST' })).toMatchObject({ status: 200, body: { paused: false, by: 'olga' } });
    expect(await instance.ended()).toMatchObject({ status: 'completed' });
    expect(told(await olga<ProblemBody>(at(instance, '/pause'), { json: { reason: 'too late' } }))).toMatchObject({ status: 409 });
  });
});

describe('POST /instances/{id}/priority', () => {
  it('puts an instance before others where the workers have more to do than they can', async () => {
    const asking = { ...wish, ask: true };
    const instances = await Promise.all([1, 2, 3, 4, 5, 6].map(() => running.kit.start(laptop, asking)));
    await Promise.all(instances.map((instance) => instance.until(({ tasks }) => tasks.length === 1)));
    const last = instances[5] as StartedInstance;
    const prioritise = (json: object, user = olga) => user<ProblemBody>(at(last, '/priority'), { json });
    expect(told(await prioritise({ priority: 0, reason: 'the director waits' }))).toMatchObject({ status: 422, paths: ['priority'] });
    expect(told(await prioritise({ priority: 1 }))).toMatchObject({ status: 422, paths: ['reason'] });
    expect(told(await prioritise({ priority: 1, reason: 'let me in' }, vera))).toMatchObject({ status: 403 });
    expect((await view(last)).priority).toBe(3);
    expect(await prioritise({ priority: 1, reason: 'the director waits' })).toMatchObject({ status: 200, body: { by: 'olga', priority: 1 } });
    expect(await view(last)).toMatchObject({ priority: 1 });
    expect((await view(last)).story.map(({ text }) => text)).toContain('olga set the priority to 1: the director waits.');

    await running.kit.systems.stop();
    const manager = { user: 'mona', groups: ['managers'] };
    for (const instance of instances) await instance.verb('task.complete', { task: 'approve', actor: manager, decision: { outcome: 'approve' } });
    await Promise.all(instances.map((instance) => instance.until(({ steps }) => steps.find(({ step }) => step === 'pay')?.state === 'running')));
    await running.kit.systems.start({ atOnce: 1 });
    await Promise.all(instances.map((instance) => instance.ended()));
    await running.kit.systems.stop();
    await running.kit.systems.start();
    const paid = running.kit.world.calls.filter(({ step, instanceId }) => step === 'pay' && instances.some(({ id }) => id === instanceId)).map(({ instanceId }) => instanceId);
    // The first may have been on its way already.
    expect(paid.indexOf(last.id)).toBeLessThanOrEqual(1);
    expect(told(await prioritise({ priority: 1, reason: 'too late' }))).toMatchObject({ status: 409 });
  });
});

describe('GET and POST /instances/{id}/rewind', () => {
  it('say what it would come to, and take the instance back', async () => {
    const instance = await running.kit.start(laptop, { ...wish, handOut: true });
    await instance.until(({ tasks }) => tasks.length === 1);
    const plan = { to: 'placeOrder', drops: ['placeOrder', 'pay', 'handOut'], undoes: ['pay', 'placeOrder'], cannot: [] };
    expect(await olga(at(instance, '/rewind?step=placeOrder'))).toMatchObject({ status: 200, body: plan });
    expect(told(await olga<ProblemBody>(at(instance, '/rewind?step=approve')))).toMatchObject({ status: 404, detail: expect.stringContaining('it came to lookUp, placeOrder, pay, handOut') });
    expect(told(await olga<ProblemBody>(at(instance, '/rewind?step=pay&visit=0')))).toMatchObject({ status: 400, paths: ['visit'] });
    const rewind = (json: object, user = olga) => user<ProblemBody>(at(instance, '/rewind'), { json });
    expect(told(await rewind({ step: 'placeOrder' }))).toMatchObject({ status: 422, paths: ['reason'] });
    expect(told(await rewind({ step: 'approve', reason: 'the wrong item' }))).toMatchObject({ status: 404 });
    expect(told(await rewind({ step: 'placeOrder', reason: 'the wrong item' }, vera))).toMatchObject({ status: 403 });
    expect((await vera(at(instance, '/rewind?step=placeOrder'))).status).toBe(403);
    const { runId } = await view(instance);
    expect(await rewind({ step: 'placeOrder', reason: 'the wrong item' })).toMatchObject({ status: 202, body: { ...plan, by: 'olga' } });
    await instance.until((now) => now.runId !== runId && now.tasks.length === 1);
    expect([instance.books('shop'), instance.books('bank')]).toEqual([['undone', 'standing'], ['undone', 'standing']]);
    await instance.cancel('the test is over');
    await instance.ended();
    expect(told(await rewind({ step: 'placeOrder', reason: 'too late' }))).toMatchObject({ status: 409 });
  });
});

describe('POST /instances/{id}/rewind over what cannot be undone', () => {
  it('asks for a confirmation, and then does it once more', async () => {
    const instance = await running.kit.start(notice, { item: 'x1' });
    await instance.until(({ tasks }) => tasks.length === 1);
    const announced = () => instance.calls().filter(({ step }) => step === 'announce').map(({ key }) => key);
    expect(await olga(at(instance, '/rewind?step=placeOrder'))).toMatchObject({ status: 200, body: { drops: ['placeOrder', 'announce', 'handOut'], undoes: ['placeOrder'], cannot: ['announce'] } });
    const before = await instance.recorded();
    const rewind = (json: object) => olga<ProblemBody>(at(instance, '/rewind'), { json: { step: 'placeOrder', reason: 'the wrong item', ...json } });
    for (const unconfirmed of [{}, { confirm: false }]) {
      expect(told(await rewind(unconfirmed))).toMatchObject({ status: 409, detail: `what "announce" did stays in the world, and would be done once more: confirm that instance "${instance.id}" goes back to "placeOrder" all the same` });
    }
    expect(await instance.recorded()).toBe(before);
    // Nothing is to be confirmed where it went back to after it.
    expect(await olga(at(instance, '/rewind?step=handOut'))).toMatchObject({ status: 200, body: { cannot: [] } });

    const { runId } = await view(instance);
    expect(await rewind({ confirm: true })).toMatchObject({ status: 202, body: { cannot: ['announce'] } });
    const again = await instance.until((now) => now.runId !== runId && now.tasks.length === 1);
    expect(again.story.map(({ text }) => text)).toContain('olga took the instance back to before “placeOrder”: the wrong item. What announce did stays in the world.');
    expect(new Set(announced()).size).toBe(2);
    expect(instance.books('shop')).toEqual(['undone', 'standing']);
    await instance.cancel('the test is over');
    await instance.ended();
  });
});

describe('POST /instances/{id}/notes', () => {
  it("adds to an instance's story, in the name of who says it", async () => {
    const instance = await stuck();
    expect(await olga(at(instance, '/notes'), { json: { text: 'the customer was called' } })).toMatchObject({ status: 201, body: { by: 'olga', text: 'the customer was called' } });
    expect((await view(instance)).story.map(({ text }) => text)).toContain('olga noted: the customer was called');
    expect(told(await olga<ProblemBody>(at(instance, '/notes'), { json: { text: '' } }))).toMatchObject({ status: 422, paths: ['text'] });
    expect((await vera(at(instance, '/notes'), { json: { text: 'let me in' } })).status).toBe(403);
    await mend(instance, 'fail', { reason: 'nobody pays' });
    await instance.ended();
  });
});

it('of 50 callers who mend one incident in different ways one wins; the others are told who, and leave no event', async () => {
  const instance = await stuck();
  instance.heal();
  const ways = [
    { verb: 'retry', json: {} },
    { verb: 'retry', json: { input: { item: 'x2' }, comment: 'they meant x2' } },
    { verb: 'supply', json: { output: { number: 'P-7' }, reason: 'paid by hand' } },
    { verb: 'fail', json: { reason: 'nobody pays' } },
  ];
  const callers = await Promise.all(Array.from({ length: 50 }, (_, nth) => running.user({ name: `operator-${nth}` })));
  const answers = await Promise.all(callers.map((user, nth) => mend(instance, ways[nth % ways.length]?.verb ?? '', ways[nth % ways.length]?.json ?? {}, user)));
  expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
  const refused = answers.filter(({ status }) => status !== 200).map(told);
  expect(refused).toHaveLength(49);
  for (const one of refused) expect(one).toMatchObject({ status: 409, detail: expect.stringMatching(/already resolved with \w+ by operator-\d+|nothing can be decided in it any more/) });
  await instance.ended();
  const updates = (await instance.history()).filter(({ workflowExecutionUpdateAcceptedEventAttributes: accepted }) => accepted);
  expect(updates).toHaveLength(1);
});
