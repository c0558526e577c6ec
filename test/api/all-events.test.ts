import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { keepDefinitions } from '../../api/definitions/definitions.ts';
import { FeedEvent } from '../../api/events/feed-event.ts';
import * as contracts from '../kit/contracts.ts';
import { type Kit, startKit } from '../kit/running-kit.ts';
import { type Server, startServer } from '../kit/server.ts';
import { type CountingProxy, startCountingProxy } from './counting-proxy.ts';
import { type EventMessage, type EventStream, openEventStream } from './event-stream.ts';
import { closeAfterAll, type ProblemBody, type RunningApi, startApiProcess, temporaryDirectory, type User } from './running-api.ts';

let server: Server;
let kit: Kit;
let proxy: CountingProxy;
let api: RunningApi;
let token: string;
let directory: string;
const later = closeAfterAll();
beforeAll(async () => {
  server = await startServer();
  later(() => server.stop());
  kit = await startKit({ server, cache: undefined });
  later(() => kit.stop());
  proxy = await startCountingProxy(server.address);
  later(() => proxy.close());
  directory = await temporaryDirectory();
  later(() => rm(directory, { recursive: true, force: true }));
  // The API shows instances of these processes as it shows those of processes that are no longer deployed.
  await keepDefinitions({ directory: join(directory, 'api', 'definitions'), processes: [contracts.laptop, contracts.loop] });
  api = await startApi();
  later(() => api.stop());
  token = (await api.tokens.create({ user: 'olga', roles: ['operator'], groups: [] })).token;
});

/** Asks the API process that is there now. */
const olga: User = async (path, request) => (await api.user({ name: 'olga' }))(path, request);
const startApi = (): Promise<RunningApi> => startApiProcess({ temporal: { address: proxy.address, namespace: 'default' }, directory });
/** Beside the one that is always there, for one test: who outlives it would tell the next one's events. */
async function startOther(): Promise<RunningApi> {
  const other = await startApi();
  others.push(other);
  return other;
}
const others: RunningApi[] = [];
afterEach(async () => {
  for (const other of others.splice(0)) await other.stop();
});

const listen = ({ lastEventId, at = api, query = '' }: { lastEventId?: string | undefined; at?: RunningApi; query?: string } = {}): Promise<EventStream> =>
  openEventStream({ url: `${at.url}/api/events${query}`, token, ...(lastEventId === undefined ? {} : { lastEventId }) });

const wish = { item: 'a laptop', requestedBy: 'ada', ask: true };
const max = { user: 'max', groups: ['managers'] };
const approve = { task: 'approve', actor: max, decision: { outcome: 'approve' } };
const changes: readonly string[] = ['started', 'changed', 'ended'];

/** What is told of an instance. */
const of = (id: string, messages: readonly EventMessage[]): readonly (FeedEvent & { readonly change: string })[] =>
  messages.filter(({ event, data }) => changes.includes(event) && (data as FeedEvent).instance.id === id).map(({ event, data }) => ({ ...(data as FeedEvent), change: event as FeedEvent['change'] }));
const changesOf = (id: string, messages: readonly EventMessage[]): readonly string[] => of(id, messages).map(({ change }) => change);
const hasEnded = (id: string) => (messages: readonly EventMessage[]) => changesOf(id, messages).includes('ended');
const withIds = (messages: readonly EventMessage[]): readonly EventMessage[] => messages.filter(({ hasId }) => hasId);

/** An instance that waits for an approval, and is told to. */
async function waiting(stream: EventStream) {
  const instance = await kit.start(contracts.laptop, wish);
  await stream.until((messages) => of(instance.id, messages).some(({ tasks }) => tasks.length > 0));
  return instance;
}

