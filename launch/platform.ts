import { join } from 'node:path';
import { requireFreePort } from '../platform/ports.ts';
import { type Sandbox, startSandbox } from '../sandbox/start.ts';
import { portSettings } from '../temporal/start.ts';
import { requireBrowser } from './browser.ts';
import { takeDataDirectory } from './data-directory.ts';
import { createPart, type Part, type PartName, type StartedPart } from './part.ts';
import { embedded, existing, type Server } from './server.ts';
import { registerWebhook } from './webhook.ts';

export interface PlatformOptions {
  readonly dataDir: string;
  /** Whether the other side is brought up too. Without it the systems' addresses come from this process's environment. */
  readonly sandbox: boolean;
  /** 0 takes a free one. */
  readonly ports: { readonly api: number; readonly temporal: number; readonly ui: number };
  /** An existing Temporal server, instead of the embedded one. */
  readonly temporalAddress?: string | undefined;
  /** A worker's program to run instead of the product's own. */
  readonly workerProgram?: string | undefined;
  readonly progress: (line: string) => void;
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

/** Brings up Temporal, the sandbox, the worker and the API, and settles when all of them are ready. All of it ends with this process. */
export async function startPlatform({ dataDir, sandbox: withSandbox, ports, temporalAddress, workerProgram, progress }: PlatformOptions): Promise<Platform> {
  const lock = await takeDataDirectory(dataDir);
  const closing = [() => lock.release()];
  const stop = async (): Promise<void> => {
    for (const close of closing.splice(0).reverse()) await close();
  };
  try {
    await requirePorts({ ports, embeds: temporalAddress === undefined });
    const [server, sandbox] = await settled([
      temporalAddress === undefined ? embedded({ dataDir, ports, progress }) : existing(temporalAddress),
      withSandbox ? startSandbox({ dataDir }) : undefined,
      requireBrowser({ dataDir, progress }),
    ], (started) => closing.push(() => started.stop()));
    progress(`Temporal is ready: ${server.how}`);

    const apiDataDir = join(dataDir, 'api');
    const env = {
      TEMPORAL_ADDRESS: server.address,
      TEMPORAL_NAMESPACE: server.namespace,
      TEMPORAL_UI_URL: server.uiUrl ?? '',
      DOCUMENTS_DIR: join(dataDir, 'documents'),
      WORKER_BUNDLES_DIR: join(dataDir, 'bundles'),
      API_DATA_DIR: apiDataDir,
      API_PORT: String(ports.api),
      ...sandbox?.env,
    };
    let report: (sentence: string) => void = () => undefined;
    const broken = new Promise<string>((resolve) => (report = resolve));
    void server.ended.then(report);
    void sandbox?.broken.then(report);
    const part = (name: PartName): StartedPart => createPart({ name, program: name === 'worker' ? workerProgram : undefined, dataDir, env, report, notice: progress });
    const [worker, api] = [part('worker'), part('api')];
    closing.push(() => worker.stop(), () => api.stop());
    await settled([worker.start(), api.start()], () => undefined);
    if (sandbox) await registerWebhook({ sandbox, apiUrl: api.url(), apiDataDir });
    progress('Worker and API are ready.');
    return { apiUrl: api.url(), server, sandbox, apiDataDir, parts: { worker, api }, broken, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Before anything is started: what is refused then is refused at once. */
async function requirePorts({ ports, embeds }: { ports: PlatformOptions['ports']; embeds: boolean }): Promise<void> {
  const wishes = [
    { port: ports.api, what: 'the API', setting: 'API_PORT' },
    ...(embeds
      ? [
          { port: ports.temporal, what: 'the Temporal server', setting: portSettings.server },
          { port: ports.ui, what: "Temporal's Web UI", setting: portSettings.ui },
        ]
      : []),
  ];
  for (const wish of wishes) if (wish.port) await requireFreePort(wish);
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
