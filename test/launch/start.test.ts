import { spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createApiUser } from '../../demo/api-client.ts';
import { repository } from '../../platform/repository.ts';
import { inBash } from '../readme/shell.ts';
import { blocksOf, readText } from '../readme/snippets.ts';
import { type RunningCommand, startCommand } from './command.ts';

/** What `npm start` prints once everything is there. */
interface Greeting {
  readonly api: string;
  readonly tokens: Readonly<Record<string, string>>;
  readonly text: string;
}

let directory: string;
let dataDir: string;
let runs = 0;

/** `npm start` on free ports; `env` may say otherwise. */
function start({ args = [], env = {} }: { args?: readonly string[]; env?: Record<string, string | undefined> } = {}): RunningCommand {
  const ports = { API_PORT: '0', THROUGHLINE_TEMPORAL_PORT: '0', THROUGHLINE_UI_PORT: '0' };
  runs += 1;
  return startCommand({ program: 'launch/start', args, env: { ...ports, THROUGHLINE_DATA: dataDir, TEMPORAL_ADDRESS: undefined, ...env }, directory, name: `start-${runs}` });
}

const greetingOf = (running: RunningCommand): Promise<Greeting> =>
  running.until((text) => {
    const api = /^API +(http:\S+)$/m.exec(text)?.[1];
    if (api === undefined || !text.includes('Ctrl-C')) return undefined;
    const tokens = Object.fromEntries([...text.matchAll(/^ {2}(\w+) +(tl_\S+)/gm)].map(([, user = '', token = '']) => [user, token] as const));
    return { api, tokens, text };
  });

/** The processes that a process has started, theirs included. */
function descendantsOf(pid: number): readonly number[] {
  const lines = spawnSync('ps', ['-e', '-o', 'pid=,ppid='], { encoding: 'utf8' }).stdout.trim().split('\n');
  const all = lines.map((line) => line.trim().split(/\s+/).map(Number));
  const childrenOf = (parent: number): readonly number[] => all.filter(([, ppid]) => ppid === parent).flatMap(([own = 0]) => [own, ...childrenOf(own)]);
  return childrenOf(pid);
}

function pidOf({ program, among }: { program: string; among: readonly number[] }): number {
  const line = alive(among).find((each) => each.includes(program));
  if (line === undefined) throw new Error(`none of them is ${program}:\n${alive(among).join('\n')}`);
  return Number.parseInt(line, 10);
}

/** Which of these processes are still there; one that has ended and waits for its parent to notice is not. */
function alive(pids: readonly number[]): readonly string[] {
  const { stdout } = spawnSync('ps', ['-o', 'pid=,stat=,args=', '-p', pids.join(',')], { encoding: 'utf8' });
  return stdout.split('\n').filter((line) => line.trim() !== '' && !/^\s*\d+\s+Z/.test(line));
}

async function untilNoneIs(pids: readonly number[]): Promise<void> {
  const began = Date.now();
  while (alive(pids).length > 0) {
    if (Date.now() - began > 20_000) throw new Error(`left running:\n${alive(pids).join('\n')}`);
  }
}

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'throughline-launch-'));
  dataDir = join(directory, 'data');
});
afterAll(() => rm(directory, { recursive: true, force: true }));

describe('npm start', () => {
  let running: RunningCommand;
  let greeting: Greeting;
  let id: string;

  beforeAll(async () => {
    running = start();
    greeting = await greetingOf(running);
  });
  afterAll(async () => {
    running.kill();
    await running.exited;
  });

  it('tells where everything is, with tokens for an operator and two users of different groups', async () => {
    expect(greeting.text).toMatch(/^API docs +http:.*\/api\/docs$/m);
    expect(greeting.text).toMatch(/^Temporal UI +http:/m);
    expect(greeting.text).toMatch(/^Legacy ERP +http:/m);
    const me = (user: string) => createApiUser({ apiUrl: greeting.api.replace(/\/api$/, ''), token: greeting.tokens[user] ?? '' }).get<{ user: string; roles: string[]; groups: string[] }>('/me');
    expect(await me('olga')).toMatchObject({ user: 'olga', roles: expect.arrayContaining(['operator']) });
    expect(await me('petra')).toMatchObject({ user: 'petra', groups: ['accounts-payable'] });
    expect(await me('felix')).toMatchObject({ user: 'felix', groups: ['finance'] });
  });

  it('takes an invoice', async () => {
    const petra = createApiUser({ apiUrl: greeting.api.replace(/\/api$/, ''), token: greeting.tokens.petra ?? '' });
    const document = await petra.upload<object>('/documents', await readFile(join(repository, 'samples/documents/06-over-order.pdf')));
    ({ id } = await petra.post<{ id: string }>('/processes/supplierInvoice/instances', { input: { document } }));
  });

  it('refuses a second start on the same data, and says who has them', async () => {
    const second = start();
    expect(await second.exited).toMatchObject({ code: 1 });
    const complaint = await second.complaints();
    expect(complaint).toContain(`${dataDir} is in use by process ${running.pid}`);
    expect(complaint).toContain('THROUGHLINE_DATA');
    expect(await second.printed()).toBe('');
  });

  it.each([
    { setting: 'API_PORT', what: 'the API' },
    { setting: 'THROUGHLINE_TEMPORAL_PORT', what: 'the Temporal server' },
    { setting: 'THROUGHLINE_UI_PORT', what: "Temporal's Web UI" },
  ])('refuses a port that is in use, and names $setting', async ({ setting, what }) => {
    const port = new URL(greeting.api).port;
    const second = start({ env: { THROUGHLINE_DATA: join(directory, setting), [setting]: port } });
    expect(await second.exited).toMatchObject({ code: 1 });
    const complaint = await second.complaints();
    expect(complaint).toContain(`port ${port} is in use, but ${what} is to listen there`);
    expect(complaint).toContain(setting);
  });

  it('ends at Ctrl-C with 0, and leaves no process behind', async () => {
    const started = descendantsOf(running.pid);
    // Temporal and its Web UI, ten systems, worker and API, each with a watchdog.
    expect(started.length).toBeGreaterThanOrEqual(14);
    running.interrupt();
    expect(await running.exited).toEqual({ code: 0, signal: null });
    await untilNoneIs(started);
  });

  it('is saved and put back by the commands of docs/operating.md', async () => {
    const [script = ''] = blocksOf({ text: await readText('docs/operating.md'), language: 'bash', part: 'embedded' });
    const { ino: before } = await stat(dataDir);
    expect(await inBash({ script: script.replaceAll('.throughline/data', 'data'), env: {}, directory })).toMatchObject({ code: 0, err: '' });
    // The next start works on the copy.
    expect((await stat(dataDir)).ino).not.toBe(before);
  });

  it('finds its data at the next start, here without the sandbox; ends with 1 when a part of it ends', async () => {
    const next = start({ args: ['--no-sandbox'] });
    try {
      const { api, tokens, text } = await greetingOf(next);
      expect(text).not.toContain('Legacy ERP');
      const as = (token: string | undefined) => createApiUser({ apiUrl: api.replace(/\/api$/, ''), token: token ?? '' });
      expect(await as(tokens.olga).get(`/instances/${encodeURIComponent(id)}`)).toMatchObject({ id, startedBy: 'petra' });
      await expect(as(greeting.tokens.olga).get('/me')).rejects.toMatchObject({ problem: { status: 401 } });

      const started = descendantsOf(next.pid);
      process.kill(pidOf({ program: 'workers/main', among: started }), 'SIGKILL');
      expect(await next.exited).toEqual({ code: 1, signal: null });
      expect(await next.complaints()).toContain('The worker ended; the end of its log');
      await untilNoneIs(started);
    } finally {
      next.kill();
    }
  });
});

