import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

export type DynamicValue = string | number | boolean;

/** Milliseconds after which each service of the server sees a change to a namespace or its search attributes. */
export const namespaceRefresh = 500;

/**
 * Temporal's dynamic settings for one box with SQLite. The defaults are those of a shared cluster, which protects its database
 * and its tenants from one another; here they only make every step wait. The names are checked by a test: the server merely
 * logs an unknown one.
 */
export const dynamicSettings: Record<string, DynamicValue> = {
  // Each shard looks for new tasks at most 20 times a second: 45 ms between two activities in a row. 17 ms when raised.
  'history.transferProcessorMaxPollRPS': 2_000,
  'history.timerProcessorMaxPollRPS': 2_000,
  // Lists lag behind by as much, and the console reads them.
  'history.visibilityProcessorMaxPollRPS': 2_000,
  // Timers fire up to this much late; the default of 1 s makes a timer of 1 ms take 1 s.
  'history.timerProcessorMaxTimeShift': '10ms',
  // 10 list or count calls a second by default: 40 counts at once took 5 to 11 s, 0.2 s when raised.
  'frontend.namespaceRPS.visibility': 10_000,
  'frontend.namespaceRPS': 100_000,
  'frontend.rps': 100_000,
  // 2 s by default, which the first start on an empty directory would wait for. Idle, the server takes no more CPU for it.
  'system.namespaceCacheRefreshInterval': `${namespaceRefresh}ms`,
};

/** What listens on loopback in the server built from source: gRPC and membership of its four services. */
export const serverPorts = [
  'frontend',
  'frontendMembership',
  'history',
  'historyMembership',
  'matching',
  'matchingMembership',
  'worker',
  'workerMembership',
] as const;
export type ServerPort = (typeof serverPorts)[number];

export interface ServerConfig {
  /** Databases and configuration files live here. */
  directory: string;
  ports: Record<ServerPort, number>;
  dynamicConfig: Record<string, DynamicValue>;
}

/** Writes the server's configuration; returns the path of its main file. */
export async function writeServerConfig({ directory, ports, dynamicConfig }: ServerConfig): Promise<string> {
  await mkdir(directory, { recursive: true });
  const dynamicFile = join(directory, 'dynamic-config.yaml');
  await writeYaml(
    dynamicFile,
    Object.fromEntries(Object.entries(dynamicConfig).map(([key, value]) => [key, [{ value }]])),
  );
  const service = (grpcPort: number, membershipPort: number) => ({ rpc: { grpcPort, membershipPort, bindOnLocalHost: true } });
  const file = join(directory, 'server.yaml');
  await writeYaml(file, {
    log: { stdout: true, level: 'warn', format: 'json' },
    persistence: {
      defaultStore: 'workflows',
      visibilityStore: 'visibility',
      // Fixed at the first start. More shards let more instances move at once; SQLite gains nothing beyond four.
      numHistoryShards: 4,
      datastores: {
        workflows: sqlite(join(directory, 'workflows.db')),
        visibility: sqlite(join(directory, 'visibility.db')),
      },
    },
    global: { membership: { maxJoinDuration: '30s', broadcastAddress: '127.0.0.1' } },
    services: {
      frontend: service(ports.frontend, ports.frontendMembership),
      history: service(ports.history, ports.historyMembership),
      matching: service(ports.matching, ports.matchingMembership),
      worker: service(ports.worker, ports.workerMembership),
    },
    clusterMetadata: {
      enableGlobalNamespace: false,
      failoverVersionIncrement: 10,
      masterClusterName: 'active',
      currentClusterName: 'active',
      clusterInformation: {
        active: { enabled: true, initialFailoverVersion: 1, rpcName: 'frontend', rpcAddress: `127.0.0.1:${ports.frontend}` },
      },
    },
    dcRedirectionPolicy: { policy: 'noop' },
    dynamicConfigClient: { filepath: dynamicFile, pollInterval: '60s' },
  });
  return file;
}

export interface UiConfig {
  directory: string;
  port: number;
  /** host:port of the server. */
  address: string;
  namespace: string;
}

/** Writes the Web UI's configuration as `<directory>/throughline.yaml`, which it finds by `--env throughline`. */
export async function writeUiConfig({ directory, port, address, namespace }: UiConfig): Promise<void> {
  await mkdir(directory, { recursive: true });
  await writeYaml(join(directory, 'throughline.yaml'), {
    temporalGrpcAddress: address,
    host: '127.0.0.1',
    port,
    enableUi: true,
    defaultNamespace: namespace,
    // It would ask the internet for news at each visit.
    disableNewsFetch: true,
  });
}

function sqlite(file: string) {
  return {
    sql: {
      pluginName: 'sqlite',
      databaseName: file,
      connectAddr: 'localhost',
      connectProtocol: 'tcp',
      connectAttributes: {
        cache: 'private',
        // Creates the schema where it is missing.
        setup: 'true',
        journal_mode: 'wal',
        // FULL: what was confirmed survives a power cut, not only a crash.
        synchronous: '2',
      },
      // SQLite has one writer; a second connection would only meet its lock.
      maxConns: 1,
      maxIdleConns: 1,
      maxConnLifetime: '1h',
    },
  };
}

/** JSON is YAML: no library is needed to write it. */
async function writeYaml(file: string, content: unknown): Promise<void> {
  await writeFile(file, `# Written by Throughline at each start; changes are lost.\n${JSON.stringify(content, null, 2)}\n`);
}
