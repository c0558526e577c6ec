import { execFile } from 'node:child_process';
import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import { type Child, earlyExit, startChild } from '../platform/child-process.ts';
import { errorMessage } from '../platform/errors.ts';
import { freePort } from '../platform/ports.ts';
import { repository } from '../platform/repository.ts';
import type { Progress } from '../temporal/progress.ts';
import { type Compose, type ComposeService, readCompose } from './compose.ts';
import { checkOf, findStandIns, programOf, type StandIns } from './images.ts';
import { type Place, secretFile, type Surroundings, translate, volumeDirectory } from './translate.ts';

export interface TopologyOptions {
  /** For volumes, secrets and logs; an empty one, or one of an earlier topology, whose volumes it takes over. */
  readonly directory: string;
  /** What would stand in `.env`. */
  readonly variables: Readonly<Record<string, string>>;
  /** What would stand in the secrets' files, by secret. */
  readonly secrets: Readonly<Record<string, string>>;
  /** As `docker compose up --scale` has it: how many processes of a service; one by default. */
  readonly scale?: Readonly<Record<string, number>>;
  /** Starts these services and what they depend on; all by default. */
  readonly only?: readonly string[];
  readonly code: Surroundings['code'];
  readonly progress: Progress;
}

export interface Replica {
  /** `api`, `api-2`, … */
  readonly name: string;
  readonly service: string;
  readonly child: Child;
  /** 127.0.0.1 and the port that stands for this one of its container's. */
  address(containerPort: string): string;
}

export interface Topology {
  readonly replicas: readonly Replica[];
  of(service: string): readonly Replica[];
  volume(name: string): string;
  /** Settles with a sentence when a process ended that should run on; never rejects. */
  readonly broken: Promise<string>;
  stop(): Promise<void>;
}

/** Milliseconds until a service must be healthy or done; two cores start a dozen processes. */
const patience = 180_000;

/** Starts what docker-compose.yml describes as processes of this machine, in the order of its `depends_on`, and settles when every health check is content. */
export async function startTopology(options: TopologyOptions): Promise<Topology> {
  const { directory, variables, secrets, scale = {}, only, code, progress } = options;
  const compose = await readCompose({ variables });
  await layOut({ compose, directory, secrets });
  const standIns = await findStandIns({ directory, progress });
  const placesOf: Record<string, readonly Place[]> = {};
  for (const [name, service] of Object.entries(compose.services)) placesOf[name] = await Promise.all(Array.from({ length: scale[name] ?? 1 }, () => placeFor(service)));
  const surroundings: Surroundings = { compose, places: Object.fromEntries(Object.entries(placesOf).map(([name, [first]]) => [name, first ?? { ports: {} }])), directory, repository, code };

  const replicas: Replica[] = [];
  let stopping = false;
  let report: (sentence: string) => void = () => undefined;
  const broken = new Promise<string>((resolve) => (report = resolve));
  const lost: string[] = [];
  const stop = async (): Promise<void> => {
    stopping = true;
    // Those that depend on others were started after them.
    for (const { child } of replicas.splice(0).reverse()) await child.stop();
  };

  const starting = new Map<string, Promise<void>>();
  const start = (name: string): Promise<void> => {
    const known = starting.get(name);
    if (known) return known;
    const service = compose.services[name];
    if (!service) throw new Error(`docker-compose.yml: a service depends on "${name}", which is not there`);
    const begun = Promise.all(Object.keys(service.depends_on).map(start)).then(async () => {
      await Promise.all((placesOf[name] ?? []).map((own, at) => startReplica({ service, own, names: { service: name, replica: at === 0 ? name : `${name}-${at + 1}` } })));
      progress(`${name}: ${service.healthcheck ? 'healthy' : 'done'}${(scale[name] ?? 1) > 1 ? `, ${scale[name]} of them` : ''}`);
    });
    starting.set(name, begun);
    return begun;
  };
  const startReplica = async ({ service, own, names }: { service: ComposeService; own: Place; names: { service: string; replica: string } }): Promise<void> => {
    const translated = translate({ service, own, surroundings });
    const image = service.image.replace(/:[^:]*$/, '');
    const program = await programOf[image]?.({ ...translated, directory, standIns });
    if (!program) throw new Error(`docker-compose.yml: ${names.service} has the image ${image}, for which deploy/images.ts knows no program here`);
    const [command = '', ...args] = program.command;
    const environment = bare({ environment: program.environment, standIns });
    const child = startChild({ name: names.replica, command, args, cwd: repository, env: environment, logFile: join(directory, 'logs', `${names.replica}.log`) });
    replicas.push({ name: names.replica, service: names.service, child, address: (port) => `127.0.0.1:${own.ports[port] ?? port}` });
    if (!translated.healthcheck) return untilDone(child);
    await untilHealthy({ child, test: translated.healthcheck, environment });
    void child.exited.then((exit) => {
      if (stopping) return;
      lost.push(earlyExit(child, exit).message);
      report(lost.join('\n'));
    });
  };

  const outcomes = await Promise.allSettled((only ?? Object.keys(compose.services)).map(start));
  const failed = outcomes.find((outcome) => outcome.status === 'rejected');
  if (failed) {
    await stop();
    // What could not start may have died of another that was healthy before.
    throw lost.length === 0 ? failed.reason : new Error([errorMessage(failed.reason), ...lost].join('\n'), { cause: failed.reason });
  }
  return { replicas, of: (service) => replicas.filter((one) => one.service === service), volume: (name) => volumeDirectory({ directory, name }), broken, stop };
}

