import { Client, Connection } from '@temporalio/client';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createApiUser } from '../../demo/api-client.ts';
import { freshTokens } from '../../launch/people.ts';
import { type Platform, startPlatform } from '../../launch/platform.ts';
import { repository } from '../../platform/repository.ts';
import type { InstanceView } from '../../visibility/instance-view.ts';
import { inBash, waitFor } from './shell.ts';
import { blocksOf, readText } from './snippets.ts';

let dataDir: string;
let platform: Platform;
let env: Record<string, string>;

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'throughline-readme-'));
  platform = await startPlatform({ dataDir, sandbox: true, ports: { api: 0, temporal: 0, ui: 0 }, progress: () => undefined });
  const tokens = await freshTokens({ apiDataDir: platform.apiDataDir, users: ['olga', 'petra', 'felix'] });
  env = { API: `${platform.apiUrl}/api`, THROUGHLINE_DATA: dataDir, ...Object.fromEntries(tokens.map(({ user, token }) => [user.toUpperCase(), token])) };
});
afterAll(async () => {
  await platform.stop();
  await rm(dataDir, { recursive: true, force: true });
});

describe('the README', () => {
  it('leads from upload to payment with nothing but curl', async () => {
    const [handIn = '', look = '', decide = '', lookAgain = '', ...more] = blocksOf({ text: await readText('README.md'), language: 'bash', part: 'walk' });
    expect(more).toEqual([]);
    const instance = { url: '$API/instances/$id', token: '$OLGA' };
    const script = [
      handIn,
      look,
      waitFor({ ...instance, text: '"name":"finance"' }),
      waitFor({ url: '$API/tasks', token: '$FELIX', text: 'approveInvoice' }),
      'echo; echo =====\n',
      decide,
      waitFor({ ...instance, text: '"status":"completed"' }),
      'echo; echo =====\n',
      lookAgain,
    ].join('');
    const { code, out, err } = await inBash({ script, env, directory: repository });
    expect({ code, err }).toEqual({ code: 0, err: '' });
    const [started = '', decided = '', ended = ''] = out.split('=====\n');
    expect(started).toContain('"created":true');
    expect(decided).toContain('the total exceeds the open amount of the order');
    expect(decided).toContain('"state":"reserved","assignee":"felix"');
    expect(decided).toContain('"decidedBy":"felix"');
    const view = JSON.parse(ended) as InstanceView;
    expect(view).toMatchObject({ status: 'completed', output: { status: 'paid' } });
    const mailbox = await (await fetch(`${platform.sandbox?.systems.mail.url}/messages`)).text();
    expect(mailbox).toContain('finance@tulpenveld.example');
  });

  it('shows how to approve by signal', async () => {
    const text = await readText('README.md');
    const [command = ''] = blocksOf({ text, language: 'bash' }).filter((block) => block.includes('workflow signal'));
    const [, workflowId = '', name = '', input = ''] = /--workflow-id "(\S+\/)<business key>" --name (\w+) \\\n\s+--input '(.*)'/.exec(command) ?? [];
    const petra = createApiUser({ apiUrl: platform.apiUrl, token: env.PETRA ?? '' });
    const olga = createApiUser({ apiUrl: platform.apiUrl, token: env.OLGA ?? '' });
    const document = await petra.upload<{ sha256: string }>('/documents', await readFile(join(repository, 'samples/documents/09-foreign-currency.pdf')));
    const { id } = await petra.post<{ id: string }>('/processes/supplierInvoice/instances', { input: { document } });
    expect(id).toBe(`${workflowId}${document.sha256.slice(0, 16)}`);
    const until = async (holds: (view: InstanceView) => boolean): Promise<InstanceView> => {
      for (;;) {
        const view = await olga.get<InstanceView>(`/instances/${encodeURIComponent(id)}`);
        if (holds(view)) return view;
        await pause(100);
      }
    };
    await until(({ tasks }) => tasks.length > 0);

    const connection = await Connection.connect({ address: platform.server.address });
    try {
      await new Client({ connection, namespace: platform.server.namespace }).workflow.getHandle(id).signal(name, JSON.parse(input));
    } finally {
      await connection.close();
    }
    const { steps } = await until(({ status }) => status === 'completed');
    expect(steps.find(({ step }) => step === 'approveInvoice')?.visits[0]?.decision).toMatchObject({ by: 'felix', via: 'signal', outcome: 'approve' });
  });

  it('shows how to break something', async () => {
    const [script = ''] = blocksOf({ text: await readText('README.md'), language: 'bash' }).filter((block) => block.includes('npm run sandbox -- fault '));
    const { code, out } = await inBash({ script, env, directory: repository });
    expect(code).toBe(0);
    expect(out).toMatch(/payments .* outage/);
    expect(out).toMatch(/ledger .* did-it-but-timeout/);
  });

  it('shows an activity type as the guide to adding one has it', async () => {
    const guide = await readText('docs/adding.md');
    for (const block of blocksOf({ text: await readText('README.md'), language: 'ts' })) expect(guide).toContain(block);
  });

  it('names only folders and files that are there', async () => {
    const paths = [...(await readText('README.md')).matchAll(/`((?:[a-z][a-z-]*\/)+(?:[a-z-]+\.(?:ts|md))?)`/g)].map(([, path = '']) => path);
    expect(paths.length).toBeGreaterThan(15);
    const missing = await Promise.all(paths.filter((path) => !path.startsWith('.')).map(async (path) => (await inBash({ script: `test -e '${path}'`, env: {}, directory: repository })).code === 0 ? [] : [path]));
    expect(missing.flat()).toEqual([]);
  });
});

describe('the guide to operating', () => {
  it('makes and lists tokens', async () => {
    const [script = ''] = blocksOf({ text: await readText('docs/operating.md'), language: 'bash', part: 'tokens' });
    const { code, out } = await inBash({ script, env: { ...env, API_DATA_DIR: platform.apiDataDir }, directory: repository });
    expect(code).toBe(0);
    expect(out).toMatch(/vera: viewer .*until/);
    expect(out).toMatch(/paul: worker in finance, treasury/);
  });

  it('cancels', async () => {
    const text = await readText('docs/operating.md');
    const petra = createApiUser({ apiUrl: platform.apiUrl, token: env.PETRA ?? '' });
    const document = await petra.upload<{ sha256: string }>('/documents', await readFile(join(repository, 'samples/documents/10-changed-account.pdf')));
    const { id } = await petra.post<{ id: string }>('/processes/supplierInvoice/instances', { input: { document } });
    const run = (script: string) => inBash({ script, env: { ...env, id: encodeURIComponent(id) }, directory: repository });
    const [cancel = ''] = blocksOf({ text, language: 'bash', part: 'cancel' });
    const instance = { url: '$API/instances/$id', token: '$OLGA' };
    const { code, err } = await run(`${cancel}${waitFor({ ...instance, text: '"status":"cancelled"' })}`);
    expect({ code, err }).toEqual({ code: 0, err: '' });
  });

  it('switches faults', async () => {
    const [script = ''] = blocksOf({ text: await readText('docs/operating.md'), language: 'bash', part: 'faults' });
    const { code, out } = await inBash({ script, env, directory: repository });
    expect(code).toBe(0);
    expect(out).toMatch(/legacyErp .* latency of 2 s for 60 s/);
    expect(out).toContain('cleared all faults');
  });
});
