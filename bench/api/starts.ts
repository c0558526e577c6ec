import type { Client } from '@temporalio/client';
import { randomUUID } from 'node:crypto';
import { definitionOf } from '../../contracts/define/definition.ts';
import { memoKeys, taskQueues } from '../../contracts/verbs.ts';
import { chain } from '../overhead/contract.ts';
import { inTurn, perSecond } from '../rate.ts';
import { median, type Result } from '../report.ts';
import type { HttpClient } from './http.ts';

type Side = 'api' | 'bare';
const sides: readonly Side[] = ['api', 'bare'];

interface Starts {
  readonly http: HttpClient;
  readonly client: Client;
  readonly rounds: number;
  readonly instances: number;
  readonly atOnce: number;
}

/**
 * Starts through the API, and the same starts by Temporal's own client: the same workflow, id, input, memo, summary and policy. No worker runs, so that
 * the starts alone are measured. The ids are random: each start begins an instance.
 */
export async function measureStarts({ http, client, rounds, instances, atOnce }: Starts): Promise<Result[]> {
  const { definition, digest } = definitionOf(chain);
  const input = { value: 1, note: 'bench' };
  const start: Record<Side, () => Promise<unknown>> = {
    async api() {
      const { status } = await http.ask(`/api/processes/${definition.name}/instances`, { input, businessKey: randomUUID() });
      if (status !== 201) throw new Error(`the API answered a start with ${status}, not 201: it began nothing`);
    },
    bare: () =>
      client.workflow.start(definition.name, {
        workflowId: `${definition.name}/${randomUUID()}`,
        taskQueue: taskQueues.workflows,
        args: [input],
        memo: { [memoKeys.definition]: digest, [memoKeys.generation]: 1, [memoKeys.startedBy]: 'bench' },
        staticSummary: definition.title,
        workflowIdReusePolicy: 'REJECT_DUPLICATE',
      }),
  };
  const rateOf = (side: Side): Promise<number> => perSecond({ count: instances, atOnce, one: start[side] });
  // The first ones pay for connections, caches and compilation.
  for (const side of sides) await rateOf(side);
  const rates: Record<Side, number[]> = { api: [], bare: [] };
  for (let round = 0; round < rounds; round++) {
    for (const side of inTurn(sides, round)) rates[side].push(await rateOf(side));
  }
  const ratio = median(rates.api.map((rate, at) => rate / (rates.bare[at] ?? NaN)));
  return [
    { metric: 'starts, API', value: median(rates.api), unit: 'starts/s', goal: null, met: null },
    { metric: 'starts, bare client', value: median(rates.bare), unit: 'starts/s', goal: null, met: null },
    { metric: 'starts ratio', value: ratio, unit: 'API / bare', goal: '>= 0.8', met: ratio >= 0.8 },
  ];
}
