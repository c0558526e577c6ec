import { execFileSync } from 'node:child_process';
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, describe, expect, it } from '@jest/globals';
import { type ApiUser, createApiUser } from '../../demo/api-client.ts';
import { findPostgres, noPostgres } from '../../deploy/images.ts';
import { type Sandboxed, startSandboxed } from '../../deploy/sandboxed.ts';
import { startTopology, type Topology } from '../../deploy/topology.ts';
import { freshTokens } from '../../launch/people.ts';
import { repository } from '../../platform/repository.ts';
import { findTemporal } from '../../temporal/find.ts';

interface View {
  readonly id: string;
  readonly status: string;
  readonly steps: readonly { readonly step: string; readonly state: string }[];
}

/** Why the topology cannot be started on this machine; nothing when it can. */
async function whyNot(): Promise<string | undefined> {
  if (findPostgres() === undefined) return noPostgres;
  const found = await findTemporal({ progress: () => undefined, kind: 'server' }).catch((error: unknown) => String(error));
  return typeof found === 'string' ? found : undefined;
}

const reason = await whyNot();
// The closing line of a run names what was skipped, and so why.
const { skip } = it;
const where = (name: string): string => (reason === undefined ? name : `${name} (skipped: ${reason.split('\n', 1)[0]})`);
const possible = reason === undefined ? it : skip;

const closing: (() => Promise<unknown>)[] = [];
afterAll(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

let running: Sandboxed;
let tokens: Awaited<ReturnType<typeof freshTokens>>;
const as = (user: string, apiUrl: string | undefined): ApiUser => createApiUser({ apiUrl: apiUrl ?? '', token: tokens.find((one) => one.user === user)?.token ?? '' });
const apisOf = (topology: Topology): string[] => topology.of('api').map((api) => `http://${api.address('7700')}`);

async function untilEnded({ api, id }: { api: ApiUser; id: string }): Promise<View> {
  for (;;) {
    const view = await api.get<View>(`/instances/${encodeURIComponent(id)}`);
    if (view.status !== 'running') return view;
    await pause(300);
  }
}

describe('the topology of docker-compose.yml', () => {
  let before: View;

  possible(where('takes an invoice from upload to payment, on two APIs and two of each worker that has much to do'), async () => {
    const started = await startSandboxed({ scale: { api: 2, 'worker-services': 2, 'worker-workflows': 2 }, code: 'source', progress: () => undefined });
    closing.push(started.stop);
    running = started;
    tokens = await freshTokens({ apiDataDir: started.topology.volume('api'), users: ['olga', 'petra'] });
    const [first, second] = apisOf(started.topology);
    const document = await as('petra', first).upload<{ sha256: string }>('/documents', await readFile(join(repository, 'samples/documents/01-clean-pdf.pdf')));
    const begin = (apiUrl: string | undefined) => as('petra', apiUrl).post<{ id: string }>('/processes/supplierInvoice/instances', { input: { document } });
    const [one, other] = await Promise.all([begin(first), begin(second)]);
    expect(other.id).toBe(one.id);
    before = await untilEnded({ api: as('olga', second), id: one.id });
    expect(before.status).toBe('completed');
  });

  possible(where('tells by its health checks which worker does not work'), async () => {
    const [lost, kept] = running.topology.of('worker-services');
    const ready = async (replica: typeof lost) => (await fetch(`http://${replica?.address('7701')}/ready`).catch(() => undefined))?.status;
    expect([await ready(lost), await ready(kept)]).toEqual([200, 200]);
    await lost?.child.stop();
    expect([await ready(lost), await ready(kept)]).toEqual([undefined, 200]);
    await running.topology.of('temporal')[0]?.child.stop();
    const answer = await fetch(`http://${kept?.address('7701')}/ready`);
    expect({ status: answer.status, body: await answer.json() }).toEqual({ status: 503, body: { ready: false, checks: { service: { ok: false, detail: expect.stringContaining('Temporal does not answer') } } } });
  });

  possible(where('is found again after a backup and a restore, by the commands of docs/operating.md'), async () => {
    const root = await mkdtemp(join(tmpdir(), 'throughline-restored-'));
    closing.push(() => rm(root, { recursive: true, force: true }));
    await chmod(root, 0o711);
    const [saved, directory] = [join(root, 'saved'), join(root, 'topology')];
    for (const folder of [saved, directory]) await mkdir(folder);

    // Of a former build: today's worker makes its own only.
    const former = '0123456789abcdef.js';
    await writeFile(join(running.topology.volume('bundles'), former), 'the code of a former build');
    // The test before this one has stopped Temporal already.
    for (const command of await commandsOf('backup')) if (!/ (stop|start) temporal$/.test(command)) inContainer({ command, topology: running.topology, cwd: saved });
    await running.topology.stop();

    const options = { ...running.options, directory, scale: {} };
    let restored: Topology | undefined;
    for (const command of await commandsOf('restore')) {
      if (!command.startsWith('docker compose up ')) {
        inContainer({ command, topology: restored, cwd: saved });
        continue;
      }
      await restored?.stop();
      restored = await startTopology({ ...options, ...(command.endsWith(' postgresql') ? { only: ['postgresql'] } : {}) });
      closing.push(() => restored?.stop() ?? Promise.resolve());
    }
    const [api] = restored ? apisOf(restored) : [];
    expect(await as('olga', api).get<View>(`/instances/${encodeURIComponent(before.id)}`)).toMatchObject({ id: before.id, status: 'completed', steps: before.steps });
    const { instances } = await as('olga', api).get<{ instances: readonly { id: string }[] }>('/instances');
    expect(instances.map(({ id }) => id)).toEqual([before.id]);
    expect(await readdir(restored?.volume('bundles') ?? '')).toContain(former);
    const [version = ''] = await commandsOf('schema');
    expect(inContainer({ command: version, topology: restored, cwd: saved }).trim()).toMatch(/^1\.\d+$/);
  });
});

async function commandsOf(section: string): Promise<readonly string[]> {
  const text = await readFile(join(repository, 'docs/operating.md'), 'utf8');
  const block = new RegExp(`<!-- ${section}:begin -->\\n\`\`\`bash\\n([\\s\\S]*?)\`\`\``).exec(text)?.[1];
  if (block === undefined) throw new Error(`docs/operating.md has no commands "${section}"`);
  return block.trim().split('\n');
}

/** What `docker compose exec` does in a container, done where its stand-in has its port and its volumes. */
function inContainer({ command, topology, cwd }: { command: string; topology: Topology | undefined; cwd: string }): string {
  const inside = /^docker compose (?:exec -T|run --rm -T --no-deps) (postgresql|api|worker-workflows) (.*)$/.exec(command)?.[2];
  if (inside === undefined || topology === undefined) throw new Error(`this command of docs/operating.md cannot be tried: ${command}`);
  const [PGHOST = '', PGPORT = ''] = topology.of('postgresql')[0]?.address('5432').split(':') ?? [];
  const env = { ...process.env, PATH: `${findPostgres()}:${process.env.PATH}`, PGHOST, PGPORT, PGPASSWORD: running.options.secrets['postgres-password'] ?? '' };
  return execFileSync('sh', ['-ec', inside.replace(' -C /data ', ` -C ${join(topology.volume('api'), '..')} `)], { cwd, env, stdio: ['ignore', 'pipe', 'inherit'], encoding: 'utf8' });
}
