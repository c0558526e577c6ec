import { join, resolve } from 'node:path';
import { NativeConnection } from '@temporalio/worker';
import { documentsFromEnv } from '../documents/from-env.ts';
import { tellReady } from '../platform/child-process.ts';
import { readSecretFiles } from '../platform/secrets.ts';
import { serveHealth } from './health.ts';
import { quietRuntime } from './runtime.ts';
import { startWorkers, type WorkersOptions } from './start.ts';

/** Runs the workers of this process, by its environment, until SIGTERM or SIGINT. */
export async function runWorkers({ around }: Pick<WorkersOptions, 'around'> = {}): Promise<void> {
  const { TEMPORAL_ADDRESS: address = '127.0.0.1:7233', TEMPORAL_NAMESPACE: namespace = 'default', WORKER_ROLES, WORKER_MAX_CACHED_WORKFLOWS, WORKER_BUNDLES_DIR, WORKER_MAKES_CURRENT, WORKER_HEALTH_PORT, THROUGHLINE_DATA } = process.env;

  readSecretFiles();
  quietRuntime();
  const connection = await NativeConnection.connect({ address });
  const workers = await startWorkers({
    connection,
    namespace,
    documents: documentsFromEnv(),
    roles: WORKER_ROLES?.split(','),
    maxCachedWorkflows: cacheSetting(WORKER_MAX_CACHED_WORKFLOWS),
    around,
    builds: {
      directory: resolve(WORKER_BUNDLES_DIR || join(THROUGHLINE_DATA || join('.throughline', 'data'), 'bundles')),
      makeCurrent: currentSetting(WORKER_MAKES_CURRENT),
      tell: (line) => void process.stderr.write(`${line}\n`),
    },
  });

  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => workers.stop());
  const { builds } = workers;
  const health = WORKER_HEALTH_PORT ? await serveHealth({ port: healthPort(WORKER_HEALTH_PORT), connection, namespace, polling: workers.polling }) : undefined;
  tellReady({ pid: process.pid, roles: workers.roles, health: health?.url, ...(builds ? { build: builds.own, former: builds.former(), troubles: builds.troubles() } : {}) });

  try {
    await workers.ended;
  } finally {
    await health?.close();
    await connection.close();
  }
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

/** Where `GET /live` and `GET /ready` are answered, on loopback. */
function healthPort(text: string): number {
  const port = Number(text);
  if (!Number.isInteger(port) || port < 0 || port > 65_535) throw new Error(`WORKER_HEALTH_PORT is "${text}": give a port from 0 (any free one) to 65535, or leave it out for none`);
  return port;
}
