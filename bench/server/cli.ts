import { Connection } from '@temporalio/client';
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { startChild } from '../../platform/child-process.ts';
import { freePort } from '../../platform/ports.ts';
import { prepareNamespace } from '../../temporal/namespace.ts';

export interface Cli {
  readonly program: string;
  /** Its versions, for people. */
  readonly about: string;
}

/**
 * Temporal's CLI: `TEMPORAL_CLI`, else `temporal` on the PATH.
 *
 * @throws Error that says how to get it
 */
export async function findCli(): Promise<Cli> {
  const program = process.env.TEMPORAL_CLI || 'temporal';
  try {
    const { stdout } = await promisify(execFile)(program, ['--version']);
    return { program, about: stdout.trim() };
  } catch (error) {
    throw new Error(`${process.env.TEMPORAL_CLI ? `TEMPORAL_CLI is "${program}", which does not run` : 'there is no program "temporal" on the PATH'}. ${remedy}`, { cause: error });
  }
}

const remedy = `Install Temporal's CLI (https://docs.temporal.io/cli), or build it with Go in an empty directory:
  go mod init cli && go get -tool github.com/temporalio/cli/cmd/temporal@v1.5.1 && go build -o temporal github.com/temporalio/cli/cmd/temporal
Then put it on the PATH, or name it by TEMPORAL_CLI.`;

export interface DevServer {
  readonly address: string;
  stop(): Promise<void>;
}

interface DevServerOptions {
  readonly cli: Cli;
  readonly directory: string;
  /** Whether its data are kept in a file, as those of the embedded server are; otherwise they are in memory only. */
  readonly onDisk: boolean;
}

/** milliseconds */
const readyWithin = 60_000;

/** `temporal server start-dev` as it is, without the Web UI. */
export async function startDevServer({ cli, directory, onDisk }: DevServerOptions): Promise<DevServer> {
  const address = `127.0.0.1:${await freePort()}`;
  const child = startChild({
    name: 'temporal server start-dev',
    command: cli.program,
    args: ['server', 'start-dev', '--headless', '--ip', '127.0.0.1', '--port', address.split(':')[1] ?? '', '--log-level', 'warn', ...(onDisk ? ['--db-filename', join(directory, 'temporal.db')] : [])],
    logFile: join(directory, 'start-dev.log'),
  });
  const connection = await Connection.connect({ address, connectTimeout: readyWithin });
  try {
    await prepareNamespace(connection, { namespace: 'default', retentionDays: 1, searchAttributes: {}, signal: AbortSignal.timeout(readyWithin) });
  } finally {
    await connection.close();
  }
  return { address, stop: () => child.stop(5_000) };
}
