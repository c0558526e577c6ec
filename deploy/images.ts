import { execFile } from 'node:child_process';
import { accessSync, chownSync, constants, existsSync, readdirSync } from 'node:fs';
import { mkdir, rm, symlink } from 'node:fs/promises';
import { connect } from 'node:net';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { freePort } from '../platform/ports.ts';
import { buildWithGo, sqlToolWithGo } from '../temporal/build.ts';
import { writeUiConfig } from '../temporal/config.ts';
import type { Progress } from '../temporal/progress.ts';
import type { Translated } from './translate.ts';
import { volumeDirectory } from './translate.ts';

/** What a service is started by here. */
export interface Program {
  readonly command: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
}

/** What this machine has in place of the images that others make. */
export interface StandIns {
  /** A directory with Temporal's programs under the names that they have in their images. */
  readonly programs: string;
  /** Where PostgreSQL's programs are. */
  readonly postgres: string;
  readonly temporalUi: string;
}

interface Wish extends Translated {
  readonly directory: string;
  readonly standIns: StandIns;
}

const asItIs = async ({ command, environment }: Wish): Promise<Program> => ({ command, environment });

/** How the program of an image is started here; our own images by the command that stands in the file. */
export const programOf: Readonly<Record<string, (wish: Wish) => Promise<Program>>> = {
  throughline: asItIs,
  'throughline-bots': asItIs,
  'temporalio/admin-tools': asItIs,
  // The image's entry file finds out the container's address, then does the same.
  'temporalio/server': async ({ command, environment }) => ({
    command: command.flatMap((word) => (word === '/etc/temporal/entrypoint.sh' ? ['temporal-server', 'start'] : [word])),
    environment: { ...environment, ...(await otherPorts()) },
  }),
  'temporalio/ui': async ({ environment, directory, standIns }) => {
    const { TEMPORAL_ADDRESS = '', TEMPORAL_UI_PORT, TEMPORAL_DEFAULT_NAMESPACE = '' } = environment;
    await writeUiConfig({ directory: join(directory, 'ui'), port: Number(TEMPORAL_UI_PORT), address: TEMPORAL_ADDRESS, namespace: TEMPORAL_DEFAULT_NAMESPACE });
    return { command: [standIns.temporalUi, '--root', directory, '--config', 'ui', '--env', 'throughline', 'start'], environment };
  },
  postgres: async ({ environment, directory, standIns }) => {
    const { POSTGRES_USER = '', POSTGRES_PASSWORD_FILE = '' } = environment;
    const data = volumeDirectory({ directory, name: 'postgresql' });
    if (!existsSync(join(data, 'PG_VERSION'))) {
      await mkdir(data, { recursive: true });
      if (postgresUser !== undefined) chownSync(data, postgresUser.uid, postgresUser.gid);
      const [command = '', ...args] = asPostgres([join(standIns.postgres, 'initdb'), '-D', data, '-U', POSTGRES_USER, '--auth=scram-sha-256', `--pwfile=${POSTGRES_PASSWORD_FILE}`]);
      await promisify(execFile)(command, args, { cwd: directory });
    }
    return { command: asPostgres([join(standIns.postgres, 'postgres'), '-D', data, '-h', '127.0.0.1', '-k', '']), environment };
  },
};

/** What a health check asks by a program of the image's that need not be here. */
export const checkOf: Readonly<Record<string, (args: readonly string[]) => Promise<boolean>>> = {
  nc: (args) => listens(Number(args.at(-1))),
  wget: async (args) => (await fetch(args.at(-1) ?? '').catch(() => undefined))?.ok ?? false,
};

/**
 * Finds PostgreSQL, and finds or builds Temporal's programs.
 *
 * @throws Error that says what is missing
 */
export async function findStandIns({ directory, progress }: { directory: string; progress: Progress }): Promise<StandIns> {
  const postgres = findPostgres();
  if (postgres === undefined) throw new Error(noPostgres);
  const { server, ui } = await buildWithGo({ progress });
  const programs = join(directory, 'programs');
  // An earlier start on this directory may have found others.
  await rm(programs, { recursive: true, force: true });
  await mkdir(programs);
  await symlink(server, join(programs, 'temporal-server'));
  await symlink(await sqlToolWithGo({ progress }), join(programs, 'temporal-sql-tool'));
  return { programs, postgres, temporalUi: ui };
}

export const noPostgres = 'there is no PostgreSQL here: install it (Debian: apt-get install postgresql), with its programs under /usr/lib/postgresql or on the PATH';

/** The directory of PostgreSQL's programs: Debian's newest, else one on the PATH. */
export function findPostgres(): string | undefined {
  const debian = '/usr/lib/postgresql';
  const versions = existsSync(debian) ? readdirSync(debian).sort((a, b) => Number(b) - Number(a)) : [];
  const folders = [...versions.map((version) => join(debian, version, 'bin')), ...(process.env.PATH ?? '').split(delimiter)];
  return folders.find((folder) => ['initdb', 'postgres', 'pg_isready'].every((name) => isProgram(join(folder, name))));
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** PostgreSQL refuses to run as root, who has others to run it as: the user that its package makes, or nobody. */
const postgresUser = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : undefined;

function asPostgres(command: readonly string[]): readonly string[] {
  return postgresUser === undefined ? command : ['setpriv', `--reuid=${postgresUser.uid}`, `--regid=${postgresUser.gid}`, '--clear-groups', ...command];
}

/** What Temporal listens on beside its frontend: in a container nobody else wants these ports. */
async function otherPorts(): Promise<Record<string, string>> {
  const services = ['FRONTEND', 'HISTORY', 'MATCHING', 'WORKER'];
  const names = ['FRONTEND_HTTP_PORT', ...services.map((name) => `${name}_MEMBERSHIP_PORT`), ...services.slice(1).map((name) => `${name}_GRPC_PORT`)];
  return Object.fromEntries(await Promise.all(names.map(async (name) => [name, String(await freePort())] as const)));
}

function listens(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1' });
    const tell = (answer: boolean) => () => {
      socket.destroy();
      resolve(answer);
    };
    socket.once('connect', tell(true)).once('error', tell(false));
  });
}
