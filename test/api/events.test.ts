import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { rm } from 'node:fs/promises';
import { keepDefinitions } from '../../api/definitions/definitions.ts';
import { InstanceChange, InstancePending } from '../../api/events/schemas.ts';
import { Instance } from '../../api/instances/view-schema.ts';
import * as contracts from '../kit/contracts.ts';
import { type Kit, startKit } from '../kit/running-kit.ts';
import { type Server, startServer } from '../kit/server.ts';
import { type CountingProxy, startCountingProxy } from './counting-proxy.ts';
import { type EventMessage, type EventStream, openEventStream } from './event-stream.ts';
import { instanceAfter } from './instance-client.ts';
import { closeAfterAll, type ProblemBody, type RunningApi, startApiProcess, temporaryDirectory, type User } from './running-api.ts';

let server: Server;
let kit: Kit;
let proxy: CountingProxy;
let api: RunningApi;
let token: string;
let olga: User;
let directory: string;
const later = closeAfterAll();
beforeAll(async () => {
  server = await startServer();
  later(() => server.stop());
  kit = await startKit({ server, cache: undefined });
  later(() => kit.stop());
  directory = await temporaryDirectory();
  later(() => rm(directory, { recursive: true, force: true }));
  // The API shows instances of these processes as it shows those of processes that are no longer deployed.
  await keepDefinitions({ directory: join(directory, 'api', 'definitions'), processes: [contracts.laptop, contracts.loop] });
  proxy = await startCountingProxy(server.address);
  later(() => proxy.close());
  api = await startApi();
  later(() => api.stop());
  token = (await api.tokens.create({ user: 'olga', roles: ['operator'], groups: [] })).token;
  olga = await api.user({ name: 'olga' });
});

const startApi = (): Promise<RunningApi> => startApiProcess({ temporal: { address: proxy.address, namespace: 'default' }, directory });
const pathOf = (id: string): string => `/api/instances/${encodeURIComponent(id)}`;
const listen = (path: string, { lastEventId, at = api }: { lastEventId?: string; at?: RunningApi } = {}): Promise<EventStream> =>
  openEventStream({ url: `${at.url}${path}`, token, ...(lastEventId === undefined ? {} : { lastEventId }) });
const follow = (id: string, more: { lastEventId?: string; at?: RunningApi } = {}): Promise<EventStream> => listen(`${pathOf(id)}/events`, more);

const longPoll = 'GetWorkflowExecutionHistory';
const wish = { item: 'a laptop', requestedBy: 'ada', ask: true };

/** A laptop's whole way: retries, a decision, an incident that is resolved, and the end. */
async function wholeWay(): Promise<{ id: string; stream: EventStream }> {
  const instance = await kit.start(contracts.laptop, { ...wish, order: 'fails twice', pay: 'fails until told' });
  const stream = await follow(instance.id);
  await instance.until(({ tasks }) => tasks.length > 0);
  await instance.verb('task.claim', { task: 'approve', actor: { user: 'max', groups: ['managers'] } });
  await instance.verb('task.complete', { task: 'approve', actor: { user: 'max', groups: ['managers'] }, decision: { outcome: 'approve' } });
  await instance.until(({ incidents }) => incidents.length > 0);
  instance.heal();
  await instance.verb('incident.retry', { incident: 'pay.1', actor: { user: 'olga', groups: [] } });
  await stream.untilEnd();
  return { id: instance.id, stream };
}

/** What is resumable of what came. */
const withIds = (messages: readonly EventMessage[]): readonly EventMessage[] => messages.filter(({ hasId }) => hasId);
const storyOf = (messages: readonly EventMessage[]): readonly string[] => messages.flatMap(({ event, data }) => (event === 'change' ? (data as { story: string[] }).story : []));

