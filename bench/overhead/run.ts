import { Worker } from '@temporalio/worker';
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { implement } from '../../activities/implement.ts';
import { definitionOf } from '../../contracts/define/definition.ts';
import { memoKeys, taskQueues } from '../../contracts/verbs.ts';
import { createDiskStore } from '../../documents/disk-store.ts';
import { repository } from '../../platform/repository.ts';
import { bind } from '../../workers/bind.ts';
import { bundleWorkflows } from '../../workers/bundle.ts';
import { sharedByInstances } from '../../workers/preload.ts';
import { inTurn, perSecond } from '../rate.ts';
import { median, report, type Result } from '../report.ts';
import { startBenchTemporal } from '../temporal.ts';
import { addOne, chain } from './contract.ts';

type Side = 'kit' | 'hand';
/** Each side has a bundle and a task queue of its own, so that neither loads the other's modules. */
const programs: Readonly<Record<Side, { workflow: string; file: string; taskQueue: string }>> = {
  kit: { workflow: 'chain', file: 'kit.ts', taskQueue: 'workflows' },
  hand: { workflow: 'chainByHand', file: 'by-hand.ts', taskQueue: 'workflowsByHand' },
};
const sides = Object.keys(programs) as Side[];

/**
 * What the kit costs: a chain of five services through the kit and written by hand on the bare SDK, on one server and one worker, in turn.
 * `rounds` pairs of `instances` each, `atOnce` at a time (fewer pairs scatter by more than the goal leaves room); then `singles` pairs of single instances for latency.
 */
export async function overhead({ json, rounds = 40, instances = 60, atOnce = 20, singles = 300 }: { json: boolean; rounds?: number; instances?: number; atOnce?: number; singles?: number }): Promise<boolean> {
  const temporal = await startBenchTemporal();
  const { client, native: connection, directory } = temporal;
  const { definition, digest } = definitionOf(chain);
  try {
    const byKit = bind(implement(addOne, async ({ value, note }) => ({ value: value + 1, note })), createDiskStore({ directory: join(directory, 'documents') }));
    const byHand = async ({ value, note }: { value: number; note: string }) => ({ value: value + 1, note });
    const workflowWorker = async (side: Side): Promise<Worker> => {
      const { taskQueue, file } = programs[side];
      const source = join(repository, 'bench/overhead', file);
      // By hand there is nothing to share. The chain's contract lies outside the contracts of the product.
      const workflowBundle = await bundleWorkflows({ workflowsPath: source, shared: side === 'hand' ? [] : [...sharedByInstances, 'bench/overhead/contract.ts'] });
      return Worker.create({ connection, taskQueue, workflowBundle });
    };
    const kit = await workflowWorker('kit');
    const hand = await workflowWorker('hand');
    const services = await Worker.create({ connection, taskQueue: taskQueues.service, activities: { 'bench.addOne': byKit, 'bench.addOneByHand': byHand } });
    const one = async (side: Side): Promise<string> => {
      const workflowId = `${definition.name}/${randomUUID()}`;
      await client.workflow.execute(programs[side].workflow, {
        workflowId,
        taskQueue: programs[side].taskQueue,
        args: [{ value: 1, note: 'bench' }],
        ...(side === 'kit' ? { memo: { [memoKeys.definition]: digest, [memoKeys.generation]: 1 } } : {}),
      });
      return workflowId;
    };
    const many = (side: Side): Promise<number> => perSecond({ count: instances, atOnce, one: () => one(side) });
    const single = async (side: Side): Promise<number> => {
      const began = performance.now();
      await one(side);
      return performance.now() - began;
    };
    const measure = async (): Promise<Result[]> => {
      // The first ones pay for connections, caches and compilation.
      for (const side of sides) await many(side);
      const rates: Record<Side, number[]> = { kit: [], hand: [] };
      const latencies: Record<Side, number[]> = { kit: [], hand: [] };
      for (let round = 0; round < rounds; round++) {
        for (const side of inTurn(sides, round)) rates[side].push(await many(side));
      }
      for (let round = 0; round < singles; round++) {
        for (const side of inTurn(sides, round)) latencies[side].push(await single(side));
      }
      const events: Record<Side, number> = { kit: 0, hand: 0 };
      for (const side of sides) {
        const history = await client.workflow.getHandle(await one(side)).fetchHistory();
        events[side] = history.events?.length ?? 0;
      }
      const throughputRatio = median(rates.kit.map((rate, at) => rate / (rates.hand[at] ?? NaN)));
      const latencyRatio = median(latencies.kit.map((latency, at) => latency / (latencies.hand[at] ?? NaN)));
      return [
        { metric: 'events per instance, kit', value: events.kit, unit: 'events', goal: `= ${events.hand}`, met: events.kit === events.hand },
        { metric: 'events per instance, by hand', value: events.hand, unit: 'events', goal: null, met: null },
        { metric: 'throughput, kit', value: median(rates.kit), unit: 'instances/s', goal: null, met: null },
        { metric: 'throughput, by hand', value: median(rates.hand), unit: 'instances/s', goal: null, met: null },
        { metric: 'throughput ratio', value: throughputRatio, unit: 'kit / hand', goal: '>= 0.95', met: throughputRatio >= 0.95 },
        { metric: 'latency p50, kit', value: median(latencies.kit), unit: 'ms', goal: null, met: null },
        { metric: 'latency p50, by hand', value: median(latencies.hand), unit: 'ms', goal: null, met: null },
        { metric: 'latency ratio', value: latencyRatio, unit: 'kit / hand', goal: '<= 1.05', met: latencyRatio <= 1.05 },
      ];
    };
    const results = await kit.runUntil(hand.runUntil(services.runUntil(measure())));
    report({ bench: 'overhead', results, json });
    return results.every(({ met }) => met !== false);
  } finally {
    await temporal.stop();
  }
}