async function placeFor({ expose }: ComposeService): Promise<Place> {
  return { ports: Object.fromEntries(await Promise.all(expose.map(async (port) => [port, await freePort()] as const))) };
}

async function layOut({ compose, directory, secrets }: { compose: Compose; directory: string; secrets: Readonly<Record<string, string>> }): Promise<void> {
  // Another user's process looks for its volume and its secret in here; others see no list of it.
  await chmod(directory, 0o711);
  for (const folder of ['volumes', 'secrets', 'logs']) await mkdir(join(directory, folder), { recursive: true, mode: 0o711 });
  for (const name of Object.keys(compose.volumes)) await mkdir(volumeDirectory({ directory, name }), { recursive: true });
  for (const name of Object.keys(compose.secrets)) {
    const secret = secrets[name];
    if (secret === undefined) throw new Error(`the secret ${name} of docker-compose.yml is not given`);
    await writeFile(secretFile({ directory, name }), `${secret}\n`, { mode: 0o644 });
  }
}

/** What a process of a container finds in its environment, and nothing of ours: what it needs must stand in docker-compose.yml. */
function bare({ environment, standIns }: { environment: Readonly<Record<string, string>>; standIns: StandIns }): Record<string, string | undefined> {
  const { PATH = '', HOME, TMPDIR, LANG, THROUGHLINE_BROWSER } = process.env;
  const nothing = Object.fromEntries(Object.keys(process.env).map((name) => [name, undefined]));
  return { ...nothing, PATH: [standIns.programs, standIns.postgres, PATH].join(':'), HOME, TMPDIR, LANG, THROUGHLINE_BROWSER, ...environment };
}

async function untilDone(child: Child): Promise<void> {
  const timer = setTimeout(() => child.kill(), patience);
  const exit = await child.exited;
  clearTimeout(timer);
  if (exit.code !== 0) throw earlyExit(child, exit);
}

async function untilHealthy({ child, test, environment }: { child: Child; test: readonly string[]; environment: Record<string, string | undefined> }): Promise<void> {
  const until = Date.now() + patience;
  const [command = '', ...args] = test;
  const ask = checkOf[command] ?? ((words: readonly string[]) => succeeds({ command, args: words, environment }));
  let ended = false;
  void child.exited.then(() => (ended = true));
  while (!(await ask(args))) {
    if (ended) throw earlyExit(child, await child.exited);
    if (Date.now() > until) throw new Error(`${child.name} is not healthy after ${patience / 1_000} s (${test.join(' ')}); the end of its log:\n${child.logTail()}`);
    await pause(300);
  }
}

function succeeds({ command, args, environment }: { command: string; args: readonly string[]; environment: Record<string, string | undefined> }): Promise<boolean> {
  return promisify(execFile)(command, args, { cwd: repository, env: environment, timeout: 20_000 }).then(
    () => true,
    () => false,
  );
}
