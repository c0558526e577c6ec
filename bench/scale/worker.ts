import { NativeConnection, Worker } from '@temporalio/worker';
import { join } from 'node:path';
import { implement } from '../../activities/implement.ts';
import { taskQueues } from '../../contracts/verbs.ts';
import { documentsFromEnv } from '../../documents/from-env.ts';
import { tellReady } from '../../platform/child-process.ts';
import { repository } from '../../platform/repository.ts';
import { bind } from '../../workers/bind.ts';
import { runBuilds } from '../../workers/builds/run-builds.ts';
import { bundleWorkflows } from '../../workers/bundle.ts';
import { sharedByInstances } from '../../workers/preload.ts';
import { run } from '../../workers/running.ts';
import { quietRuntime } from '../../workers/runtime.ts';
import { createWorkflowWorker } from '../../workers/workflow-worker.ts';
import { addOne } from '../overhead/contract.ts';
import { tell } from '../temporal.ts';

/** A worker as `workers/main.ts` runs it, by builds, for the processes of the bench. It can keep but few of the open instances in memory. */
const maxCachedWorkflows = 200;

const { TEMPORAL_ADDRESS: address, WORKER_BUNDLES_DIR: directory = '' } = process.env;
quietRuntime();
const connection = await NativeConnection.connect({ address });
const shared = [...sharedByInstances, 'bench/overhead/contract.ts', 'bench/scale/contract.ts'];
const { code } = await bundleWorkflows({ workflowsPath: join(repository, 'bench/scale/flows.ts'), shared });
const namespace = 'default';
const flows = await runBuilds({ connection, namespace, code, directory, makeCurrent: true, tell, createWorker: (build) => createWorkflowWorker({ connection, namespace, maxCachedWorkflows, ...build }) });
const addsOne = bind(implement(addOne, async ({ value, note }) => ({ value: value + 1, note })), documentsFromEnv());
const services = run(await Worker.create({ connection, namespace, taskQueue: taskQueues.service, activities: { [addOne.name]: addsOne } }));
process.once('SIGTERM', () => [flows, services].forEach(({ stop }) => stop()));
tellReady({ build: flows.own });
await Promise.all([flows.ended, services.ended]);
await connection.close();
