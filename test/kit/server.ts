import { Client, Connection } from '@temporalio/client';
import { NativeConnection } from '@temporalio/worker';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { searchAttributes } from '../../contracts/verbs.ts';
import { moduleFile } from '../../platform/repository.ts';
import { startTemporal } from '../../temporal/start.ts';
import { bundleWorkflows } from '../../workers/bundle.ts';
import { quietRuntime } from '../../workers/runtime.ts';

export type Server = Awaited<ReturnType<typeof startServer>>;

export interface ServerOptions {
  /** Of the server, besides what the tests need anyway. */
  readonly dynamicConfig?: Readonly<Record<string, unknown>>;
}

/** A real server, and the tests' flows bundled for its workers. */
export async function startServer({ dynamicConfig = {} }: ServerOptions = {}) {
  quietRuntime('ERROR');
  const directory = await mkdtemp(join(tmpdir(), 'throughline-kit-'));
  // One after the other: the bundler keeps this thread busy, and the server's start is timed.
  const temporal = await startTemporal({
    dataDir: join(directory, 'temporal'),
    ui: false,
    searchAttributes,
    dynamicConfig: { 'frontend.WorkflowTimeSkippingEnabled': true, ...dynamicConfig },
  });
  const bundle = await bundleWorkflows({ workflowsPath: moduleFile('test/kit/all-flows') });
  const native = await NativeConnection.connect({ address: temporal.address });
  const connection = await Connection.connect({ address: temporal.address });
  return {
    address: temporal.address,
    directory,
    bundle,
    native,
    connection,
    client: new Client({ connection }),
    async stop(): Promise<void> {
      await native.close();
      await connection.close();
      await temporal.stop();
      await rm(directory, { recursive: true, force: true });
    },
  };
}
