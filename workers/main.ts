import { join, resolve } from 'node:path';
import { NativeConnection } from '@temporalio/worker';
import { documentsFromEnv } from '../documents/from-env.ts';
import { tellReady } from '../platform/child-process.ts';
import { quietRuntime } from './runtime.ts';
import { startWorkers } from './start.ts';

const { TEMPORAL_ADDRESS: address = '127.0.0.1:7233', TEMPORAL_NAMESPACE: namespace = 'default', WORKER_ROLES, WORKER_MAX_CACHED_WORKFLOWS, WORKER_BUNDLES_DIR, WORKER_MAKES_CURRENT, THROUGHLINE_DATA } = process.env;

quietRuntime();
const connection = await NativeConnection.connect({ address });
const workers = await startWorkers({
  connection,
  namespace,
  documents: documentsFromEnv(),
  roles: WORKER_ROLES?.split(','),
  maxCachedWorkflows: cacheSetting(WORKER_MAX_CACHED_WORKFLOWS),
  builds: {
    directory: resolve(WORKER_BUNDLES_DIR || join(THROUGHLINE_DATA || join('.throughline', 'data'), 'bundles')),
    makeCurrent: currentSetting(WORKER_MAKES_CURRENT),
    tell: (line) => void process.stderr.write(`${line}\n`),
  },
});

for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => workers.stop());
const { builds } = workers;
tellReady({ pid: process.pid, roles: workers.roles, ...(builds ? { build: builds.own, former: builds.former(), troubles: builds.troubles() } : {}) });

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

/** A worker makes its build the one that new instances take, unless it is told not to: one that joins or comes back beside others. */
function currentSetting(text: string | undefined): boolean {
  if (text === undefined || text === '' || text === 'yes') return true;
  if (text === 'no') return false;
  throw new Error(`WORKER_MAKES_CURRENT is "${text}": give yes or no`);
}