describe('the events of all instances', () => {
  it('begin with the word that the list is to be read, and tell who starts, whom each waits for, and who ends', async () => {
    const stream = await listen();
    await stream.until((messages) => messages.length > 0);
    expect(stream.messages[0]).toMatchObject({ event: 'reset', hasId: true, data: { because: 'connected' } });
    const instance = await waiting(stream);
    await instance.verb('task.claim', { task: 'approve', actor: max });
    await stream.until((messages) => of(instance.id, messages).at(-1)?.tasks[0]?.assignee === 'max');
    await instance.verb('task.complete', approve);
    await stream.until(hasEnded(instance.id));
    const told = of(instance.id, stream.messages);
    expect(told.map(({ change }) => change).filter((change) => change !== 'changed')).toEqual(['started', 'ended']);
    expect(told.at(-1)).toMatchObject({ tasks: [], instance: { process: 'laptop', title: 'Order a laptop', status: 'completed', waitingFor: [], openTasks: 0 } });
    const opened = told.find(({ tasks }) => tasks.length > 0);
    expect(opened).toMatchObject({ instance: { status: 'running', waitingFor: ['managers'], openTasks: 1 }, tasks: [{ id: 'approve', state: 'ready', candidateGroups: ['managers'] }] });
    for (const event of told) expect(FeedEvent.parse(event)).toEqual(event);
    const rows = (await olga<{ instances: { id: string }[] }>('/api/instances')).body.instances;
    expect(told.at(-1)?.instance).toEqual(rows.find(({ id }) => id === instance.id));
    stream.close();
  });

  it('tell of incidents, and that one is closed', async () => {
    const stream = await listen();
    const instance = await kit.start(contracts.laptop, { ...wish, ask: false, pay: 'fails until told' });
    await stream.until((messages) => of(instance.id, messages).some(({ incidents }) => incidents.length > 0));
    expect(of(instance.id, stream.messages).at(-1)).toMatchObject({ instance: { waitingFor: ['bank'], openIncidents: 1 }, incidents: [{ id: 'pay.1', step: 'pay', failure: { type: 'Unavailable' } }] });
    instance.heal();
    await instance.verb('incident.retry', { incident: 'pay.1', actor: { user: 'olga', groups: [] } });
    await stream.until(hasEnded(instance.id));
    expect(of(instance.id, stream.messages).at(-1)?.incidents).toEqual([]);
    stream.close();
  });

  it('tell that nobody is waited for any more while the instance goes on', async () => {
    const stream = await listen();
    const instance = await kit.start(contracts.laptop, { ...wish, pay: 'waits' });
    await stream.until((messages) => of(instance.id, messages).some(({ tasks }) => tasks.length > 0));
    await instance.verb('task.complete', approve);
    await stream.until((messages) => of(instance.id, messages).at(-1)?.instance.waitingFor.length === 0);
    expect(of(instance.id, stream.messages).at(-1)).toMatchObject({ change: 'changed', tasks: [], instance: { status: 'running' } });
    instance.release();
    await stream.until(hasEnded(instance.id));
    stream.close();
  });

  it('are the same after a reconnect at any of them, here and at another API process: none is lost, none comes twice', async () => {
    const other = await startOther();
    const stream = await listen();
    const both = await Promise.all([waiting(stream), waiting(stream)]);
    await both[0].verb('task.complete', approve);
    await stream.until(hasEnded(both[0].id));
    const told = withIds(stream.messages);
    for (const [nth, { lastEventId }] of told.entries()) {
      for (const at of [api, other]) {
        const again = await listen({ lastEventId, at });
        const wanted = told.slice(nth + 1);
        await again.until((messages) => withIds(messages).length >= wanted.length);
        again.close();
        expect(withIds(again.messages)).toEqual(wanted);
      }
    }
    await both[1].verb('task.complete', approve);
    await stream.until(hasEnded(both[1].id));
    stream.close();
  });

  it('cost Temporal one look after another, for 100 listeners at two API processes too', async () => {
    const other = await startOther();
    proxy.reset();
    const streams = await Promise.all(Array.from({ length: 100 }, (_, nth) => listen({ at: nth % 2 === 0 ? api : other })));
    const [first] = streams;
    if (!first) throw new Error('there is no stream');
    const instance = await waiting(first);
    await instance.verb('task.complete', approve);
    await Promise.all(streams.map((stream) => stream.until(hasEnded(instance.id))));
    for (const stream of streams) expect(withIds(stream.messages).slice(1)).toEqual(withIds(first.messages).slice(1));
    expect(proxy.mostAtOnce('ListWorkflowExecutions')).toBe(1);
    expect(proxy.calls().GetWorkflowExecutionHistory).toBeUndefined();
    streams.forEach((stream) => stream.close());
  });

  it('bring what happened while no API process was there, once', async () => {
    const stream = await listen();
    const before = await waiting(stream);
    const lastEventId = stream.lastEventId();
    await api.kill();
    await stream.untilEnd();
    await before.verb('task.complete', approve);
    await before.ended();
    const meanwhile = await kit.start(contracts.laptop, { ...wish, ask: false });
    await meanwhile.ended();
    const open = await kit.start(contracts.laptop, wish);
    await open.until(({ tasks }) => tasks.length > 0);

    api = await startApi();
    later(() => api.stop());
    const again = await listen({ lastEventId });
    await again.until((messages) => [before, meanwhile].every(({ id }) => hasEnded(id)(messages)) && of(open.id, messages).some(({ tasks }) => tasks.length > 0));
    expect(again.messages.some(({ event }) => event === 'reset')).toBe(false);
    expect(changesOf(before.id, again.messages)).toEqual(['ended']);
    expect(changesOf(meanwhile.id, again.messages)).toEqual(['started', 'ended']);
    expect(changesOf(open.id, again.messages)[0]).toBe('started');
    await open.verb('task.complete', approve);
    await again.until(hasEnded(open.id));
    again.close();
  });

  it('go on at another API process when the one that looked is killed', async () => {
    const other = await startOther();
    const here = await listen();
    const there = await listen({ at: other });
    const instance = await waiting(here);
    await api.kill();
    await here.untilEnd();
    await instance.verb('task.complete', approve);
    await there.until(hasEnded(instance.id));
    expect(changesOf(instance.id, there.messages).filter((change) => change !== 'changed')).toEqual(['started', 'ended']);
    api = await startApi();
    later(() => api.stop());
    const back = await listen({ lastEventId: here.lastEventId() });
    await back.until(hasEnded(instance.id));
    const missed = withIds(there.messages).findIndex(({ lastEventId }) => lastEventId === here.lastEventId());
    expect(withIds(back.messages)).toEqual(withIds(there.messages).slice(missed + 1));
    [there, back].forEach((stream) => stream.close());
  });

  it('are told of one process only where that is asked for, and its listener does not fall behind meanwhile', async () => {
    const all = await listen();
    const loops = await listen({ query: '?process=loop' });
    const laptop = await kit.start(contracts.laptop, { ...wish, ask: false });
    const loop = await kit.start(contracts.loop, { times: 1 });
    await all.until(hasEnded(laptop.id));
    await Promise.all([all, loops].map((stream) => stream.until(hasEnded(loop.id))));
    expect(loops.messages.filter(({ event }) => changes.includes(event)).map(({ data }) => (data as FeedEvent).instance.process)).toEqual(['loop', 'loop']);
    const another = await kit.start(contracts.laptop, { ...wish, ask: false });
    await all.until(hasEnded(another.id));
    // With the next heartbeat.
    await loops.until(() => loops.lastEventId() === all.lastEventId());
    [all, loops].forEach((stream) => stream.close());
    const { status, body } = await olga<ProblemBody>('/api/events?process=laptops');
    expect({ status, path: body.errors?.[0]?.path }).toEqual({ status: 400, path: 'process' });
  });

  it('say that the list is to be read when nobody can tell what came after an id', async () => {
    const stream = await listen();
    await stream.until((messages) => messages.length > 0);
    const strange = stream.lastEventId().replace(/\.\w{8}\./, '.00000000.');
    stream.close();
    for (const lastEventId of [strange, '1.00000000.0', '999999.00000000.1']) {
      const again = await listen({ lastEventId });
      await again.until((messages) => messages.length > 0);
      expect(again.messages[0]).toMatchObject({ event: 'reset', hasId: true, data: { because: 'forgotten' } });
      again.close();
    }
  });

  it.each(['7', '1.2.3', 'laptop', '-1.00000000.0'])('refuse the id %j, which is none', async (lastEventId) => {
    const { status, body } = await olga<ProblemBody>('/api/events', { headers: { 'last-event-id': lastEventId } });
    expect({ status, path: body.errors?.[0]?.path }).toEqual({ status: 400, path: 'Last-Event-ID' });
  });
});
