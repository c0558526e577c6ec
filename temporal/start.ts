import { connect } from 'node:net';
import { Connection } from '@temporalio/client';
import type { Child, Exit } from '../platform/child-process.ts';
import { earlyExit } from '../platform/child-process.ts';
import { freePort, portInUse, requireFreePort } from '../platform/ports.ts';
import type { DynamicValue } from './config.ts';
import { dynamicSettings, serverPorts } from './config.ts';
import type { DataDirectory } from './data-directory.ts';
import { openDataDirectory } from './data-directory.ts';
import { findTemporal } from './find.ts';
import type { SearchAttributeType } from './namespace.ts';
import { ordinaryRetention, prepareNamespace, until } from './namespace.ts';
import type { Plan } from './programs.ts';
import { launchCli, launchServer } from './programs.ts';
import type { Progress } from './progress.ts';

export interface TemporalOptions {
  /** Databases, configuration and logs; made where it is missing. */
  dataDir: string;
  /** gRPC port; 0, the default: the last start's where it is free, else any. */
  port?: number;
  /** Port of the Web UI, likewise. */
  uiPort?: number;
  ui?: boolean;
  namespace?: string;
  /** How long closed workflow executions are kept, in days; default 30. */
  retentionDays?: number;
  searchAttributes?: Record<string, SearchAttributeType>;
  /** Added to `dynamicSettings`. */
  dynamicConfig?: Record<string, DynamicValue>;
  /** Gets a line at times while the server has to be made. */
  progress?: Progress;
}

export interface EmbeddedTemporal {
  /** host:port of the gRPC service, on loopback. */
  address: string;
  namespace: string;
  uiUrl?: string;
  /** Which server it is and where it came from, for people. */
  how: string;
  /** The server's process. */
  pid: number;
  /** Settles when the server has ended, wanted or not, and its data directory can be opened again. */
  exited: Promise<Exit>;
  /** Ends it in order, within 5 s. */
  stop(): Promise<void>;
  /** Ends it as a crash would. */
  kill(): void;
}

/** The environment variables that choose the ports, for messages. */
export const portSettings = { server: 'THROUGHLINE_TEMPORAL_PORT', ui: 'THROUGHLINE_UI_PORT' };

const readyWithin = 60_000;
// What was confirmed is on the disk, so a server that still waits for its clients to leave loses nothing by a kill.
const stopGrace = 5_000;

/**
 * Starts a Temporal server of its own on loopback, with its data in `dataDir`, and settles when workflows can be started in the
 * namespace and found by its search attributes. It ends with this process, however that ends.
 *
 * @throws Error that says what is wrong and what to do: the directory, a port, no server to be had, or the end of the server's log
 */
export async function startTemporal(options: TemporalOptions): Promise<EmbeddedTemporal> {
  const directory = await openDataDirectory(options.dataDir);
  try {
    return await startIn(directory, options);
  } catch (error) {
    await directory.lock.release();
    throw error;
  }
}

