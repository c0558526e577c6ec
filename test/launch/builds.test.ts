import { readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type ApiUser, createApiUser } from '../../demo/api-client.ts';
import type { InstanceView } from '../../visibility/instance-view.ts';
import { type RunningCommand, startCommand } from './command.ts';
import { copyOfRepository } from './copy.ts';
import { contract, flowOf } from './holiday.ts';

let copy: string;
let running: Platform | undefined;
let runs = 0;
/** Milliseconds. */
const patience = 90_000;

interface Platform {
  readonly command: RunningCommand;
  readonly olga: ApiUser;
  readonly felix: ApiUser;
  /** Of Temporal. */
  readonly address: string;
}

/** `npm start` on what the copy holds now. */
async function start(options: readonly string[] = []): Promise<Platform> {
  const ports = { API_PORT: '0', THROUGHLINE_TEMPORAL_PORT: '0', THROUGHLINE_UI_PORT: '0' };
  runs += 1;
  const command = startCommand({ program: 'launch/start', args: ['--no-sandbox', ...options], env: { ...ports, TEMPORAL_ADDRESS: undefined, THROUGHLINE_DATA: join(copy, 'data') }, directory: copy, name: `start-${runs}`, root: copy });
  const text = await command.until((printed) => (printed.includes('Ctrl-C') ? printed : undefined));
  const apiUrl = /^API +(http:\S+)\/api$/m.exec(text)?.[1] ?? '';
  const as = (user: string): ApiUser => createApiUser({ apiUrl, token: new RegExp(`^ {2}${user} +(tl_\\S+)`, 'm').exec(text)?.[1] ?? '' });
  const address = /^Temporal +([\d.:]+),/m.exec(text)?.[1] ?? '';
  return { command, olga: as('olga'), felix: as('felix'), address };
}

const platform = (): Platform => {
  if (!running) throw new Error('nothing is started');
  return running;
};

async function stop(): Promise<void> {
  platform().command.interrupt();
  expect(await platform().command.exited).toEqual({ code: 0, signal: null });
}

const view = (id: string): Promise<InstanceView> => platform().olga.get(`/instances/${encodeURIComponent(id)}`);
async function until(id: string, holds: (instance: InstanceView) => boolean): Promise<InstanceView> {
  for (const began = Date.now(); ; await pause(100)) {
    const instance = await view(id);
    if (holds(instance)) return instance;
    if (Date.now() - began > patience) throw new Error(`${id} does not come to what is waited for: ${JSON.stringify(instance)}`);
  }
}
async function ask(who: string): Promise<string> {
  const { id } = await platform().olga.post<{ id: string }>('/processes/holiday/instances', { input: { who } });
  await until(id, ({ waitingFor }) => waitingFor.length > 0);
  return id;
}
const agree = (id: string, task: string): Promise<unknown> => platform().felix.post(`/tasks/${encodeURIComponent(`${id}/${task}`)}/complete`, { decision: { outcome: 'agree' } });
const ended = (id: string): Promise<InstanceView> => until(id, ({ status }) => status !== 'running');
/** Lists lag behind. */
async function untilListed(id: string): Promise<void> {
  for (const began = Date.now(); ; await pause(100)) {
    const { instances } = await platform().olga.get<{ instances: readonly { id: string }[] }>('/instances');
    if (instances.some((one) => one.id === id)) return;
    if (Date.now() - began > patience) throw new Error(`${id} is not listed`);
  }
}
const workerLog = (): Promise<string> => readFile(join(copy, 'data/logs/worker.log'), 'utf8');
async function logged(words: string): Promise<void> {
  for (const began = Date.now(); ; await pause(100)) {
    const log = await workerLog();
    if (log.includes(words)) return;
    if (Date.now() - began > patience) throw new Error(`the worker's log does not say "${words}":\n${log}`);
  }
}


const flowFile = (): string => join(copy, 'workflows/holiday.ts');
/** While `npm run dev` runs: saves another flow, and waits until the worker of its build is there. */
async function save(flow: string): Promise<void> {
  const build = async (): Promise<string | undefined> => [...(await workerLog()).matchAll(/^ready .*"build":"([0-9a-f]{16})"/gm)].at(-1)?.[1];
  const before = await build();
  await writeFile(flowFile(), flow);
  for (const began = Date.now(); (await build()) === before; await pause(100)) {
    if (Date.now() - began > patience) throw new Error(`no worker came up:\n${await platform().command.complaints()}`);
  }
}

/** `npm run replay-gate` on the copy's source. */
async function gate(...args: readonly string[]): Promise<{ readonly code: number | null; readonly said: string; readonly errors: string }> {
  runs += 1;
  const command = startCommand({ program: 'workers/gate/cli', args: ['--address', platform().address, ...args], directory: copy, name: `gate-${runs}`, root: copy });
  const { code } = await command.exited;
  return { code, said: await command.printed(), errors: await command.complaints() };
}

beforeAll(async () => {
  copy = await copyOfRepository();
  await writeFile(join(copy, 'contracts/processes/holiday.ts'), contract);
  await writeFile(join(copy, 'workflows/holiday.ts'), flowOf({ said: 'as it was', first: 'agree' }));
  await writeFile(join(copy, 'workflows/index.ts'), `export { holiday } from './holiday.ts';\n`, { flag: 'a' });
});
afterAll(async () => {
  running?.command.kill();
  await running?.command.exited;
  await rm(copy, { recursive: true, force: true });
});

