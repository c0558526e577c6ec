import { NativeConnection } from '@temporalio/worker';
import { documentsFromEnv } from '../documents/from-env.ts';
import { tellReady } from '../platform/child-process.ts';
import { quietRuntime } from './runtime.ts';
import { startWorkers } from './start.ts';

const { TEMPORAL_ADDRESS: address = '127.0.0.1:7233', TEMPORAL_NAMESPACE: namespace = 'default', WORKER_ROLES, WORKER_MAX_CACHED_WORKFLOWS } = process.env;

quietRuntime();
const connection = await NativeConnection.connect({ address });
const workers = await startWorkers({ connection, namespace, documents: documentsFromEnv(), roles: WORKER_ROLES?.split(','), maxCachedWorkflows: cacheSetting(WORKER_MAX_CACHED_WORKFLOWS) });

for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => workers.stop());
tellReady({ pid: process.pid, roles: workers.roles });

try {
  await workers.ended;
} finally {
  await connection.close();
}

/** 0 keeps none: every workflow task is then replayed from its start. Unset, the SDK chooses by the memory that there is. */
function cacheSetting(text: string | undefined): number | undefined {
  if (text === undefined || text === '') return undefined;
  if (/^\d{1,6}$/.test(text)) return Number(text);
  throw new Error(`WORKER_MAX_CACHED_WORKFLOWS is "${text}": give a whole number, 0 to keep none`);
}
