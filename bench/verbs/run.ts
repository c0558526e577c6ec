import { ApplicationFailure } from '@temporalio/common';
import { Worker } from '@temporalio/worker';
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { implement } from '../../activities/implement.ts';
import { definitionOf } from '../../contracts/define/definition.ts';
import { unexpected } from '../../contracts/failures.ts';
import { pathOf } from '../../contracts/ids.ts';
import { memoKeys, taskQueues } from '../../contracts/verbs.ts';
import { createDiskStore } from '../../documents/disk-store.ts';
import { repository } from '../../platform/repository.ts';
import { bind } from '../../workers/bind.ts';
import { bundleWorkflows } from '../../workers/bundle.ts';
import { sharedByInstances } from '../../workers/preload.ts';
import { createHttpClient, type HttpClient } from '../api/http.ts';
import { startApiProcess } from '../api/process.ts';
import { inTurn } from '../rate.ts';
import { median, report, type Result } from '../report.ts';
import { type BenchTemporal, startBenchTemporal } from '../temporal.ts';
import { repair, startMachine } from './contract.ts';

/** One way to have a step that failed tried again. */
interface Side {
  readonly name: 'api' | 'bare';
  /** Starts an instance, and answers with its id when its step has failed. */
  held(): Promise<string>;
  /** Tells it to try again; settles with the answer. */
  resolve(id: string): Promise<unknown>;
}

/**
 * What it takes to resolve an incident through the product: from the HTTP request, over the API's own process, to the answer of the instance. Beside it the same by Temporal's client alone: an update of a
 * workflow written by hand. One server, and one worker for each; `rounds` times `instances` each, one verb after the other, in turn.
 */
export async function verbs({ json, rounds = 8, instances = 25 }: { json: boolean; rounds?: number; instances?: number }): Promise<boolean> {
  const temporal = await startBenchTemporal();
  const { address, directory } = temporal;
  const api = await startApiProcess({ address, directory, name: 'api' });
  const http = createHttpClient({ ...api, connections: 1 });
  try {
    const sides = [throughTheApi(temporal, http), byTheClient(temporal)];
    const results = await whileWorking(temporal, () => measure({ sides, rounds, instances }));
    report({ bench: 'verbs', results, json });
    return results.every(({ met }) => met !== false);
  } finally {
    http.close();
    await api.stop();
    await temporal.stop();
  }
}

async function measure({ sides, rounds, instances }: { sides: readonly Side[]; rounds: number; instances: number }): Promise<Result[]> {
  const latencies: Record<Side['name'], number[]> = { api: [], bare: [] };
  // The first round pays for connections, caches and compilation.
  for (let round = 0; round <= rounds; round++) {
    const held = new Map(await Promise.all(sides.map(async (side) => [side, await Promise.all(Array.from({ length: instances }, () => side.held()))] as const)));
    for (let nth = 0; nth < instances; nth++) {
      for (const side of inTurn(sides, nth)) {
        const began = performance.now();
        await side.resolve(held.get(side)?.[nth] ?? '');
        if (round > 0) latencies[side.name].push(performance.now() - began);
      }
    }
  }
  const ratio = median(latencies.api) / median(latencies.bare);
  return [
    { metric: 'retry through the API, p50', value: median(latencies.api), unit: 'ms', goal: null, met: null },
    { metric: 'bare update by hand, p50', value: median(latencies.bare), unit: 'ms', goal: null, met: null },
    { metric: 'latency ratio', value: ratio, unit: 'API / bare', goal: '<= 3', met: ratio <= 3 },
  ];
}

/** Milliseconds between two looks whether a step has failed; they are not measured. */
const glance = 20;

function throughTheApi({ client }: BenchTemporal, http: HttpClient): Side {
  const { name } = repair;
  const incident = 'startMachine.1';
  return {
    name: 'api',
    async held() {
      const id = `${name}/${randomUUID()}`;
      const handle = await client.workflow.start(name, { workflowId: id, taskQueue: taskQueues.workflows, args: [{ machine: id }], memo: { [memoKeys.definition]: definitionOf(repair).digest, [memoKeys.generation]: 1 } });
      while (!(memoKeys.incident(incident) in ((await handle.describe()).memo ?? {}))) await pause(glance);
      return id;
    },
    resolve: (id) => http.ask(`${pathOf(id)}/incidents/${incident}/retry`, { comment: 'it was unplugged' }),
  };
}

const handTaskQueue = 'workflowsByHand';

function byTheClient({ client }: BenchTemporal): Side {
  return {
    name: 'bare',
    async held() {
      const id = `byHand/${randomUUID()}`;
      const handle = await client.workflow.start('repairByHand', { workflowId: id, taskQueue: handTaskQueue, args: [{ machine: id }] });
      while (!(await handle.query<boolean>('waits'))) await pause(glance);
      return id;
    },
    resolve: (id) => client.workflow.getHandle(id).executeUpdate('retry', { args: [] }),
  };
}

async function whileWorking<R>({ native: connection, directory }: BenchTemporal, work: () => Promise<R>): Promise<R> {
  const tried = new Set<string>();
  const isFirst = (machine: string): boolean => !tried.has(machine) && Boolean(tried.add(machine));
  const byKit = implement(startMachine, async ({ machine }) => {
    if (isFirst(machine)) throw unexpected('the machine does not start');
    return { machine };
  });
  const byHand = async ({ machine }: { machine: string }): Promise<{ machine: string }> => {
    if (isFirst(machine)) throw ApplicationFailure.nonRetryable('the machine does not start');
    return { machine };
  };
  const bundle = (file: string, shared: readonly string[]) => bundleWorkflows({ workflowsPath: join(repository, 'bench/verbs', file), shared });
  const workers = await Promise.all([
    Worker.create({ connection, taskQueue: taskQueues.workflows, workflowBundle: await bundle('kit.ts', [...sharedByInstances, 'bench/verbs/contract.ts']) }),
    Worker.create({ connection, taskQueue: handTaskQueue, workflowBundle: await bundle('by-hand.ts', []) }),
    Worker.create({
      connection,
      taskQueue: taskQueues.service,
      activities: { [startMachine.name]: bind(byKit, createDiskStore({ directory: join(directory, 'documents') })), 'bench.startMachineByHand': byHand },
    }),
  ]);
  return workers.reduceRight<() => Promise<R>>((rest, worker) => () => worker.runUntil(rest), work)();
}