describe('npm start, while it comes up', () => {
  it.each([
    { what: 'Ctrl-C', signal: 'SIGINT', exit: { code: 130, signal: null } },
    { what: 'kill -9', signal: 'SIGKILL', exit: { code: null, signal: 'SIGKILL' } },
  ] as const)('ends at $what at once, and leaves no process behind', async ({ signal, exit }) => {
    const running = start({ env: { THROUGHLINE_DATA: join(directory, signal) } });
    try {
      let started: readonly number[] = [];
      // Some of what it starts is there, and not all.
      while (started.length < 4) started = descendantsOf(running.pid);
      process.kill(running.pid, signal);
      expect(await running.exited).toEqual(exit);
      await untilNoneIs(started);
      expect(await running.printed()).toBe('');
    } finally {
      running.kill();
    }
  });
});

describe('npm start, where it cannot', () => {
  it.each([
    { what: 'a data directory that cannot be made', env: async () => ({ THROUGHLINE_DATA: join(await aFile(), 'data') }), says: ['cannot be written', 'THROUGHLINE_DATA'] },
    { what: 'a port that is none', env: async () => ({ API_PORT: 'seven' }), says: ['API_PORT is "seven"', '65535'] },
    { what: 'a Temporal server that does not answer', env: async () => ({ TEMPORAL_ADDRESS: '127.0.0.1:9' }), says: ['127.0.0.1:9', 'TEMPORAL_ADDRESS'] },
    { what: 'a browser that is not there', env: async () => ({ THROUGHLINE_BROWSER: '/nowhere/chromium' }), says: ['/nowhere/chromium', 'THROUGHLINE_BROWSER'] },
    { what: 'no Temporal, no Go and no internet', env: bareMachine, says: ['no Temporal on the PATH', 'no Temporal by download', 'Go is too old', 'Do one of these', 'install Go'] },
  ])('says what is wrong with $what, and what to do', async ({ env, says }) => {
    const failing = start({ env: { THROUGHLINE_DATA: join(directory, 'other'), ...(await env()) } });
    expect(await failing.exited).toMatchObject({ code: 1 });
    const complaint = await failing.complaints();
    for (const words of says) expect(complaint).toContain(words);
    expect(complaint).not.toContain('    at ');
    expect(await failing.printed()).toBe('');
  });

  it('refuses an option that it does not know', async () => {
    const failing = start({ args: ['--sandbocks'] });
    expect(await failing.exited).toMatchObject({ code: 1 });
    expect(await failing.complaints()).toContain('--sandbocks');
  });
});

/** A machine on which Temporal can neither be found nor downloaded nor built. */
async function bareMachine(): Promise<Record<string, string>> {
  const programs = join(directory, 'programs');
  await mkdir(programs);
  for (const [name, script] of [['temporal', 'exit 1'], ['go', 'echo go1.20.1']] as const) await writeFile(join(programs, name), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  // Named, so that none is unpacked into the empty cache.
  const browser = { THROUGHLINE_BROWSER: '/bin/sh' };
  return { ...browser, THROUGHLINE_DATA: join(directory, 'first-data'), PATH: `${programs}:/usr/bin:/bin`, THROUGHLINE_CACHE: join(directory, 'empty-cache'), HTTPS_PROXY: 'http://127.0.0.1:1' };
}

/** A file where a directory should be. */
async function aFile(): Promise<string> {
  const file = join(directory, 'a-file');
  await writeFile(file, '');
  return file;
}
