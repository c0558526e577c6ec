import { NativeConnection } from '@temporalio/worker';
import { documentsFromEnv } from '../documents/from-env.ts';
import { tellReady } from '../platform/child-process.ts';
import { quietRuntime } from './runtime.ts';
import { startWorkers } from './start.ts';

const { TEMPORAL_ADDRESS: address = '127.0.0.1:7233', TEMPORAL_NAMESPACE: namespace = 'default', WORKER_ROLES } = process.env;

quietRuntime();
const connection = await NativeConnection.connect({ address });
const workers = await startWorkers({ connection, namespace, documents: documentsFromEnv(), roles: WORKER_ROLES?.split(',') });

for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => workers.stop());
tellReady({ pid: process.pid, roles: workers.roles });

try {
  await workers.ended;
} finally {
  await connection.close();
}
