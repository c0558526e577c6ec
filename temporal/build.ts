import { execFile } from 'node:child_process';
import { mkdir, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import { earlyExit, startChild } from '../platform/child-process.ts';
import { errorCode, errorMessage } from '../platform/errors.ts';
import { cacheDirectory } from '../platform/cache.ts';
import type { Lock } from '../platform/lock.ts';
import { tryLock } from '../platform/lock.ts';
import type { Progress } from './progress.ts';
import { ticker, watch } from './progress.ts';

interface Program {
  title: string;
  /** Its folder in the cache. */
  name: string;
  package: string;
  version: string;
  /** What to expect, for people who wait. */
  takes: string;
}

// Newer patches of both (1.32.2, 2.56) ask for Go 1.26.10.
const server: Program = {
  title: 'Temporal server',
  name: 'temporal-server',
  package: 'go.temporal.io/server/cmd/server',
  version: 'v1.32.1',
  takes: 'about 5 minutes on two cores',
};
const ui: Program = {
  title: 'Temporal Web UI',
  name: 'temporal-ui',
  package: 'github.com/temporalio/ui-server/v2/cmd/server',
  version: 'v2.55.0',
  takes: 'under a minute',
};
/** Creates and updates Temporal's tables in PostgreSQL; only who runs a server on one needs it. */
const sqlTool: Program = {
  title: "Temporal's schema tool",
  name: 'temporal-sql-tool',
  package: 'go.temporal.io/server/cmd/tools/sql',
  version: server.version,
  takes: 'under a minute where the server was built, else about 3',
};
/** What the `go.mod` of the pinned server asks for. */
export const goNeeded = '1.26.8';

export const serverVersion = server.version;
export const uiVersion = ui.version;

/** The paths of server and Web UI when both have been built before on this machine. */
export async function findBuilt(): Promise<{ server: string; ui: string } | undefined> {
  const found = { server: binary(server), ui: binary(ui) };
  return (await exists(found.server)) && (await exists(found.ui)) ? found : undefined;
}

/**
 * Builds server and Web UI with the Go toolchain, from modules that Go itself verifies by checksum, into the cache.
 *
 * @throws Error when there is no Go, when it is too old, or with the end of Go's own output
 */
export async function buildWithGo({ progress }: { progress: Progress }): Promise<{ server: string; ui: string }> {
  await requireGo();
  return { server: await build(server, progress), ui: await build(ui, progress) };
}

/** The path of the schema tool, which is built where it has not been before. @throws as `buildWithGo` */
export async function sqlToolWithGo({ progress }: { progress: Progress }): Promise<string> {
  if (!(await exists(binary(sqlTool)))) {
    await requireGo();
    await build(sqlTool, progress);
  }
  return binary(sqlTool);
}

function home({ name, version }: Program): string {
  return join(cacheDirectory(), name, `${version}-${process.platform}-${process.arch}`);
}

/** Go names a program after its package, and two of them are called `server`: each has a folder of its own. */
function binary(program: Program): string {
  return join(home(program), basename(program.package));
}

async function build(program: Program, progress: Progress): Promise<string> {
  const target = home(program);
  const lock = await waitForTurn({ program, progress });
  try {
    if (!(await exists(binary(program)))) {
      await install({ program, target, progress });
    }
  } finally {
    await lock.release();
  }
  return binary(program);
}

async function waitForTurn({ program, progress }: { program: Program; progress: Progress }): Promise<Lock> {
  const path = `${home(program)}.lock`;
  const tell = ticker(progress);
  for (;;) {
    const attempt = await tryLock(path);
    if ('lock' in attempt) return attempt.lock;
    const holder = attempt.heldBy ? `process ${attempt.heldBy.pid} on ${attempt.heldBy.host}` : 'another process';
    tell((seconds) => `${program.title}: waiting for ${holder}, which is building it; ${seconds} s`);
    await pause(200);
  }
}

async function install({ program, target, progress }: { program: Program; target: string; progress: Progress }): Promise<void> {
  const started = Date.now();
  const parent = dirname(target);
  const unfinished = `${basename(target)}.unfinished-`;
  for (const left of await readdir(parent)) {
    // Of a build that was killed; the lock says that nobody is at it now.
    if (left.startsWith(unfinished)) await rm(join(parent, left), { recursive: true, force: true });
  }
  const directory = join(parent, `${unfinished}${process.pid}`);
  await mkdir(directory);
  const logFile = `${target}.log`;
  await rm(logFile, { force: true });
  progress(`${program.title} ${program.version}: building it with Go, once on this machine; ${program.takes}`);
  const go = startChild({
    name: `go install ${program.package}@${program.version}`,
    command: 'go',
    args: ['install', '-v', '-ldflags', '-s -w', `${program.package}@${program.version}`],
    // Outside of any Go module, whose own settings could interfere.
    cwd: directory,
    env: { GOBIN: directory, GOTOOLCHAIN: toolchain(), GO111MODULE: 'on', GOWORK: 'off' },
    logFile,
  });
  const tell = ticker(progress);
  const exit = await watch(go.exited, async () => {
    const counts = await countLines(logFile);
    tell((seconds) => `${program.title}: ${counts}, ${seconds} s`);
  });
  if (exit.code !== 0) throw earlyExit(go, exit);
  await rm(target, { recursive: true, force: true });
  await rename(directory, target);
  progress(`${program.title} ${program.version}: built in ${Math.round((Date.now() - started) / 1000)} s`);
}

/** `go install -v` writes a line for each package that it compiles, and one for each module that it downloads. */
async function countLines(logFile: string): Promise<string> {
  const lines = (await readFile(logFile, 'utf8')).split('\n').filter((line) => line !== '');
  const downloaded = lines.filter((line) => line.startsWith('go: downloading')).length;
  return `${downloaded} modules downloaded, ${lines.length - downloaded} packages compiled`;
}

/** Go fetches no newer toolchain on its own here, unless it is told to: that is 200 MB which nobody asked for. */
function toolchain(): string {
  return process.env['GOTOOLCHAIN'] ?? 'local';
}

async function requireGo(): Promise<void> {
  const version = await promisify(execFile)('go', ['env', 'GOVERSION'], { env: { ...process.env, GOTOOLCHAIN: 'local' } }).then(
    ({ stdout }) => stdout.trim(),
    (error: unknown) => {
      const why = errorCode(error) === 'ENOENT' ? 'there is no Go on the PATH' : `Go does not run: ${errorMessage(error)}`;
      throw new Error(why, { cause: error });
    },
  );
  if (toolchain() === 'local' && older(version, goNeeded)) {
    throw new Error(`Go is too old: ${version} is on the PATH, ${goNeeded} is needed (GOTOOLCHAIN=auto lets Go fetch a newer one)`);
  }
}

function older(have: string, need: string): boolean {
  const [a, b] = [have, need].map((version) => (/(\d+)\.(\d+)\.?(\d*)/.exec(version) ?? []).slice(1).map(Number));
  if (!a || !b) return false;
  const at = b.findIndex((part, index) => part !== a[index]);
  return at !== -1 && (a[at] ?? 0) < (b[at] ?? 0);
}

async function exists(file: string): Promise<boolean> {
  return (await stat(file).catch(() => undefined))?.isFile() ?? false;
}
