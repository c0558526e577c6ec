import { Worker } from '@temporalio/worker';
import { join } from 'node:path';
import { implement } from '../../activities/implement.ts';
import { taskQueues } from '../../contracts/verbs.ts';
import { createDiskStore } from '../../documents/disk-store.ts';
import { repository } from '../../platform/repository.ts';
import { startCountingProxy } from '../../test/api/counting-proxy.ts';
import { bind } from '../../workers/bind.ts';
import { bundleWorkflows } from '../../workers/bundle.ts';
import { sharedByInstances } from '../../workers/preload.ts';
import { addOne } from '../overhead/contract.ts';
import { report, type Result } from '../report.ts';
import { type BenchTemporal, startBenchTemporal } from '../temporal.ts';
import { createHttpClient } from './http.ts';
import { measureListeners } from './listeners.ts';
import { startApiProcess } from './process.ts';
import { measureStarts } from './starts.ts';
import { measureViews } from './views.ts';

/**
 * What the API costs over Temporal's own client: starts, `rounds` pairs of `instances` each, `atOnce` at a time. And what it serves: views and events, to
 * `connections`. The starts come last, for the workers would run what they begin.
 */
export async function api({ json, rounds = 12, instances = 300, atOnce = 20, connections = 50 }: { json: boolean; rounds?: number; instances?: number; atOnce?: number; connections?: number }): Promise<boolean> {
  const temporal = await startBenchTemporal();
  const { address, directory, client } = temporal;
  const proxy = await startCountingProxy(address);
  const direct = await startApiProcess({ address, directory, name: 'api' });
  const counted = await startApiProcess({ address: proxy.address, directory, name: 'counted-api' });
  const http = createHttpClient({ ...direct, connections });
  try {
    const results: Result[] = await whileWorking(temporal, async () => [
      ...(await measureViews({ http, client, rounds: 5, views: 500, connections })),
      ...(await measureListeners({ http, api: counted, proxy, listeners: connections, changes: 15, burst: 100 })),
    ]);
    results.unshift(...(await measureStarts({ http, client, rounds, instances, atOnce })));
    report({ bench: 'api', results, json });
    return results.every(({ met }) => met !== false);
  } finally {
    http.close();
    await counted.stop();
    await direct.stop();
    await proxy.close();
    await temporal.stop();
  }
}

async function whileWorking<R>({ native: connection, directory }: BenchTemporal, measure: () => Promise<R>): Promise<R> {
  const shared = [...sharedByInstances, 'bench/overhead/contract.ts', 'bench/api/contract.ts'];
  const workflowBundle = await bundleWorkflows({ workflowsPath: join(repository, 'bench/api/flows.ts'), shared });
  const addsOne = bind(implement(addOne, async ({ value, note }) => ({ value: value + 1, note })), createDiskStore({ directory: join(directory, 'documents') }));
  const workflows = await Worker.create({ connection, taskQueue: taskQueues.workflows, workflowBundle });
  const services = await Worker.create({ connection, taskQueue: taskQueues.service, activities: { [addOne.name]: addsOne } });
  return workflows.runUntil(services.runUntil(measure()));
}