async function startIn(directory: DataDirectory, options: TemporalOptions): Promise<EmbeddedTemporal> {
  const { ui = true, namespace = 'default', progress = () => undefined } = options;
  const ports = await choosePorts(directory, options);
  const temporal = await findTemporal({ progress, kind: directory.memory?.kind });
  const { kind, how } = temporal;
  const before = directory.memory?.how ?? how;
  if (before !== how) progress(`the data in ${directory.path} were last opened by ${before}; now by ${how}`);
  await directory.remember({ kind, how, ports });

  const plan: Plan = {
    directory: directory.path,
    namespace,
    ports,
    uiPort: ui ? ports.ui : undefined,
    dynamicConfig: { ...dynamicSettings, ...options.dynamicConfig },
  };
  const { server, startUi } = temporal.kind === 'cli' ? await launchCli({ ...plan, temporal }) : await launchServer({ ...plan, temporal });
  let uiProcess: Child | undefined;
  const exited = server.exited.then(async (exit) => {
    uiProcess?.kill();
    await uiProcess?.exited;
    await directory.lock.release();
    return exit;
  });
  const kill = () => server.kill();
  try {
    await whileRunning(server, async (signal) => {
      await until(() => answers(ports.frontend), signal);
      uiProcess = startUi?.();
      const uiAnswers = ui ? until(() => answers(ports.ui), signal) : undefined;
      await Promise.all([
        prepare({ ports, namespace, options, signal }),
        uiProcess ? Promise.race([uiAnswers, failWhenEnded(uiProcess)]) : uiAnswers,
      ]);
    });
  } catch (error) {
    kill();
    await exited;
    throw error;
  }
  return {
    address: `127.0.0.1:${ports.frontend}`,
    namespace,
    uiUrl: ui ? `http://127.0.0.1:${ports.ui}` : undefined,
    how,
    pid: server.pid,
    exited,
    async stop() {
      // It keeps nothing, and would wait 10 s for browsers that have it open.
      uiProcess?.kill();
      await server.stop(stopGrace);
      await exited;
    },
    kill,
  };
}

type Ports = Plan['ports'] & { ui: number };

async function choosePorts({ memory }: DataDirectory, { port = 0, uiPort = 0, ui = true }: TemporalOptions): Promise<Ports> {
  if (port) await requireFreePort({ port, what: 'the Temporal server', setting: portSettings.server });
  if (ui && uiPort) await requireFreePort({ port: uiPort, what: "Temporal's Web UI", setting: portSettings.ui });
  const given: Record<string, number> = { frontend: port, ui: uiPort };
  const choose = async (name: string) => {
    if (given[name]) return given[name];
    const last = memory?.ports[name];
    let chosen = last && !(await portInUse(last)) ? last : await freePort();
    // Given to another service this time.
    while (chosen === port || chosen === uiPort) chosen = await freePort();
    return chosen;
  };
  const names = [...serverPorts, 'ui'] as const;
  const chosen = await Promise.all(names.map(async (name) => [name, await choose(name)]));
  return Object.fromEntries(chosen) as Ports;
}

interface Preparation {
  ports: Ports;
  namespace: string;
  options: TemporalOptions;
  signal: AbortSignal;
}

async function prepare({ ports, namespace, options, signal }: Preparation): Promise<void> {
  const connection = await Connection.connect({ address: `127.0.0.1:${ports.frontend}`, connectTimeout: readyWithin });
  try {
    const { retentionDays = ordinaryRetention, searchAttributes = {} } = options;
    await prepareNamespace(connection, { namespace, retentionDays, searchAttributes, signal });
  } finally {
    await connection.close();
  }
}

/** Rejects with the end of the server's log when it ends before the work is done, or when that takes over a minute. */
async function whileRunning(server: Child, work: (signal: AbortSignal) => Promise<void>): Promise<void> {
  const over = new AbortController();
  const deadline = setTimeout(() => over.abort(), readyWithin);
  const ended = failWhenEnded(server);
  try {
    await Promise.race([work(over.signal), ended]);
  } catch (error) {
    if (!over.signal.aborted) throw error;
    const tail = `the end of ${server.logFile} says:\n${server.logTail()}`;
    throw new Error(`the Temporal server was not ready after ${readyWithin / 1000} s; ${tail}`, { cause: error });
  } finally {
    clearTimeout(deadline);
    over.abort();
  }
}

/** Rejects when the child ends; that nobody waits for it any more by then is all right. */
function failWhenEnded(child: Child): Promise<never> {
  const failure = child.exited.then((exit) => {
    throw earlyExit(child, exit);
  });
  failure.catch(() => undefined);
  return failure;
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1' });
    const tell = (answer: boolean) => () => {
      socket.destroy();
      resolve(answer);
    };
    socket.once('connect', tell(true)).once('error', tell(false));
  });
}
