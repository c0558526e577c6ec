import { chmod, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { findTemporal } from '../../temporal/find.ts';

describe('the Temporal server', () => {
  const environment = { ...process.env };
  let directory: string;
  let lines: string[];
  const progress = (line: string) => lines.push(line);

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'throughline-find-'));
    lines = [];
    process.env['THROUGHLINE_CACHE'] = join(directory, 'cache');
    // A machine with nothing on it but its basic commands, and without internet.
    process.env['PATH'] = `${join(directory, 'bin')}:/usr/bin:/bin`;
    process.env['HTTPS_PROXY'] = 'http://127.0.0.1:1';
    delete process.env['THROUGHLINE_TEMPORAL'];
    delete process.env['GOTOOLCHAIN'];
    await mkdir(join(directory, 'bin'));
    // The basic commands' folders may hold a Go or a Temporal of their own.
    await program('temporal', 'exit 1');
    await program('go', 'echo go1.20.1');
  });
  afterEach(async () => {
    for (const name of ['THROUGHLINE_CACHE', 'PATH', 'HTTPS_PROXY', 'THROUGHLINE_TEMPORAL', 'GOTOOLCHAIN']) {
      if (environment[name] === undefined) delete process.env[name];
      else process.env[name] = environment[name];
    }
    await rm(directory, { recursive: true, force: true });
  });

  async function program(name: string, script: string): Promise<void> {
    const file = join(directory, 'bin', name);
    await writeFile(file, `#!/bin/sh\n${script}\n`);
    await chmod(file, 0o755);
  }

  /** A Go that takes half a second to "install" a program and keeps a list of what it was asked to. */
  const installingGo = `
if [ "$1" = env ]; then echo go1.99.0; exit; fi
echo "$*" >> ${'$'}{0%/*}/../asked
sleep 0.5
printf '#!/bin/sh\\necho built\\n' > "$GOBIN/server"
chmod 755 "$GOBIN/server"`;

  it('is the CLI on the PATH when that is new enough', async () => {
    await program('temporal', 'echo "temporal version 1.5.1 (Server 1.29.1, UI 2.42.1)"');
    await expect(findTemporal({ progress })).resolves.toEqual({
      kind: 'cli',
      cli: 'temporal',
      how: 'temporal version 1.5.1 (Server 1.29.1, UI 2.42.1), from the PATH',
    });
  });

  it('that cannot be had is explained: what was tried, why it failed, and what to do', async () => {
    await program('temporal', 'echo "temporal version 1.1.0 (Server 1.25.0, UI 2.30.0)"');
    const failure = await findTemporal({ progress }).catch((error: Error) => error.message);
    expect(lines[0]).toBe('the temporal on the PATH is passed over: temporal version 1.1.0 (Server 1.25.0, UI 2.30.0); server 1.29 or newer is needed');
    expect(failure).toContain('no Temporal on the PATH: there is no program "temporal" with server 1.29 or newer');
    expect(failure).toMatch(/no Temporal by download: .*temporal\.download/);
    expect(failure).toContain('no Temporal by a build with Go: Go is too old: go1.20.1 is on the PATH, 1.26.8 is needed');
    expect(failure).toMatch(/Do one of these.*\n- install Temporal's CLI.*\n- give access to .*\n- install Go 1\.26\.8 or newer/);
  });

  it('is built once when two processes want it at the same time', async () => {
    await program('go', installingGo);
    process.env['THROUGHLINE_TEMPORAL'] = 'build';
    const [one, other] = await Promise.all([findTemporal({ progress }), findTemporal({ progress })]);
    expect(one).toEqual(other);
    expect(one).toMatchObject({ kind: 'server', server: expect.stringContaining(join('temporal-server', 'v1.32.1-')), ui: expect.stringContaining('temporal-ui') });
    const asked = (await readFile(join(directory, 'asked'), 'utf8')).trim().split('\n');
    expect(asked).toEqual([
      'install -v -ldflags -s -w go.temporal.io/server/cmd/server@v1.32.1',
      'install -v -ldflags -s -w github.com/temporalio/ui-server/v2/cmd/server@v2.55.0',
    ]);
  });

  it('leaves nothing half-built behind when the build fails, and quotes Go', async () => {
    process.env['THROUGHLINE_TEMPORAL'] = 'build';
    await program('go', 'if [ "$1" = env ]; then echo go1.99.0; exit; fi\necho "no space left on device"; exit 1');
    await expect(findTemporal({ progress })).rejects.toThrow(/go install go\.temporal\.io\/server.* ended with code 1; .*\nno space left on device\n/);

    await program('go', installingGo);
    await expect(findTemporal({ progress })).resolves.toMatchObject({ kind: 'server' });
    const left = await readdir(join(directory, 'cache', 'temporal-server'));
    expect(left.filter((name) => name.includes('unfinished') || name.endsWith('.lock'))).toEqual([]);
  });

  it('is not built when data must be opened that another one made', async () => {
    await program('go', installingGo);
    await expect(findTemporal({ progress, kind: 'cli' })).rejects.toThrow(/^no Temporal on the PATH: .*\nno Temporal by download: .*\nDo one of these/);
    process.env['THROUGHLINE_TEMPORAL'] = 'build';
    await expect(findTemporal({ progress, kind: 'cli' })).rejects.toThrow('THROUGHLINE_TEMPORAL is "build", but the data can be opened by path or download only');
  });

  it('cannot be asked for in a way that does not exist', async () => {
    process.env['THROUGHLINE_TEMPORAL'] = 'docker';
    await expect(findTemporal({ progress })).rejects.toThrow('THROUGHLINE_TEMPORAL is "docker"; it can be path, download, build, or left out');
  });
});