describe('the events of an instance', () => {
  let way: { id: string; stream: EventStream };
  let told: readonly EventMessage[];
  beforeAll(async () => {
    way = await wholeWay();
    told = withIds(way.stream.messages);
  });

  it('come as a stream that no cache and no proxy holds back', () => {
    const { status, headers } = way.stream;
    expect({ status, ...headers }).toMatchObject({ status: 200, 'content-type': 'text/event-stream; charset=utf-8', 'cache-control': 'no-store', 'x-accel-buffering': 'no' });
    expect(way.stream.text()).toMatch(/^retry: \d+\n/);
  });

  it('lead from the first state to what GET answers, and end with the instance', async () => {
    expect(told[0]?.event).toBe('instance');
    expect(told.at(-1)).toMatchObject({ event: 'end', data: { status: 'completed' } });
    expect(new Set(told.slice(1, -1).map(({ event }) => event))).toEqual(new Set(['change']));
    expect(instanceAfter(way.stream.messages)).toEqual((await olga(pathOf(way.id))).body);
    const schemas: Readonly<Record<string, { parse(data: unknown): unknown }>> = { instance: Instance, change: InstanceChange, pending: InstancePending };
    for (const { event, data } of way.stream.messages) expect(schemas[event]?.parse(data) ?? data).toEqual(data);
  });

  it('tell in short what happened: states of steps, and the lines of the story', () => {
    const steps = told.flatMap(({ event, data }) => (event === 'change' ? (data as { steps: { step: string; state: string }[] }).steps.map(({ step, state }) => `${step} ${state}`) : []));
    expect(steps.filter((one) => one.startsWith('approve '))).toEqual(['approve waiting', 'approve completed']);
    expect(steps.filter((one) => one.startsWith('pay '))).toEqual(expect.arrayContaining(['pay running', 'pay incident', 'pay completed']));
    expect(storyOf(told)).toEqual(expect.arrayContaining([expect.stringMatching(/max decided “Approve the laptop”: approve/), expect.stringMatching(/“Pay” began its attempt 3, after: down/), 'It completed.']));
    // In the middle of a transaction the task is closed, and not yet decided.
    expect(storyOf(told).filter((line) => line.includes('withdrawn'))).toEqual([]);
  });

  it('are the same after a reconnect at any of them, here and at another API process: none is lost, none comes twice', async () => {
    expect(new Set(told.map(({ lastEventId }) => lastEventId)).size).toBe(told.length);
    // To one process it is all new, and it makes the messages anew from the history.
    const stranger = await startApi();
    later(() => stranger.stop());
    for (const at of [api, stranger]) {
      for (const [nth, { lastEventId }] of told.slice(0, -1).entries()) {
        const again = await follow(way.id, { at, lastEventId });
        expect(withIds(await again.untilEnd())).toEqual(told.slice(nth + 1));
      }
    }
  });

  it('are over after the last one: 204, so that a client stays away, also from a process that has not followed the instance yet', async () => {
    const stranger = await startApi();
    later(() => stranger.stop());
    for (const at of [api, stranger]) {
      const again = await follow(way.id, { at, lastEventId: told.at(-1)?.lastEventId ?? '' });
      expect(again.status).toBe(204);
      expect(again.text()).toBe('');
    }
  });

  it('show an ended instance whole, and end', async () => {
    const [first, last, ...more] = await (await follow(way.id)).untilEnd();
    expect(first).toMatchObject({ event: 'instance', data: (await olga(pathOf(way.id))).body });
    expect(last).toEqual(told.at(-1));
    expect(more).toEqual([]);
  });

  it('tell attempts that the history does not have yet, also to one who comes later', async () => {
    const instance = await kit.start(contracts.laptop, { ...wish, ask: false, pay: 'fails, then waits' });
    const stream = await follow(instance.id);
    await instance.held();
    const secondAttempt = (messages: readonly EventMessage[]): boolean => JSON.stringify(instanceAfter(messages)).includes('"attempts":2');
    await stream.until(secondAttempt);
    const late = await follow(instance.id);
    const resumed = await follow(instance.id, { lastEventId: stream.lastEventId() });
    await Promise.all([late.until(secondAttempt), resumed.until((messages) => messages.some(({ event }) => event === 'pending'))]);
    expect(instanceAfter(late.messages)).toEqual((await olga(pathOf(instance.id))).body);
    expect(withIds(resumed.messages)).toEqual([]);
    instance.release();
    await Promise.all([stream, late, resumed].map((one) => one.untilEnd()));
    const now = (await olga(pathOf(instance.id))).body;
    expect(instanceAfter(stream.messages)).toEqual(now);
    expect(instanceAfter(late.messages)).toEqual(now);
    expect(withIds(resumed.messages)).toEqual(withIds(stream.messages).slice(-withIds(resumed.messages).length));
  });

  it('go on where another API process left off, also after one was killed', async () => {
    const instance = await kit.start(contracts.laptop, { ...wish });
    const doomed = await startApi();
    const first = await follow(instance.id, { at: doomed });
    const whole = await follow(instance.id);
    await instance.until(({ tasks }) => tasks.length > 0);
    await first.until((messages) => JSON.stringify(instanceAfter(messages)).includes('"state":"ready"'));
    await doomed.kill();
    await first.untilEnd();
    await instance.verb('task.claim', { task: 'approve', actor: { user: 'max', groups: ['managers'] } });
    const reborn = await startApi();
    later(() => reborn.stop());
    const second = await follow(instance.id, { at: reborn, lastEventId: first.lastEventId() });
    const third = await follow(instance.id, { lastEventId: first.lastEventId() });
    await instance.verb('task.complete', { task: 'approve', actor: { user: 'max', groups: ['managers'] }, decision: { outcome: 'approve' } });
    await Promise.all([whole, second, third].map((one) => one.untilEnd()));
    const [start, ...rest] = withIds(first.messages);
    expect(start?.event).toBe('instance');
    for (const more of [second, third]) {
      const joined = [...rest, ...withIds(more.messages)];
      expect(joined.slice(-withIds(whole.messages).length + 1)).toEqual(withIds(whole.messages).slice(1));
      expect(instanceAfter([...first.messages, ...more.messages])).toEqual((await olga(pathOf(instance.id))).body);
    }
  });

  it('go on with the next run of an instance that is reset, and for one who missed that', async () => {
    const instance = await kit.start(contracts.laptop, { ...wish });
    const stream = await follow(instance.id);
    await instance.until(({ tasks }) => tasks.length > 0);
    await stream.until((messages) => storyOf(messages).some((line) => line.includes('waits for')) || JSON.stringify(messages[0]).includes('waits for'));
    const away = stream.lastEventId();
    const { runId } = (await olga<{ runId: string }>(pathOf(instance.id))).body;
    const { runId: next } = await server.connection.workflowService.resetWorkflowExecution({
      namespace: 'default',
      workflowExecution: { workflowId: instance.id, runId },
      reason: 'for the events',
      requestId: 'reset',
      workflowTaskFinishEventId: 4 as unknown as never,
    });
    await stream.until((messages) => messages.some(({ event, data }) => event === 'instance' && (data as { runId: string }).runId === next));
    await instance.until(({ runId: now, tasks }) => now === next && tasks.length > 0);
    const back = await follow(instance.id, { lastEventId: away });
    await instance.verb('task.complete', { task: 'approve', actor: { user: 'max', groups: ['managers'] }, decision: { outcome: 'approve' } });
    await Promise.all([stream, back].map((one) => one.untilEnd()));
    const now = (await olga(pathOf(instance.id))).body;
    expect(instanceAfter(stream.messages)).toEqual(now);
    const at = withIds(stream.messages).findIndex(({ lastEventId }) => lastEventId === away);
    expect(withIds(back.messages)).toEqual(withIds(stream.messages).slice(at + 1));
  });

  it('begin anew for one who comes with a place that this history does not have', async () => {
    const [{ lastEventId = '' } = {}] = told;
    for (const strange of [lastEventId.replace(/\w+$/, '0123456789ab'), lastEventId.replace(/^[^.]+/, '01a20561-8124-766d-a6a3-f2728fd5c618'), lastEventId.replace(/\.\d+\./, '.999.')]) {
      const messages = await (await follow(way.id, { lastEventId: strange })).untilEnd();
      expect(messages.map(({ event }) => event)).toEqual(['instance', 'end']);
    }
  });

  it.each(['7', 'x.1.0123456789ab', '01a20561-8124-766d-a6a3-f2728fd5c618.0.0123456789ab', 'ä'])('refuse the id %j, which is none', async (lastEventId) => {
    const { status, body } = await olga<ProblemBody>(`${pathOf(way.id)}/events`, { headers: { 'last-event-id': lastEventId } });
    expect({ status, path: body.errors?.[0]?.path }).toEqual({ status: 400, path: 'Last-Event-ID' });
  });

  it('are not there without the instance', async () => {
    const { status, headers } = await olga<ProblemBody>(`${pathOf('laptop/nobody')}/events`);
    expect({ status, type: headers.get('content-type') }).toEqual({ status: 404, type: 'application/problem+json; charset=utf-8' });
  });

  it('answer HEAD with the head alone', async () => {
    const { status, headers, body } = await olga<string>(`${pathOf(way.id)}/events`, { method: 'HEAD' });
    expect({ status, type: headers.get('content-type'), body }).toEqual({ status: 200, type: 'text/event-stream; charset=utf-8', body: '' });
  });

  it('cost Temporal the same for 1 listener and for 100', async () => {
    const cost = async (listeners: number): Promise<Readonly<Record<string, number>>> => {
      const instance = await kit.start(contracts.laptop, { ...wish });
      await instance.until(({ tasks }) => tasks.length > 0);
      while (proxy.underWay(longPoll) > 0) await pause(50);
      proxy.reset();
      const first = await follow(instance.id);
      const streams = [first, ...(await Promise.all(Array.from({ length: listeners - 1 }, () => follow(instance.id))))];
      await Promise.all(streams.map((stream) => stream.until((messages) => messages.length > 0)));
      await instance.verb('task.complete', { task: 'approve', actor: { user: 'max', groups: ['managers'] }, decision: { outcome: 'approve' } });
      const [told, ...others] = await Promise.all(streams.map((stream) => stream.untilEnd()));
      for (const same of others) expect(same).toEqual(told);
      expect(proxy.mostAtOnce(longPoll)).toBe(1);
      return proxy.calls();
    };
    const one = await cost(1);
    const many = await cost(100);
    // Into how many answers the long poll is cut is chance.
    for (const [method, calls] of Object.entries(many)) expect({ method, calls: calls <= 2 * (one[method] ?? 0) + 2 }).toEqual({ method, calls: true });
  });

  it('stop costing anything some time after the last listener has gone', async () => {
    const instance = await kit.start(contracts.laptop, { ...wish });
    await instance.until(({ tasks }) => tasks.length > 0);
    const stream = await follow(instance.id);
    await stream.until((messages) => messages.length > 0);
    while (proxy.underWay(longPoll) === 0) await pause(10);
    stream.close();
    while (proxy.underWay(longPoll) > 0) await pause(50);
    await instance.verb('task.complete', { task: 'approve', actor: { user: 'max', groups: ['managers'] }, decision: { outcome: 'approve' } });
    await instance.ended();
  });
});
