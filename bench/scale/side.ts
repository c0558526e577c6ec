import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { definitionOf } from '../../contracts/define/definition.ts';
import type { ProcessContract } from '../../contracts/define/process.ts';
import { memoKeys, taskQueues } from '../../contracts/verbs.ts';
import { startChild } from '../../platform/child-process.ts';
import { programArgs, repository } from '../../platform/repository.ts';
import { gather } from '../api/listener.ts';
import { startApiProcess } from '../api/process.ts';
import { chain } from '../overhead/contract.ts';
import { perSecond } from '../rate.ts';
import { startBenchTemporal, tell } from '../temporal.ts';
import { ask, askedGroup } from './contract.ts';

/** A platform of its own: a server, a worker, an API, and somebody who listens to all instances, as a console does. */
export interface Side {
  /** Starts instances until so many wait for a person. */
  fill(open: number): Promise<void>;
  /** One instance of five services, from its start to its end. */
  one(): Promise<void>;
  stop(): Promise<void>;
}

/** Starts at once while a side is filled, and how many make a line for people. */
const [fillAtOnce, lineEvery] = [50, 2_000];

export async function startSide(): Promise<Side> {
  const temporal = await startBenchTemporal();
  const { address, directory, client } = temporal;
  const worker = startChild({
    name: 'the worker',
    command: process.execPath,
    args: programArgs('bench/scale/worker'),
    cwd: repository,
    env: { TEMPORAL_ADDRESS: address, WORKER_BUNDLES_DIR: join(directory, 'bundles'), DOCUMENTS_DIR: join(directory, 'documents') },
    logFile: join(directory, 'worker.log'),
    ready: true,
  });
  await worker.ready;
  const api = await startApiProcess({ address, directory, name: 'api' });
  const listener = await gather({ url: `${api.url}/api/events`, token: api.token, count: 1 });
  let open = 0;

  const start = (contract: ProcessContract, input: unknown) => {
    const { definition, digest } = definitionOf(contract);
    return client.workflow.start(definition.name, { workflowId: `${definition.name}/${randomUUID()}`, taskQueue: taskQueues.workflows, args: [input], memo: { [memoKeys.definition]: digest, [memoKeys.generation]: 1 } });
  };
  const waiting = async (): Promise<number> => (await client.workflow.count(`WaitingFor = '${askedGroup}' AND ExecutionStatus = 'Running'`)).count;

  return {
    async fill(wanted) {
      while (open < wanted) {
        const more = Math.min(lineEvery, wanted - open);
        const rate = await perSecond({ count: more, atOnce: fillAtOnce, one: () => start(ask, { question: 'Shall we?' }) });
        open += more;
        while ((await waiting()) < open) await pause(200);
        tell(`${open} of ${wanted} wait for a person; the last ${more} were started at ${rate.toFixed(0)}/s`);
      }
    },
    one: async () => void (await (await start(chain, { value: 1, note: 'bench' })).result()),
    async stop() {
      listener.close();
      await api.stop();
      await worker.stop();
      await temporal.stop();
    },
  };
}
