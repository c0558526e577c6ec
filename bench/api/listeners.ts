import { randomUUID } from 'node:crypto';
import type { CountingProxy } from '../../test/api/counting-proxy.ts';
import { perSecond } from '../rate.ts';
import { median, type Result } from '../report.ts';
import { news } from './contract.ts';
import type { HttpClient } from './http.ts';
import { type Crowd, gather, type Listener } from './listener.ts';
import type { ApiProcess } from './process.ts';

interface Listening {
  /** To an API process that nobody listens to: it makes the changes. */
  readonly http: HttpClient;
  /** The API process that is listened to, and what counts its requests to Temporal. */
  readonly api: ApiProcess;
  readonly proxy: CountingProxy;
  readonly listeners: number;
  /** Changes that are made one after the other, and those made at once after them. */
  readonly changes: number;
  readonly burst: number;
}

/** What one stream showed to so many listeners. */
interface Shown {
  /** Milliseconds from the request that makes a change until the last listener has it. */
  readonly latency: number;
  readonly eventsPerSecond: number;
  readonly requests: number;
}

/** The two streams to one listener and to many. A worker for `news` must run. */
export async function measureListeners({ listeners, ...listening }: Listening): Promise<Result[]> {
  const streams = [
    { of: 'one instance', per: 'requests/change', show: showInstance },
    { of: 'all instances', per: 'requests/s', show: showAll },
  ] as const;
  const results: Result[] = [];
  for (const { of, per, show } of streams) {
    const [one, many] = [await show({ ...listening, listeners: 1 }), await show({ ...listening, listeners })];
    const ratio = many.requests / one.requests;
    results.push(
      { metric: `events of ${of}: to the last of 1`, value: one.latency, unit: 'ms', goal: null, met: null },
      { metric: `events of ${of}: to the last of ${listeners}`, value: many.latency, unit: 'ms', goal: null, met: null },
      { metric: `events of ${of}: sent to ${listeners}`, value: many.eventsPerSecond, unit: 'events/s', goal: null, met: null },
      { metric: `events of ${of}: Temporal is asked for 1`, value: one.requests, unit: per, goal: null, met: null },
      { metric: `events of ${of}: Temporal is asked for ${listeners}`, value: many.requests, unit: per, goal: null, met: null },
      { metric: `events of ${of}: requests to Temporal`, value: ratio, unit: `${listeners} / 1`, goal: '<= 1.2', met: ratio <= 1.2 },
    );
  }
  return results;
}

/** An instance that hears news, first word by word, then many at once, and ends with the last. */
async function showInstance({ http, api, proxy, listeners, changes, burst }: Listening): Promise<Shown> {
  const { path } = await start(http, changes + burst);
  const say = (id: string): Promise<unknown> => http.ask(`${path}/messages/news`, { id, payload: { said: id } });
  const crowd = await gather({ url: `${api.url}${path}/events`, token: api.token, count: listeners });
  try {
    await crowd.until((listener) => has(listener, 'waits for the message'));
    proxy.reset();
    const latencies: number[] = [];
    for (let change = 0; change < changes; change++) latencies.push(await untilAllHave({ crowd, text: `got its message (word${change})`, make: () => say(`word${change}`) }));
    const requests = total(proxy.calls()) / changes;
    let next = changes;
    const eventsPerSecond = await rateOf(crowd, async () => {
      await perSecond({ count: burst, atOnce: 20, one: () => say(`word${next++}`) });
      await crowd.until(({ heard }) => heard.at(-1)?.event === 'end');
    });
    return { latency: median(latencies), eventsPerSecond, requests };
  } finally {
    crowd.close();
  }
}

/** Instances that start, first one by one, then many at once. */
async function showAll({ http, api, proxy, listeners, changes, burst }: Listening): Promise<Shown> {
  const crowd = await gather({ url: `${api.url}/api/events?process=${news.name}`, token: api.token, count: listeners });
  try {
    await crowd.until(({ heard }) => heard.length > 0);
    proxy.reset();
    const began = performance.now();
    const latencies: number[] = [];
    for (let change = 0; change < changes; change++) {
      const businessKey = randomUUID();
      latencies.push(await untilAllHave({ crowd, text: businessKey, make: () => start(http, 1, businessKey) }));
    }
    const requests = total(proxy.calls()) / ((performance.now() - began) / 1_000);
    const eventsPerSecond = await rateOf(crowd, async () => {
      await perSecond({ count: burst, atOnce: 20, one: () => start(http, 1) });
      await crowd.until(({ heard }) => heard.filter(({ event }) => event === 'started').length >= changes + burst);
    });
    return { latency: median(latencies), eventsPerSecond, requests };
  } finally {
    crowd.close();
  }
}

async function start(http: HttpClient, times: number, businessKey: string = randomUUID()): Promise<{ readonly path: string }> {
  await http.ask(`/api/processes/${news.name}/instances`, { input: { times }, businessKey });
  return { path: `/api/instances/${encodeURIComponent(`${news.name}/${businessKey}`)}` };
}

const has = ({ heard }: Listener, text: string): boolean => heard.some(({ data }) => data.includes(text));

/** Milliseconds from the beginning of the request until the last listener has what it made. */
async function untilAllHave({ crowd, text, make }: { crowd: Crowd; text: string; make: () => Promise<unknown> }): Promise<number> {
  const began = performance.now();
  await Promise.all([make(), crowd.until((listener) => has(listener, text))]);
  const arrivals = crowd.listeners.map(({ heard }) => heard.find(({ data }) => data.includes(text))?.at ?? NaN);
  return Math.max(...arrivals) - began;
}

async function rateOf({ listeners }: Crowd, make: () => Promise<void>): Promise<number> {
  const heard = (): number => listeners.reduce((sum, listener) => sum + listener.heard.length, 0);
  const [before, began] = [heard(), performance.now()];
  await make();
  return (heard() - before) / ((performance.now() - began) / 1_000);
}

const total = (calls: Readonly<Record<string, number>>): number => Object.values(calls).reduce((sum, count) => sum + count, 0);
