import { execFile } from 'node:child_process';
import { appendFile, mkdir, rm, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { dirname, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createApiUser } from '../../demo/api-client.ts';
import { type Child, startChild } from '../../platform/child-process.ts';
import type { InstanceView } from '../../visibility/instance-view.ts';
import { copyOfRepository } from '../launch/copy.ts';
import { inBash, waitFor } from './shell.ts';
import { blocksOf, readText } from './snippets.ts';

/** A copy of the repository to which somebody adds what the guide says. */
let copy: string;
let files: readonly string[];
let warehouse: Server;
/** What the warehouse was asked, with the key that came with it. */
const asked: { readonly path: string; readonly key: string; readonly body: unknown }[] = [];
let started: Child | undefined;

beforeAll(async () => {
  copy = await copyOfRepository();
  files = await followGuide();

  warehouse = createServer((request, response) => {
    void bodyOf(request).then((body) => {
      const path = request.url ?? '';
      asked.push({ path, key: String(request.headers['idempotency-key']), body });
      response.setHeader('content-type', 'application/json').end(JSON.stringify(path === '/reservations' ? { reservationId: 'R-1' } : { undone: true }));
    });
  });
  await new Promise<void>((resolve) => warehouse.listen(0, '127.0.0.1', resolve));
}, 60_000);
afterAll(async () => {
  started?.kill();
  await started?.exited;
  warehouse.close();
  await rm(copy, { recursive: true, force: true });
});

const pages = ['docs/adding.md', 'docs/steps/timer.md'];

/** Each block names its file in its first line; the bundler's entry gets a line more. */
async function followGuide(): Promise<readonly string[]> {
  const written: string[] = [];
  const texts = await Promise.all(pages.map(readText));
  for (const block of texts.flatMap((text) => blocksOf({ text, language: 'ts' }))) {
    const [, file = '', code = ''] = /^\/\/ (\S+)\n([^]*)$/.exec(block) ?? [];
    await mkdir(dirname(join(copy, file)), { recursive: true });
    if (file === 'workflows/index.ts') await appendFile(join(copy, file), code);
    else await writeFile(join(copy, file), code);
    written.push(file);
  }
  return written;
}

async function bodyOf(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return JSON.parse(Buffer.concat(chunks).toString('utf8'));
}

describe('what the guide to adding says', () => {
  it('has the types that the compiler wants', async () => {
    await writeFile(join(copy, 'tsconfig.guide.json'), JSON.stringify({ extends: './tsconfig.json', include: [], files }));
    const compiler = join(copy, 'node_modules/typescript/bin/tsc');
    await promisify(execFile)(process.execPath, [compiler, '-p', 'tsconfig.guide.json'], { cwd: copy }).catch(({ stdout }: { stdout: string }) => {
      throw new Error(stdout);
    });
  }, 90_000);

  it('runs: the article is reserved, somebody says no, and it is given back', async () => {
    started = startChild({
      name: 'the copy',
      command: process.execPath,
      args: ['--import', 'tsx', 'launch/start.ts', '--no-sandbox'],
      cwd: copy,
      env: {
        NODE_OPTIONS: undefined,
        TEMPORAL_ADDRESS: undefined,
        ...{ API_PORT: '0', THROUGHLINE_TEMPORAL_PORT: '0', THROUGHLINE_UI_PORT: '0', THROUGHLINE_DATA: join(copy, 'data') },
        WAREHOUSE_URL: `http://127.0.0.1:${(warehouse.address() as AddressInfo).port}`,
      },
      logFile: join(copy, 'start.log'),
    });
    const env = await addressesOf(started, join(copy, 'start.log'));
    const [order = '', refuse = ''] = blocksOf({ text: await readText('docs/adding.md'), language: 'bash', part: 'try' });
    const instance = { url: '$API/instances/officeOrder%2FB-7', token: '$OLGA' };
    const script = [order, waitFor({ ...instance, text: '"name":"finance"' }), refuse, waitFor({ ...instance, text: '"status":"rejected"' })].join('');
    const { code, out, err } = await inBash({ script, env, directory: copy });
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toContain('"title":"Order something for the office"');
    expect(out).toContain('"decidedBy":"felix"');

    const olga = createApiUser({ apiUrl: env.API?.replace(/\/api$/, '') ?? '', token: env.OLGA ?? '' });
    const view = await olga.get<InstanceView>('/instances/officeOrder%2FB-7');
    expect(view).toMatchObject({ status: 'rejected', compensations: [{ step: 'reserveArticle', undone: true, title: 'Give the article back' }] });
    expect(asked).toEqual([
      { path: '/reservations', key: 'officeOrder/B-7#1/reserveArticle', body: { article: 'desk lamp', quantity: 3 } },
      { path: '/reservations/release', key: 'officeOrder/B-7#1/undo:reserveArticle', body: { forwardKey: 'officeOrder/B-7#1/reserveArticle' } },
    ]);

    const start = (from: string) => olga.post('/processes/officeReturn/instances', { input: { number: `B-${from}`, article: 'projector', from } });
    const states = async (number: string) => (await olga.get<InstanceView>(`/instances/${encodeURIComponent(`officeReturn/B-${number}`)}`)).steps.map(({ step, state }) => `${step} ${state}`);
    const [future, past] = ['2099-01-01T09:00:00+01:00', '2020-01-01T09:00:00+01:00'];
    await Promise.all([start(future), start(past)]);
    while (!(await states(past)).includes('lent waiting')) await pause(100);
    expect(await states(past)).toEqual(['untilLent completed', 'reserveArticle completed', 'lent waiting']);
    expect(await states(future)).toEqual(['untilLent waiting', 'reserveArticle notReached', 'lent notReached']);
  }, 150_000);
});

/** The variables that the guide's lines use, out of what the start has printed. */
async function addressesOf(child: Child, log: string): Promise<Record<string, string>> {
  let ended = false;
  void child.exited.then(() => (ended = true));
  for (;;) {
    const last = ended;
    const { out } = await inBash({ script: `cat '${log}'`, env: {}, directory: copy });
    const api = /^API +(http:\S+)$/m.exec(out)?.[1];
    if (api !== undefined && out.includes('Ctrl-C')) {
      return { API: api, ...Object.fromEntries([...out.matchAll(/^ {2}(\w+) +(tl_\S+)/gm)].map(([, user = '', token = '']) => [user.toUpperCase(), token])) };
    }
    if (last) throw new Error(`the start failed:\n${out}`);
  }
}
