import { Connection } from '@temporalio/client';
import { join } from 'node:path';
import { searchAttributes } from '../contracts/verbs.ts';
import { prepareNamespace } from '../temporal/namespace.ts';
import { portSettings, startTemporal } from '../temporal/start.ts';

/** A Temporal server to work with: the embedded one, or one that was there before. */
export interface Server {
  readonly address: string;
  readonly namespace: string;
  readonly uiUrl: string | undefined;
  readonly how: string;
  /** Ends a server that was started here, as a crash would or in order; another's stays. */
  stop(): Promise<void>;
  kill(): void;
  readonly ended: Promise<string>;
}

interface Embedding {
  readonly dataDir: string;
  readonly ports: { readonly temporal: number; readonly ui: number };
  readonly progress: (line: string) => void;
}

export async function embedded({ dataDir, ports, progress }: Embedding): Promise<Server> {
  const temporal = await startTemporal({ dataDir: join(dataDir, 'temporal'), port: ports.temporal, uiPort: ports.ui, searchAttributes, progress });
  const { address, namespace, uiUrl, how, stop, kill } = temporal;
  return { address, namespace, uiUrl, how, stop, kill, ended: temporal.exited.then(() => 'The Temporal server ended.') };
}

interface Existing {
  readonly address: string;
  readonly namespace: string;
  /** Left out, only a namespace that is made now gets one. */
  readonly retentionDays?: number;
  /** Milliseconds until the namespace must be served. */
  readonly within: number;
}

/** Makes the namespace and the search attributes of an existing server where they are missing. */
export async function prepareExisting({ address, namespace, retentionDays, within }: Existing): Promise<void> {
  const connection = await Connection.connect({ address, connectTimeout: '10 seconds' }).catch((error: unknown) => {
    throw new Error(`no Temporal server answers at TEMPORAL_ADDRESS ${address}: start it, correct the address, or unset the variable to use an embedded server`, { cause: error });
  });
  try {
    await prepareNamespace(connection, { namespace, retentionDays, searchAttributes, signal: AbortSignal.timeout(within) });
  } finally {
    await connection.close();
  }
}

export async function existing(address: string): Promise<Server> {
  const namespace = process.env.TEMPORAL_NAMESPACE ?? 'default';
  await prepareExisting({ address, namespace, within: 30_000 });
  return {
    address,
    namespace,
    uiUrl: process.env.TEMPORAL_UI_URL,
    how: `the server at ${address} (${portSettings.server} and ${portSettings.ui} do not apply)`,
    stop: async () => undefined,
    kill: () => undefined,
    ended: new Promise<string>(() => undefined),
  };
}
