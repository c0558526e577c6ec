import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, expect, it } from '@jest/globals';
import { keepDefinitions } from '../../api/definitions/definitions.ts';
import type { FeedEvent } from '../../api/events/feed-event.ts';
import { type Kit, startKit } from '../kit/running-kit.ts';
import { startServer } from '../kit/server.ts';
import { longHaul } from '../steps/long.ts';
import { type EventMessage, type EventStream, openEventStream } from './event-stream.ts';
import { instanceAfter } from './instance-client.ts';
import { closeAfterAll, type RunningApi, startApiProcess, temporaryDirectory } from './running-api.ts';

let kit: Kit;
let startApi: () => Promise<RunningApi>;
let api: RunningApi;
let token: string;
const later = closeAfterAll();
beforeAll(async () => {
  const server = await startServer({ dynamicConfig: { 'limit.historyCount.suggestContinueAsNew': 60 } });
  later(() => server.stop());
  kit = await startKit({ server, cache: undefined });
  later(() => kit.stop());
  const directory = await temporaryDirectory();
  later(() => rm(directory, { recursive: true, force: true }));
  await keepDefinitions({ directory: join(directory, 'api', 'definitions'), processes: [longHaul] });
  startApi = async () => {
    const started = await startApiProcess({ temporal: { address: server.address, namespace: 'default' }, directory });
    later(() => started.stop());
    return started;
  };
  api = await startApi();
  token = (await api.tokens.create({ user: 'olga', roles: ['operator'], groups: [] })).token;
});

const listen = (path: string, { at = api, ...more }: { at?: RunningApi; lastEventId?: string } = {}): Promise<EventStream> => openEventStream({ url: `${at.url}${path}`, token, ...more });
const withIds = (messages: readonly EventMessage[]): readonly EventMessage[] => messages.filter(({ hasId }) => hasId);

it('an instance that continues as new is told as one: from its beginning, from the middle of any run, and among all instances', async () => {
  const all = await listen('/api/events');
  await all.until((messages) => messages.length > 0);
  const instance = await kit.start(longHaul, { times: 30, newsEvery: 15 });
  const path = `/api/instances/${encodeURIComponent(instance.id)}`;
  const stream = await listen(`${path}/events`);
  const news = (nth: number) => instance.handle.signal('message', { name: 'news', id: `n-${nth}`, payload: `news ${nth}` });
  await instance.until(({ waitingFor }) => waitingFor.length > 0);
  // Comes in the middle of a later run.
  const late = await listen(`${path}/events`);
  await late.until((messages) => messages.length > 0);
  expect((await instance.runs()).length).toBeGreaterThan(1);
  await news(1);
  await news(2);
  await Promise.all([stream, late].map((one) => one.untilEnd()));
  expect((await instance.runs()).length).toBeGreaterThan(2);

  const told = withIds(stream.messages);
  const now = (await (await api.user())(path)).body;
  expect(told.map(({ event }) => event)).toEqual(['instance', ...told.slice(2).map(() => 'change'), 'end']);
  for (const one of [stream, late]) expect(instanceAfter(one.messages)).toEqual(now);
  expect(withIds(late.messages).slice(1)).toEqual(told.slice(-withIds(late.messages).length + 1));

  const stranger = await startApi();
  for (const at of [api, stranger]) {
    for (let nth = 0; nth < told.length - 1; nth += 4) {
      const again = await listen(`${path}/events`, { at, lastEventId: told[nth]?.lastEventId ?? '' });
      expect(withIds(await again.untilEnd())).toEqual(told.slice(nth + 1));
    }
  }

  const changes = (messages: readonly EventMessage[]): readonly string[] => messages.filter(({ data }) => (data as Partial<FeedEvent>).instance?.id === instance.id).map(({ event }) => event);
  await all.until((messages) => changes(messages).includes('ended'));
  expect(changes(all.messages).filter((change) => change !== 'changed')).toEqual(['started', 'ended']);
  all.close();
});
