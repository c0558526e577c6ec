import { Worker, type WorkerOptions } from '@temporalio/worker';
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { implement } from '../../activities/implement.ts';
import { definitionOf } from '../../contracts/define/definition.ts';
import { memoKeys, taskQueues } from '../../contracts/verbs.ts';
import { createDiskStore } from '../../documents/disk-store.ts';
import { repository } from '../../platform/repository.ts';
import { bindQuick } from '../../workers/bind-quick.ts';
import { bundleWorkflows } from '../../workers/bundle.ts';
import { sharedByInstances } from '../../workers/preload.ts';
import { inTurn, perSecond } from '../rate.ts';
import { median, report, type Result } from '../report.ts';
import { type BenchTemporal, startBenchTemporal } from '../temporal.ts';
import { addOneQuickly, count } from './contract.ts';

const sides = ['quick', 'hand'] as const;
type Side = (typeof sides)[number];
const programs: Readonly<Record<Side, { workflow: string; taskQueue: string }>> = {
  quick: { workflow: count.name, taskQueue: taskQueues.workflows },
  hand: { workflow: 'countByHand', taskQueue: 'workflowsByHand' },
};
/** Steps of an instance, and how many times as many quick ones there should be in a second. */
const lengths = [
  { steps: 5, goal: 2 },
  { steps: 10, goal: 3 },
] as const;

/** Steps per second: quick steps through the kit, and ordinary activities on the bare SDK, on one server in turn. `rounds` pairs of `instances` each, `atOnce` at a time. */
export async function quick({ json, rounds = 9, instances = 60, atOnce = 20 }: { json: boolean; rounds?: number; instances?: number; atOnce?: number }): Promise<boolean> {
  const temporal = await startBenchTemporal();
  try {
    const workers = await startWorkers(temporal);
    const { digest } = definitionOf(count);
    const one = async (side: Side, steps: number): Promise<string> => {
      const workflowId = `${count.name}/${randomUUID()}`;
      const { workflow, taskQueue } = programs[side];
      const memo = { [memoKeys.definition]: digest, [memoKeys.generation]: 1 };
      await temporal.client.workflow.execute(workflow, { workflowId, taskQueue, args: [{ value: 0, steps }], ...(side === 'quick' ? { memo } : {}) });
      return workflowId;
    };
    const events = async (side: Side, steps: number): Promise<Result> => {
      const { events: history } = await temporal.client.workflow.getHandle(await one(side, steps)).fetchHistory();
      return { metric: `events per instance of ${steps} steps, ${side}`, value: history?.length ?? 0, unit: 'events', goal: null, met: null };
    };
    const measure = async (): Promise<Result[]> => {
      const results: Result[] = [];
      for (const { steps, goal } of lengths) {
        const rateOf = (side: Side): Promise<number> => perSecond({ count: instances, atOnce, one: () => one(side, steps) });
        // The first ones pay for connections, caches and compilation.
        for (const side of sides) await rateOf(side);
        const rates: Record<Side, number[]> = { quick: [], hand: [] };
        for (let round = 0; round < rounds; round++) {
          for (const side of inTurn(sides, round)) rates[side].push((await rateOf(side)) * steps);
        }
        const ratio = median(rates.quick.map((rate, at) => rate / (rates.hand[at] ?? NaN)));
        results.push(
          ...(await Promise.all(sides.map((side) => events(side, steps)))),
          ...sides.map((side): Result => ({ metric: `${steps} steps, ${side}`, value: median(rates[side]), unit: 'steps/s', goal: null, met: null })),
          { metric: `${steps} steps, ratio`, value: ratio, unit: 'quick / hand', goal: `>= ${goal}`, met: ratio >= goal },
        );
      }
      return results;
    };
    const results = await workers.reduceRight<() => Promise<Result[]>>((work, worker) => () => worker.runUntil(work), measure)();
    report({ bench: 'quick', results, json });
    return results.every(({ met }) => met !== false);
  } finally {
    await temporal.stop();
  }
}

export async function startWorkers({ native: connection, directory }: BenchTemporal): Promise<readonly Worker[]> {
  const addOne = async ({ value, steps }: { value: number; steps: number }) => ({ value: value + 1, steps });
  const documents = createDiskStore({ directory: join(directory, 'documents') });
  const bundle = (name: string, shared: readonly string[]) => bundleWorkflows({ workflowsPath: join(repository, 'bench/quick', name), shared });
  const options: readonly Partial<WorkerOptions>[] = [
    {
      taskQueue: programs.quick.taskQueue,
      workflowBundle: await bundle('kit.ts', [...sharedByInstances, 'bench/quick/contract.ts']),
      activities: bindQuick([implement(addOneQuickly, addOne)], documents),
      enableNonLocalActivities: false,
    },
    { taskQueue: programs.hand.taskQueue, workflowBundle: await bundle('by-hand.ts', []) },
    { taskQueue: taskQueues.service, activities: { 'bench.addOneByHand': addOne } },
  ];
  return Promise.all(options.map((one) => Worker.create({ connection, ...one } as WorkerOptions)));
}
