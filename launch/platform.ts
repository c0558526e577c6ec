import { Connection } from '@temporalio/client';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { searchAttributes } from '../contracts/verbs.ts';
import { type Child, startChild } from '../platform/child-process.ts';
import { requireFreePort } from '../platform/ports.ts';
import { programArgs, repository } from '../platform/repository.ts';
import { type Sandbox, startSandbox } from '../sandbox/start.ts';
import { prepareNamespace } from '../temporal/namespace.ts';
import { portSettings, startTemporal } from '../temporal/start.ts';

export interface PlatformOptions {
  readonly dataDir: string;
  /** Whether the other side is brought up too. Without it the systems' addresses come from this process's environment. */
  readonly sandbox: boolean;
  /** 0 takes a free one. */
  readonly ports: { readonly api: number; readonly temporal: number; readonly ui: number };
  /** An existing Temporal server, instead of the embedded one. */
  readonly temporalAddress?: string | undefined;
  readonly progress: (line: string) => void;
}

/** A Temporal server to work with: the embedded one, or one that was there before. */
interface Server {
  readonly address: string;
  readonly namespace: string;
  readonly uiUrl: string | undefined;
  readonly how: string;
  /** Ends a server that was started here, as a crash would or in order; another's stays. */
  stop(): Promise<void>;
  kill(): void;
  readonly ended: Promise<string>;
}

export interface Platform {
  readonly apiUrl: string;
  readonly server: Server;
  readonly sandbox: Sandbox | undefined;
  /** Where the API keeps tokens. */
  readonly apiDataDir: string;
  /** The parts that may be ended and started anew while the rest runs. */
  readonly parts: Readonly<Record<PartName, Part>>;
  /** Settles with a sentence when something ended that should run on; never rejects. */
  readonly broken: Promise<string>;
  stop(): Promise<void>;
}

export type PartName = 'api' | 'worker';
export interface Part {
  readonly pid: number;
  /** Ends it in order. */
  stop(): Promise<void>;
  /** Ends it as a crash would. */
  kill(): void;
  /** Starts it anew after its end; settles when it is ready. */
  start(): Promise<void>;
}

/** Brings up Temporal, the sandbox, the worker and the API, and settles when all of them are ready. All of it ends with this process. */
export async function startPlatform({ dataDir, sandbox: withSandbox, ports, temporalAddress, progress }: PlatformOptions): Promise<Platform> {
  if (ports.api) await requireFreePort({ port: ports.api, what: 'the API', setting: 'API_PORT' });
  await mkdir(dataDir, { recursive: true });
  const closing: (() => Promise<void>)[] = [];
  const stop = async (): Promise<void> => {
    for (const close of closing.splice(0).reverse()) await close();
  };
  try {
    const [server, sandbox] = await settled([
      temporalAddress === undefined ? embedded({ dataDir, ports, progress }) : existing(temporalAddress),
      withSandbox ? startSandbox({ dataDir }) : undefined,
    ], (started) => closing.push(() => started.stop()));
    progress(`Temporal is ready: ${server.how}`);

    const apiDataDir = join(dataDir, 'api');
    const env = {
      TEMPORAL_ADDRESS: server.address,
      TEMPORAL_NAMESPACE: server.namespace,
      TEMPORAL_UI_URL: server.uiUrl ?? '',
      DOCUMENTS_DIR: join(dataDir, 'documents'),
      API_DATA_DIR: apiDataDir,
      API_PORT: String(ports.api),
      ...sandbox?.env,
    };
    let report: (sentence: string) => void = () => undefined;
    const broken = new Promise<string>((resolve) => (report = resolve));
    void server.ended.then(report);
    const part = (name: PartName): StartedPart => createPart({ name, dataDir, env, report });
    const [worker, api] = [part('worker'), part('api')];
    closing.push(() => worker.stop(), () => api.stop());
    await settled([worker.start(), api.start()], () => undefined);
    progress('Worker and API are ready.');
    return { apiUrl: api.url(), server, sandbox, apiDataDir, parts: { worker, api }, broken, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Waits for all, also when one fails, so that none comes up after the others were stopped. */
async function settled<T extends readonly unknown[]>(starting: [...T], keep: (started: { stop(): Promise<void> }) => void): Promise<{ [K in keyof T]: Awaited<T[K]> }> {
  const outcomes = await Promise.allSettled(starting);
  for (const outcome of outcomes) {
    if (outcome.status === 'fulfilled' && typeof outcome.value === 'object' && outcome.value !== null) keep(outcome.value as unknown as { stop(): Promise<void> });
  }
  return outcomes.map((outcome) => {
    if (outcome.status === 'rejected') throw outcome.reason;
    return outcome.value;
  }) as { [K in keyof T]: Awaited<T[K]> };
}

async function embedded({ dataDir, ports, progress }: Pick<PlatformOptions, 'dataDir' | 'ports' | 'progress'>): Promise<Server> {
  const temporal = await startTemporal({ dataDir: join(dataDir, 'temporal'), port: ports.temporal, uiPort: ports.ui, searchAttributes, progress });
  const { address, namespace, uiUrl, how, stop, kill } = temporal;
  return { address, namespace, uiUrl, how, stop, kill, ended: temporal.exited.then(() => 'The Temporal server ended.') };
}

async function existing(address: string): Promise<Server> {
  const namespace = process.env.TEMPORAL_NAMESPACE ?? 'default';
  const connection = await Connection.connect({ address, connectTimeout: '10 seconds' }).catch((error: unknown) => {
    throw new Error(`no Temporal server answers at TEMPORAL_ADDRESS ${address}: start it, correct the address, or unset the variable to use an embedded server`, { cause: error });
  });
  try {
    await prepareNamespace(connection, { namespace, retentionDays: 30, searchAttributes, signal: AbortSignal.timeout(30_000) });
  } finally {
    await connection.close();
  }
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

interface StartedPart extends Part {
  url(): string;
}

function createPart({ name, dataDir, env, report }: { name: PartName; dataDir: string; env: Record<string, string>; report: (sentence: string) => void }): StartedPart {
  const program = { api: 'api/main', worker: 'workers/main' }[name];
  let child: Child | undefined;
  let wanted = false;
  let url: string | undefined;
  return {
    get pid() {
      return child?.pid ?? 0;
    },
    url: () => url ?? '',
    async start() {
      wanted = true;
      const started = startChild({
        name: `the ${name}`,
        command: process.execPath,
        args: programArgs(program),
        cwd: repository,
        // Started anew, the API must be found where it was.
        env: { ...env, ...(url === undefined ? {} : { API_PORT: new URL(url).port }) },
        logFile: join(dataDir, 'logs', `${name}.log`),
        ready: true,
      });
      child = started;
      void started.exited.then(() => {
        if (wanted && child === started) report(`The ${name} ended; the end of its log ${started.logFile}:\n${started.logTail()}`);
      });
      const told = await started.ready;
      if (typeof told.url === 'string') url = told.url;
    },
    async stop() {
      wanted = false;
      await child?.stop();
    },
    kill() {
      wanted = false;
      child?.kill();
    },
  };
}
