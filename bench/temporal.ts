import { Client, Connection } from '@temporalio/client';
import { NativeConnection } from '@temporalio/worker';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { searchAttributes } from '../contracts/verbs.ts';
import { startTemporal } from '../temporal/start.ts';
import { quietRuntime } from '../workers/runtime.ts';

export type BenchTemporal = Awaited<ReturnType<typeof startBenchTemporal>>;

/** A server for one bench, as `npm start` has it, and what is needed to speak to it. Its data go with it. */
export async function startBenchTemporal() {
  quietRuntime('ERROR');
  const directory = await mkdtemp(join(tmpdir(), 'throughline-bench-'));
  const temporal = await startTemporal({ dataDir: directory, ui: false, searchAttributes, progress: tell });
  const native = await NativeConnection.connect({ address: temporal.address });
  const connection = await Connection.connect({ address: temporal.address });
  return {
    address: temporal.address,
    directory,
    native,
    connection,
    client: new Client({ connection }),
    async stop(): Promise<void> {
      await connection.close();
      await native.close();
      await temporal.stop();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

/** What people see while it goes on; the figures alone are on standard output. */
export const tell = (line: string): void => void process.stderr.write(`${line}\n`);
