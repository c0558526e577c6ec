import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { setTimeout as pause } from 'node:timers/promises';
import { messageSignal } from '../../contracts/verbs.ts';
import { type Kit, startKit } from '../kit/running-kit.ts';
import { type Server, startServer } from '../kit/server.ts';
import { longHaul } from './long.ts';

let server: Server;
let kit: Kit;
beforeAll(async () => {
  server = await startServer();
  kit = await startKit({ server, cache: undefined });
});
afterAll(async () => {
  await kit.stop();
  await server.stop();
});

const [times, newsEvery] = [5_000, 250];
const allNews = Array.from({ length: times / newsEvery }, (_, index) => `news ${index + 1}`);
/** Events short of Temporal's suggestion, from which on a seam is near. */
const nearSeam = 4_000;

it('five thousand visits continue as new when Temporal itself suggests it; messages that come at the seams are heard once each, in their order', async () => {
  const instance = await kit.start(longHaul, { times, newsEvery });
  let sent = 0;
  let atSeams = 0;
  const say = async (): Promise<void> => {
    const payload = allNews[sent++];
    if (payload !== undefined) await instance.handle.signal(messageSignal, { name: 'news', id: payload, payload });
  };

  // Whatever was not said at a seam is said at once when the instance waits for it.
  for (let lastRun: string | undefined; ; await pause(20)) {
    const { workflowExecutionInfo: info } = (await instance.handle.describe()).raw;
    if (info?.closeTime) break;
    const isNew = lastRun !== undefined && info?.execution?.runId !== lastRun;
    lastRun = info?.execution?.runId ?? undefined;
    const waits = Object.keys(info?.memo?.fields ?? {}).some((key) => key.startsWith('message:'));
    const atSeam = isNew || Number(info?.historyLength) > nearSeam;
    if (atSeam) atSeams += 1;
    if (atSeam || waits) await say();
  }

  const runs = await instance.runs();
  expect(Math.max(...runs.map(({ length }) => length))).toBeLessThan(5_000);
  expect(runs.length).toBeGreaterThan(5);
  expect(atSeams).toBeGreaterThan(runs.length);
  const ended = await instance.view();
  expect(ended).toMatchObject({ status: 'completed', output: { orders: times, news: allNews } });
  expect(ended.steps[0]?.visits).toHaveLength(times);
  expect(new Set(instance.calls().map(({ key }) => key)).size).toBe(times + 1);
});
