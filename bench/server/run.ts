import { Client, Connection } from '@temporalio/client';
import { NativeConnection, Worker } from '@temporalio/worker';
import { randomUUID } from 'node:crypto';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { taskQueues } from '../../contracts/verbs.ts';
import { repository } from '../../platform/repository.ts';
import { startTemporal } from '../../temporal/start.ts';
import { bundleWorkflows } from '../../workers/bundle.ts';
import { quietRuntime } from '../../workers/runtime.ts';
import { inTurn, perSecond } from '../rate.ts';
import { median, report, type Result } from '../report.ts';
import { tell } from '../temporal.ts';
import { findCli, startDevServer } from './cli.ts';

const sides = ['embedded', 'dev server, on disk', 'dev server, in memory'] as const;
type Side = (typeof sides)[number];

interface Running {
  readonly address: string;
  stop(): Promise<void>;
}

/** A server at work: what begins one workflow of five activities and waits for its end. */
interface Bench {
  one(): Promise<unknown>;
  stop(): Promise<void>;
}

/**
 * The embedded server against `temporal server start-dev`, as each is started: workflows of five activities on the bare SDK, `rounds` times
 * `workflows` each, `atOnce` at a time. All run beside each other and are given work in turn.
 */
export async function server({ json, rounds = 9, workflows = 60, atOnce = 20, singles = 40 }: { json: boolean; rounds?: number; workflows?: number; atOnce?: number; singles?: number }): Promise<boolean> {
  quietRuntime('ERROR');
  const cli = await findCli();
  const directory = await mkdtemp(join(tmpdir(), 'throughline-bench-'));
  const inFolder = async (name: string): Promise<string> => {
    const folder = join(directory, name);
    await mkdir(folder);
    return folder;
  };
  const start: Record<Side, () => Promise<Running>> = {
    async embedded() {
      const temporal = await startTemporal({ dataDir: await inFolder('embedded'), ui: false, progress: tell });
      tell(`embedded: ${temporal.how}`);
      return temporal;
    },
    'dev server, on disk': async () => startDevServer({ cli, directory: await inFolder('on-disk'), onDisk: true }),
    'dev server, in memory': async () => startDevServer({ cli, directory: await inFolder('in-memory'), onDisk: false }),
  };
  tell(`dev server: ${cli.about}`);
  const benches: Partial<Record<Side, Bench>> = {};
  try {
    const workflowBundle = await bundleWorkflows({ workflowsPath: join(repository, 'bench/overhead/by-hand.ts'), shared: [] });
    for (const side of sides) benches[side] = await workAt({ server: await start[side](), workflowBundle });
    const results = await measure({ one: (side) => benches[side]?.one() ?? Promise.reject(new Error(`${side} does not run`)), rounds, workflows, atOnce, singles });
    report({ bench: 'server', results, json });
    return results.every(({ met }) => met !== false);
  } finally {
    for (const bench of Object.values(benches)) await bench.stop();
    await rm(directory, { recursive: true, force: true });
  }
}

async function workAt({ server, workflowBundle }: { server: Running; workflowBundle: Awaited<ReturnType<typeof bundleWorkflows>> }): Promise<Bench> {
  const { address } = server;
  const native = await NativeConnection.connect({ address });
  const connection = await Connection.connect({ address });
  const client = new Client({ connection });
  const taskQueue = 'workflowsByHand';
  const addOne = async ({ value, note }: { value: number; note: string }) => ({ value: value + 1, note });
  const workers = [
    await Worker.create({ connection: native, taskQueue, workflowBundle }),
    await Worker.create({ connection: native, taskQueue: taskQueues.service, activities: { 'bench.addOneByHand': addOne } }),
  ];
  const running = workers.map((worker) => worker.run());
  return {
    one: () => client.workflow.execute('chainByHand', { workflowId: `chain/${randomUUID()}`, taskQueue, args: [{ value: 1, note: 'bench' }] }),
    async stop() {
      for (const worker of workers) worker.shutdown();
      await Promise.all(running);
      await native.close();
      await connection.close();
      await server.stop();
    },
  };
}

interface Measure {
  readonly one: (side: Side) => Promise<unknown>;
  readonly rounds: number;
  readonly workflows: number;
  readonly atOnce: number;
  readonly singles: number;
}

async function measure({ one, rounds, workflows, atOnce, singles }: Measure): Promise<Result[]> {
  const rateOf = (side: Side): Promise<number> => perSecond({ count: workflows, atOnce, one: () => one(side) });
  // The first ones pay for connections, caches and compilation.
  for (const side of sides) await rateOf(side);
  const rates: Record<Side, number[]> = { embedded: [], 'dev server, on disk': [], 'dev server, in memory': [] };
  const latencies: Record<Side, number[]> = { embedded: [], 'dev server, on disk': [], 'dev server, in memory': [] };
  for (let round = 0; round < rounds; round++) {
    for (const side of inTurn(sides, round)) rates[side].push(await rateOf(side));
  }
  for (let round = 0; round < singles; round++) {
    for (const side of inTurn(sides, round)) {
      const began = performance.now();
      await one(side);
      latencies[side].push(performance.now() - began);
    }
  }
  const ratioTo = (side: Side): number => median(rates.embedded.map((rate, at) => rate / (rates[side][at] ?? NaN)));
  const [onDisk, inMemory] = [ratioTo('dev server, on disk'), ratioTo('dev server, in memory')];
  return [
    ...sides.map((side): Result => ({ metric: `throughput, ${side}`, value: median(rates[side]), unit: 'workflows/s', goal: null, met: null })),
    { metric: 'throughput ratio', value: onDisk, unit: 'embedded / on disk', goal: '>= 1.2', met: onDisk >= 1.2 },
    { metric: 'throughput ratio', value: inMemory, unit: 'embedded / in memory', goal: null, met: null },
    ...sides.map((side): Result => ({ metric: `latency p50, ${side}`, value: median(latencies[side]), unit: 'ms', goal: null, met: null })),
  ];
}
