import type { Client } from '@temporalio/client';
import { randomUUID } from 'node:crypto';
import { chain } from '../overhead/contract.ts';
import { perSecond } from '../rate.ts';
import { median, type Result } from '../report.ts';
import type { HttpClient } from './http.ts';

/** Views of an instance that has done its five services. Workers for `chain` must run. */
export async function measureViews({ http, client, rounds, views, connections }: { http: HttpClient; client: Client; rounds: number; views: number; connections: number }): Promise<Result[]> {
  const businessKey = randomUUID();
  const id = `${chain.name}/${businessKey}`;
  await http.ask(`/api/processes/${chain.name}/instances`, { input: { value: 1, note: 'bench' }, businessKey });
  await client.workflow.getHandle(id).result();
  const rateOf = (): Promise<number> => perSecond({ count: views, atOnce: connections, one: () => http.ask(`/api/instances/${encodeURIComponent(id)}`) });
  // The first ones pay for connections, caches and compilation.
  await rateOf();
  const rates: number[] = [];
  for (let round = 0; round < rounds; round++) rates.push(await rateOf());
  return [{ metric: `views, ${connections} connections`, value: median(rates), unit: 'views/s', goal: null, met: null }];
}
