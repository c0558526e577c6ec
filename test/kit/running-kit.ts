import { Worker, type WorkflowBundle } from '@temporalio/worker';
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import type { z } from 'zod';
import { definitionOf } from '../../contracts/define/definition.ts';
import type { Duration } from '../../contracts/define/duration.ts';
import type { ProcessContract } from '../../contracts/define/process.ts';
import { memoKeys, taskQueues } from '../../contracts/verbs.ts';
import { createDiskStore } from '../../documents/disk-store.ts';
import { bind } from '../../workers/bind.ts';
import { bindQuick } from '../../workers/bind-quick.ts';
import { createWorkflowWorker } from '../../workers/workflow-worker.ts';
import type { Server } from './server.ts';
import { followInstance, type StartedInstance } from './started-instance.ts';
import { applyVerb } from '../../activities/operations/apply.ts';
import { probeAmong, probeSystem } from '../../activities/operations/probe.ts';
import { selectInstances } from '../../activities/operations/select.ts';
import { createWorld } from './systems.ts';

export type Kit = Awaited<ReturnType<typeof startKit>>;

interface Start {
  readonly memo?: Record<string, unknown>;
  readonly key?: string;
  /** The bound on the whole instance, which Temporal enforces. */
  readonly within?: Duration;
}

/** Workers for the tests' own processes. `cache: 0` replays every workflow task from its start. */
export async function startKit({ server, cache }: { server: Server; cache: number | undefined }) {
  const { client, connection, native, directory } = server;
  const world = createWorld({ documents: join(directory, 'documents') });
  const documents = createDiskStore({ directory: join(directory, 'documents') });
  const started: StartedInstance[] = [];
  let bundle = server.bundle;

  const flowWorker = ({ code }: WorkflowBundle): Promise<Worker> => createWorkflowWorker({ connection: native, namespace: 'default', code, maxCachedWorkflows: cache, quick: bindQuick(world.implementations, documents) });
  // What the product itself runs for operators finds Temporal and the documents by the environment.
  Object.assign(process.env, { TEMPORAL_ADDRESS: server.address, DOCUMENTS_DIR: join(directory, 'documents') });
  const activities = Object.fromEntries([...world.implementations, probeSystem, selectInstances, applyVerb].map((one) => [one.implements.name, bind(one, documents)]));
  probeAmong(world.implementations);
  const systemWorker = async (atOnce = 100) => run(await Worker.create({ connection: native, taskQueue: taskQueues.service, activities, maxHeartbeatThrottleInterval: '100 ms', maxConcurrentActivityTaskExecutions: atOnce }));
  let systems = await systemWorker();
  let flows = run(await flowWorker(bundle));

  return {
    address: server.address,
    directory,
    client,
    connection,
    world,
    documents,
    async start<I extends z.ZodType>(process: ProcessContract<I, z.ZodType, never> | ProcessContract<I>, input: z.input<I>, { memo, key = randomUUID(), within }: Start = {}): Promise<StartedInstance> {
      const contract = process as unknown as ProcessContract;
      const handle = await client.workflow.start(contract.name, {
        workflowId: `${contract.name}/${key}`,
        taskQueue: taskQueues.workflows,
        args: [input],
        ...(within === undefined ? {} : { workflowExecutionTimeout: within }),
        memo: memo ?? { [memoKeys.definition]: definitionOf(contract).digest, [memoKeys.generation]: 1, [memoKeys.startedBy]: 'ada' },
      });
      const instance = followInstance({ client, handle, process: contract, connection, world });
      started.push(instance);
      return instance;
    },
    /** An instance that another has started. */
    follow(process: object, id: string): StartedInstance {
      const instance = followInstance({ client, handle: client.workflow.getHandle(id), process: process as ProcessContract, connection, world });
      if (!started.some((one) => one.id === id)) started.push(instance);
      return instance;
    },
    /** The worker of the flows, which a test may take away and bring back, with mended code if it likes. */
    flows: {
      stop: () => flows.stop(),
      async start({ mended = false } = {}): Promise<void> {
        if (mended) bundle = { ...bundle, code: bundle.code.replaceAll('with the bug', 'mended') };
        flows = run(await flowWorker(bundle));
      },
    },
    /** The worker of the systems. */
    systems: {
      stop: () => systems.stop(),
      async start({ atOnce }: { atOnce?: number } = {}): Promise<void> {
        systems = await systemWorker(atOnce);
      },
    },
    /** Ends the workers, and looks once more at all that ran: it must come out the same when it is replayed, and nothing may look unfinished. */
    async stop(): Promise<void> {
      await Promise.all([systems.stop(), flows.stop()]);
      const histories = (await Promise.all(started.map(async ({ runs, id }) => (await runs()).map((events) => ({ workflowId: id, history: { events: [...events] } }))))).flat();
      for await (const { error, workflowId } of Worker.runReplayHistories({ workflowBundle: bundle }, histories)) {
        if (error) throw new Error(`${workflowId} does not replay: ${error.message}`, { cause: error });
      }
      for (const instance of started) await assertFinished(instance);
    },
  };
}

function run(worker: Worker): { stop(): Promise<void> } {
  const ended = worker.run();
  return {
    stop() {
      if (worker.getState() === 'RUNNING') worker.shutdown();
      return ended;
    },
  };
}

const unfinished = ['running', 'retrying', 'waiting', 'incident'];

async function assertFinished(instance: StartedInstance): Promise<void> {
  const view = await instance.view();
  const visits = [...view.steps.flatMap((step) => [step, ...step.visits]), ...view.compensations];
  const left = [
    ...(view.status === 'running' ? ['the instance still runs'] : []),
    ...visits.filter(({ state }) => unfinished.includes(state)).map((visit) => `a step is ${visit.state}: ${JSON.stringify(visit).slice(0, 300)}`),
    ...[...view.tasks, ...view.waitingFor, ...view.incidents.filter(({ resolution }) => !resolution)].map((one) => `still open: ${JSON.stringify(one).slice(0, 300)}`),
    ...(view.problem ? [`a problem: ${view.problem.message}`] : []),
  ];
  if (left.length > 0) throw new Error(`${instance.id} ended as ${view.status}, but its view says:\n${left.join('\n')}`);
}
