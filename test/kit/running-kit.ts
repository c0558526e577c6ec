import { Client, Connection, WorkflowFailedError, type WorkflowHandle } from '@temporalio/client';
import { NativeConnection, Worker, type WorkflowBundle } from '@temporalio/worker';
import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { z } from 'zod';
import { definitionOf } from '../../contracts/define/definition.ts';
import type { ProcessContract } from '../../contracts/define/process.ts';
import { memoKeys, searchAttributes, taskQueues, type UpdateAnswers, type UpdateInput, type UpdateName } from '../../contracts/verbs.ts';
import { createDiskStore } from '../../documents/disk-store.ts';
import { repository } from '../../platform/repository.ts';
import { startTemporal } from '../../temporal/start.ts';
import type { InstanceView } from '../../visibility/instance-view.ts';
import { viewInstance } from '../../visibility/view.ts';
import { bind } from '../../workers/bind.ts';
import { bundleWorkflows } from '../../workers/bundle.ts';
import { quietRuntime } from '../../workers/runtime.ts';
import { createWorld, type World } from './systems.ts';

export type Kit = Awaited<ReturnType<typeof startKit>>;

/** A real server with workers for the tests' own processes. `cache: 0` replays every workflow task from its start. */
export async function startKit({ cache }: { cache?: number } = {}) {
  quietRuntime('ERROR');
  const directory = await mkdtemp(join(tmpdir(), 'throughline-kit-'));
  const temporal = await startTemporal({ dataDir: join(directory, 'temporal'), ui: false, searchAttributes });
  const native = await NativeConnection.connect({ address: temporal.address });
  const connection = await Connection.connect({ address: temporal.address });
  const client = new Client({ connection });
  const world: World = createWorld({ documents: join(directory, 'documents') });
  const bundle: WorkflowBundle = await bundleWorkflows(join(repository, 'test/kit/flows.ts'));
  const started: string[] = [];

  const documents = createDiskStore({ directory: join(directory, 'documents') });
  const activities = Object.fromEntries(world.implementations.map((one) => [one.implements.name, bind(one, documents)]));
  const workers = await Promise.all([
    Worker.create({ connection: native, taskQueue: taskQueues.workflows, workflowBundle: bundle, ...(cache === undefined ? {} : { maxCachedWorkflows: cache }) }),
    Worker.create({ connection: native, taskQueue: taskQueues.service, activities, maxHeartbeatThrottleInterval: '200 ms' }),
  ]);
  const running = workers.map((worker) => worker.run());

  const start = async <I extends z.ZodType>(process: ProcessContract<I, z.ZodType, never> | ProcessContract<I>, input: z.input<I>, memo?: Record<string, unknown>) => {
    const contract = process as unknown as ProcessContract;
    const workflowId = `${contract.name}/${randomUUID()}`;
    started.push(workflowId);
    const handle = await client.workflow.start(contract.name, {
      workflowId,
      taskQueue: taskQueues.workflows,
      args: [input],
      memo: memo ?? { [memoKeys.definition]: definitionOf(contract).digest, [memoKeys.generation]: 1, [memoKeys.startedBy]: 'ada' },
    });
    return instance(handle, contract);
  };

  const instance = (handle: WorkflowHandle, process: ProcessContract) => ({
    handle,
    id: handle.workflowId,
    async view(): Promise<InstanceView> {
      const execution = { workflowId: handle.workflowId };
      const description = await connection.workflowService.describeWorkflowExecution({ namespace: 'default', execution });
      const { events } = await handle.fetchHistory();
      return viewInstance({ description, events: events ?? [], definition: definitionOf(process).definition });
    },
    /** Waits until the view says so; the test's own time limit ends it. */
    async until(holds: (view: InstanceView) => boolean): Promise<InstanceView> {
      for (;;) {
        const view = await this.view();
        if (holds(view)) return view;
        if (view.status !== 'running') throw new Error(`${handle.workflowId} ended as ${view.status} before that: ${JSON.stringify(view.story, null, 1)}`);
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    },
    verb: <N extends UpdateName>(name: N, input: UpdateInput<N>): Promise<UpdateAnswers[N]> => handle.executeUpdate<UpdateAnswers[N], [UpdateInput<N>]>(name, { args: [input] }),
    /** The view after the end, however it ended. */
    async ended(): Promise<InstanceView> {
      await handle.result().catch((error: unknown) => {
        if (!(error instanceof WorkflowFailedError)) throw error;
      });
      return this.view();
    },
    async events(): Promise<number> {
      return (await handle.fetchHistory()).events?.length ?? 0;
    },
    /** What the books hold for this instance. */
    books: (system: 'shop' | 'bank') => world.books[system].filter(({ key }) => key.startsWith(`${handle.workflowId}#`)).map(({ state }) => state),
  });

  return {
    client,
    connection,
    world,
    start,
    temporal,
    async stop(): Promise<void> {
      const histories = await Promise.all(started.map(async (workflowId) => ({ workflowId, history: await client.workflow.getHandle(workflowId).fetchHistory() })));
      for (const worker of workers) worker.shutdown();
      await Promise.all(running);
      await native.close();
      await connection.close();
      await temporal.stop();
      await rm(directory, { recursive: true, force: true });
      // Each run must come out the same when it is replayed.
      for await (const { error, workflowId } of Worker.runReplayHistories({ workflowBundle: bundle }, histories)) {
        if (error) throw new Error(`${workflowId} does not replay: ${error.message}`, { cause: error });
      }
    },
  };
}
