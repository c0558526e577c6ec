import { readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type ApiUser, createApiUser } from '../../demo/api-client.ts';
import type { InstanceView } from '../../visibility/instance-view.ts';
import { type RunningCommand, startCommand } from './command.ts';
import { copyOfRepository } from './copy.ts';
import { contract, flowSaying } from './holiday.ts';

let copy: string;
let running: Platform | undefined;
let runs = 0;
/** Milliseconds. */
const patience = 30_000;

interface Platform {
  readonly command: RunningCommand;
  readonly olga: ApiUser;
  readonly felix: ApiUser;
}

/** `npm start` on what the copy holds now. */
async function start(): Promise<Platform> {
  const ports = { API_PORT: '0', THROUGHLINE_TEMPORAL_PORT: '0', THROUGHLINE_UI_PORT: '0' };
  runs += 1;
  const command = startCommand({ program: 'launch/start', args: ['--no-sandbox'], env: { ...ports, TEMPORAL_ADDRESS: undefined, THROUGHLINE_DATA: join(copy, 'data') }, directory: copy, name: `start-${runs}`, root: copy });
  const text = await command.until((printed) => (printed.includes('Ctrl-C') ? printed : undefined));
  const apiUrl = /^API +(http:\S+)\/api$/m.exec(text)?.[1] ?? '';
  const as = (user: string): ApiUser => createApiUser({ apiUrl, token: new RegExp(`^ {2}${user} +(tl_\\S+)`, 'm').exec(text)?.[1] ?? '' });
  return { command, olga: as('olga'), felix: as('felix') };
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
async function logged(words: string): Promise<void> {
  for (const began = Date.now(); ; await pause(100)) {
    const log = await readFile(join(copy, 'data/logs/worker.log'), 'utf8');
    if (log.includes(words)) return;
    if (Date.now() - began > patience) throw new Error(`the worker's log does not say "${words}":\n${log}`);
  }
}

beforeAll(async () => {
  copy = await copyOfRepository();
  await writeFile(join(copy, 'contracts/processes/holiday.ts'), contract);
  await writeFile(join(copy, 'workflows/holiday.ts'), flowSaying({ said: 'as it was', first: 'agree' }));
  await writeFile(join(copy, 'workflows/index.ts'), `export { holiday } from './holiday.ts';\n`, { flag: 'a' });
}, 60_000);
afterAll(async () => {
  running?.command.kill();
  await running?.command.exited;
  await rm(copy, { recursive: true, force: true });
}, 30_000);

describe('stop, change a process, start', () => {
  const ids: string[] = [];

  it('an instance finishes as it began, and a new one takes the new code', async () => {
    running = await start();
    ids.push(await ask('ada'));
    await stop();
    // Nothing of the old flow's way fits the new one's.
    await writeFile(join(copy, 'workflows/holiday.ts'), flowSaying({ said: 'as it is now', first: 'double' }));
    running = await start();
    expect(await platform().command.complaints()).toMatch(/Instances that began with build [0-9a-f]{16} go on with it\./);
    ids.push(await ask('bob'));
    const [ada = '', bob = ''] = ids;
    await agree(ada, 'agree');
    await agree(bob, 'double');
    expect(await ended(ada)).toMatchObject({ status: 'completed', output: { said: 'as it was' }, problem: null });
    await agree(bob, 'agree');
    expect(await ended(bob)).toMatchObject({ status: 'completed', output: { said: 'as it is now' }, problem: null });
  }, 120_000);

  it('the worker of a former build ends with its last instance', async () => {
    await logged('has no open instance any more: its worker ended');
    expect(await readdir(join(copy, 'data/bundles'))).toHaveLength(2);
  }, 60_000);

  it('an instance whose bundle is lost stands still; the start says so, and it goes on when the bundle is there again', async () => {
    const id = await ask('eve');
    await stop();
    const bundles = join(copy, 'data/bundles');
    const aside = join(copy, 'data/lost');
    await rename(bundles, aside);
    await writeFile(join(copy, 'workflows/holiday.ts'), flowSaying({ said: 'later', first: 'agree' }));
    running = await start();
    const complaints = await platform().command.complaints();
    const build = /open instances are pinned to build ([0-9a-f]{16}) and stand still/.exec(complaints)?.[1];
    expect(await readdir(aside)).toContain(`${build}.js`);
    expect(complaints).toContain(`npm run replay-gate -- --build ${build} --move`);
    await rename(join(aside, `${build}.js`), join(bundles, `${build}.js`));
    await logged(`build ${build} still has open instances: it runs beside`);
    await agree(id, 'double');
    await agree(id, 'agree');
    expect(await ended(id)).toMatchObject({ status: 'completed', output: { said: 'as it is now' } });
  }, 120_000);
});