describe('stop, change a process, start', () => {
  it('an instance finishes as it began, and a new one takes the new code', async () => {
    running = await start();
    const ada = await ask('ada');
    await stop();
    // Nothing of the old flow's way fits the new one's.
    await writeFile(flowFile(), flowOf({ said: 'as it is now', first: 'agreeFirst' }));
    running = await start(['--reload']);
    expect(await running.command.complaints()).toMatch(/Instances that began with build [0-9a-f]{16} go on with it\./);
    const bob = await ask('bob');
    await agree(ada, 'agree');
    await agree(bob, 'agreeFirst');
    expect(await ended(ada)).toMatchObject({ status: 'completed', output: { said: 'as it was' }, problem: null });
    await agree(bob, 'agree');
    expect(await ended(bob)).toMatchObject({ status: 'completed', output: { said: 'as it is now' }, problem: null });
  });

  it('the worker of a former build ends with its last instance', async () => {
    await logged('has no open instance any more: its worker ended');
    expect(await readdir(join(copy, 'data/bundles'))).toHaveLength(2);
  });
});

describe('npm run replay-gate', () => {
  it('says how many instances are safe, and at which step the others diverge', async () => {
    const eve = await ask('eve');
    await untilListed(eve);
    expect(await gate('--sample', '0')).toEqual({ code: 0, said: '1 safe\n', errors: '' });
    // Ada's never asked twice.
    expect(await gate()).toMatchObject({ code: 1, said: expect.stringMatching(/^holiday\/ada \(finished, build [0-9a-f]{16}\) at step agree: .*agreeFirst[^]*\n2 safe, 1 diverges at step agree: pin those\n$/) });
  });

  it('finds an argument that changed, which no replay does', async () => {
    await save(flowOf({ said: 'as it is now', first: 'agreeFirst', days: 2 }));
    const { code, said } = await gate('--json', 'holiday/eve');
    expect(code).toBe(1);
    expect(JSON.parse(said)).toMatchObject({
      safe: 0,
      diverging: [{ id: 'holiday/eve', running: true, step: 'agreeFirst', why: 'memo task:agreeFirst is asked with another /task:agreeFirst/shown/value/days: 1 became 2' }],
      summary: '0 safe, 1 diverges at step agreeFirst: pin those',
    });
  });

  it.each([
    { what: 'no Temporal', args: ['--address', '127.0.0.1:9'], says: 'no Temporal server answers at 127.0.0.1:9' },
    { what: 'a sample that is no number', args: ['--sample', 'some'], says: '--sample is "some"' },
    { what: 'an instance that is not there', args: ['holiday/nobody'], says: 'holiday/nobody' },
  ])('ends with 2 where it cannot work: $what', async ({ args, says }) => {
    const { code, said, errors } = await gate(...args);
    expect({ code, said }).toEqual({ code: 2, said: '' });
    expect(errors).toContain(says);
    expect(errors).not.toContain('    at ');
  });
});

describe('npm run dev, with instances of former code', () => {
  it('an instance that a bug holds up goes on with mended code when it is moved', async () => {
    await save(flowOf({ said: 'mended', first: 'agree', bug: true }));
    const zoe = await ask('zoe');
    await agree(zoe, 'agree');
    await until(zoe, ({ problem }) => problem !== null);
    await save(flowOf({ said: 'mended', first: 'agree' }));
    expect(await view(zoe)).toMatchObject({ status: 'running', problem: { message: expect.stringContaining('a bug in the holiday') } });
    await untilListed(zoe);
    expect(await gate('--move', zoe)).toEqual({ code: 0, said: "1 safe\n1 moved to the build of today's source\n", errors: '' });
    expect(await ended(zoe)).toMatchObject({ status: 'completed', output: { said: 'mended' }, problem: null });
  });

  it('an instance whose bundle is lost stands still; the worker says so, and it goes on when the bundle is there again', async () => {
    const lost = await ask('lou');
    const bundles = join(copy, 'data/bundles');
    const aside = join(copy, 'data/aside');
    await rename(bundles, aside);
    await save(flowOf({ said: 'later', first: 'agreeFirst' }));
    const lines = async (): Promise<readonly string[]> => [...(await platform().command.complaints()).matchAll(/^open instances are pinned to build .*$/gm)].map(([line]) => line);
    for (const began = Date.now(); (await lines()).length < 2 && Date.now() - began < patience; ) await pause(100);
    const complaints = (await lines()).join('\n');
    const builds = [...complaints.matchAll(/build ([0-9a-f]{16}), which cannot be run here/g)].map(([, id = '']) => id);
    // Eve's and Lou's.
    expect(builds).toHaveLength(2);
    for (const id of builds) {
      expect(complaints).toContain(`npm run replay-gate -- --build ${id} --move`);
      expect((await gate('--build', id, '--sample', '0', '--json')).said).toMatch(/"summary": "(1 safe|0 safe, 1 diverges)/);
      await rename(join(aside, `${id}.js`), join(bundles, `${id}.js`));
    }
    for (const id of builds) await logged(`build ${id} still has open instances: it runs beside`);
    await agree(lost, 'agree');
    expect(await ended(lost)).toMatchObject({ status: 'completed', output: { said: 'mended' } });
  });
});
