import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { errorMessage } from '../platform/errors.ts';
import { buildWithGo, findBuilt, goNeeded, serverVersion, uiVersion } from './build.ts';
import { cacheDirectory } from '../platform/cache.ts';
import { downloadCli, findDownloaded } from './download.ts';
import type { Progress } from './progress.ts';

export type Temporal =
  /** Temporal's CLI, whose dev server is server and Web UI in one program. */
  | { kind: 'cli'; cli: string; how: string }
  /** The official server and Web UI, built from source. */
  | { kind: 'server'; server: string; ui: string; how: string };

interface Way {
  kind: Temporal['kind'];
  /** "no Temporal …" */
  title: string;
  /** What people can do where it fails. */
  remedy: string;
  /** What is there already; never takes long. */
  find(progress: Progress): Promise<Temporal | undefined>;
  /** @throws Error that says why not */
  make(progress: Progress): Promise<Temporal>;
}

const oldestServer = { major: 1, minor: 29 };

const ways: Record<'path' | 'download' | 'build', Way> = {
  path: {
    kind: 'cli',
    title: 'on the PATH',
    remedy: 'install Temporal\'s CLI, so that "temporal" is on the PATH: https://docs.temporal.io/cli',
    async find(progress) {
      const about = await describeCli('temporal');
      if (!about) return undefined;
      if (about.tooOld) {
        progress(`the temporal on the PATH is passed over: ${about.text}; server ${oldestServer.major}.${oldestServer.minor} or newer is needed`);
        return undefined;
      }
      return { kind: 'cli', cli: 'temporal', how: `${about.text}, from the PATH` };
    },
    async make() {
      throw new Error(`there is no program "temporal" with server ${oldestServer.major}.${oldestServer.minor} or newer`);
    },
  },
  download: {
    kind: 'cli',
    title: 'by download',
    remedy: 'give access to https://temporal.download, from where the CLI is downloaded',
    async find() {
      const cli = await findDownloaded();
      return cli ? downloaded(cli) : undefined;
    },
    make: async (progress) => downloaded(await downloadCli({ progress })),
  },
  build: {
    kind: 'server',
    title: 'by a build with Go',
    remedy: `install Go ${goNeeded} or newer (https://go.dev/dl), with access to a module proxy, so that the server can be built`,
    async find() {
      const paths = await findBuilt();
      return paths && built(paths);
    },
    make: async (progress) => built(await buildWithGo({ progress })),
  },
};

/**
 * Finds or makes a Temporal server on this machine: `temporal` on the PATH, else the SDK's download of the CLI, else a build with Go. The latter
 * two are made once and kept in the cache. `THROUGHLINE_TEMPORAL=path|download|build` admits one way only; `kind` admits only
 * what can open the data at hand.
 *
 * @throws Error that tells what was tried, why each failed, and what to do
 */
export async function findTemporal({ progress, kind }: { progress: Progress; kind?: Temporal['kind'] }): Promise<Temporal> {
  const admitted = admittedWays(kind);
  for (const name of admitted) {
    const found = await ways[name].find(progress);
    if (found) return found;
  }
  const failures: string[] = [];
  for (const name of admitted) {
    try {
      return await ways[name].make(progress);
    } catch (error) {
      const failure = `no Temporal ${ways[name].title}: ${errorMessage(error)}`;
      progress(failure.split('\n', 1)[0] ?? failure);
      failures.push(failure);
    }
  }
  throw new Error(`${failures.join('\n')}
Do one of these, then start again (downloads and builds are kept in ${cacheDirectory()}; THROUGHLINE_CACHE chooses another place):
${admitted.map((name) => `- ${ways[name].remedy}`).join('\n')}`);
}

function admittedWays(kind: Temporal['kind'] | undefined): (keyof typeof ways)[] {
  const all = Object.keys(ways) as (keyof typeof ways)[];
  const choice = process.env['THROUGHLINE_TEMPORAL'] || undefined;
  const chosen = all.filter((name) => name === (choice ?? name));
  if (chosen.length === 0) throw new Error(`THROUGHLINE_TEMPORAL is "${choice}"; it can be ${all.join(', ')}, or left out`);
  const admitted = chosen.filter((name) => ways[name].kind === (kind ?? ways[name].kind));
  if (admitted.length > 0) return admitted;
  const able = all.filter((name) => ways[name].kind === kind);
  const remedy = 'Leave it out, or start with a new data directory.';
  throw new Error(`THROUGHLINE_TEMPORAL is "${choice}", but the data can be opened by ${able.join(' or ')} only. ${remedy}`);
}

async function downloaded(cli: string): Promise<Temporal> {
  const about = await describeCli(cli);
  if (!about) throw new Error(`the downloaded ${cli} does not run; delete it and start again`);
  return { kind: 'cli', cli, how: `${about.text}, downloaded to ${cli}` };
}

function built({ server, ui }: { server: string; ui: string }): Temporal {
  return { kind: 'server', server, ui, how: `server ${serverVersion} and UI ${uiVersion}, built with Go, in ${server}` };
}

/** Undefined when it is not there or is another program of that name. */
async function describeCli(cli: string): Promise<{ text: string; tooOld: boolean } | undefined> {
  const text = await promisify(execFile)(cli, ['--version'], { timeout: 10_000, env: process.env }).then(
    ({ stdout }) => stdout.trim(),
    () => '',
  );
  const [, major, minor] = /Server (\d+)\.(\d+)/.exec(text)?.map(Number) ?? [];
  if (major === undefined || minor === undefined) return undefined;
  return { text, tooOld: major < oldestServer.major || (major === oldestServer.major && minor < oldestServer.minor) };
}
