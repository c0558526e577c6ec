import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { Client, Connection } from '@temporalio/client';
import { freePort } from '../../platform/ports.ts';
import type { EmbeddedTemporal, TemporalOptions } from '../../temporal/start.ts';
import { startTemporal } from '../../temporal/start.ts';
import { gone, groupMembers, startProgram } from './processes.ts';

describe('the embedded Temporal', () => {
  let directory: string;
  const running = new Set<EmbeddedTemporal>();
  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'throughline-temporal-'));
  });
  afterEach(async () => {
    await Promise.all([...running].map(crash));
    running.clear();
  });
  afterAll(() => rm(directory, { recursive: true, force: true }));

  /** Quicker than to stop it, and nothing is lost by it. */
  async function crash(temporal: EmbeddedTemporal): Promise<void> {
    temporal.kill();
    await temporal.exited;
  }

  async function start(options: Partial<TemporalOptions> & { dataDir: string }): Promise<EmbeddedTemporal> {
    const temporal = await startTemporal({ ui: false, ...options, dataDir: join(directory, options.dataDir) });
    running.add(temporal);
    return temporal;
  }

  async function withClient<T>(temporal: EmbeddedTemporal, use: (client: Client) => Promise<T>): Promise<T> {
    const connection = await Connection.connect({ address: temporal.address });
    try {
      return await use(new Client({ connection, namespace: temporal.namespace }));
    } finally {
      await connection.close();
    }
  }

  it('keeps what was started in it, on the same ports, when it is killed and started again', async () => {
    const wanted = { dataDir: 'kept', ui: true, namespace: 'invoices', searchAttributes: { WaitingFor: 'KeywordList', Outcome: 'Keyword' } } as const;
    const first = await start(wanted);
    await withClient(first, async (client) => {
      // No worker is needed for it to be started, described and found.
      const handle = await client.workflow.start('payInvoice', { taskQueue: 'any', workflowId: 'invoice/4711', searchAttributes: { WaitingFor: ['finance'] } });
      await expect(handle.describe()).resolves.toMatchObject({ status: { name: 'RUNNING' } });
      const { config } = await client.connection.workflowService.describeNamespace({ namespace: 'invoices' });
      expect(Number(config?.workflowExecutionRetentionTtl?.seconds)).toBe(30 * 86_400);
    });
    await expect(fetch(first.uiUrl ?? '').then(({ status }) => status)).resolves.toBe(200);

    await crash(first);
    const second = await start(wanted);
    expect([second.address, second.uiUrl]).toEqual([first.address, first.uiUrl]);
    await withClient(second, async (client) => {
      await expect(client.workflow.getHandle('invoice/4711').describe()).resolves.toMatchObject({ searchAttributes: { WaitingFor: ['finance'] } });
      await expect(client.workflow.count(`WaitingFor = 'finance'`)).resolves.toMatchObject({ count: 1 });
    });

    const members = await groupMembers(second.pid);
    await second.stop();
    await gone(second.pid, ...members);
    await expect(fetch(second.uiUrl ?? '')).rejects.toThrow('fetch failed');
  });

  it('knows every dynamic setting that it is given', async () => {
    const temporal = await start({ dataDir: 'settings', dynamicConfig: { 'history.noSuchSetting': 1 } });
    // Only the server that is built reads them from a file and complains; the CLI takes what it is told.
    if (temporal.how.includes('built')) {
      const log = await readFile(join(directory, 'settings', 'temporal.log'), 'utf8');
      expect(log.match(/unregistered key \\"[^"]+\\"/g)).toEqual(['unregistered key \\"history.nosuchsetting\\"']);
    }
  });

  it('is alone on its data', async () => {
    await start({ dataDir: 'alone' });
    await expect(start({ dataDir: 'alone' })).rejects.toThrow(/data directory .*alone is in use by process \d+ on .*\. Stop that one, or choose another directory\./);
  });

  it('does not change the type of a search attribute, and lets go of the data when it cannot start', async () => {
    await start({ dataDir: 'types', searchAttributes: { Outcome: 'Keyword' } }).then(crash);
    const changed = start({ dataDir: 'types', searchAttributes: { Outcome: 'Int' } });
    await expect(changed).rejects.toThrow('search attribute "Outcome" of namespace default is Keyword, but Int is needed');
    await start({ dataDir: 'types', searchAttributes: { Outcome: 'Keyword', Amount: 'Double' } });
  });

  it('names the port that is in use and the setting that changes it', async () => {
    const port = await freePort();
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(port, '127.0.0.1', resolve));
    await expect(start({ dataDir: 'port', port })).rejects.toThrow(
      `port ${port} is in use, but the Temporal server is to listen there. End the program that has it, or choose another port with THROUGHLINE_TEMPORAL_PORT.`,
    );
    await expect(start({ dataDir: 'port', ui: true, uiPort: port })).rejects.toThrow(`port ${port} is in use, but Temporal's Web UI is to listen there.`);
    other.close();
  });

  it('names the data directory that cannot be written', async () => {
    await writeFile(join(directory, 'file'), '');
    await expect(start({ dataDir: 'file/data' })).rejects.toThrow(/data directory .*file\/data cannot be written: .*\. Give it to this user, or choose another one\./);
  });

  it('that cannot open its database says so in the words of its own log', async () => {
    const dataDir = join(directory, 'broken');
    await mkdir(dataDir);
    for (const file of ['workflows.db', 'temporal.db']) await writeFile(join(dataDir, file), 'no database at all '.repeat(100));
    await expect(start({ dataDir: 'broken' })).rejects.toThrow(/ended with code 1; the end of .*temporal\.log says:\n[^]*file is not a database/);
  });

  it('ends when the process that started it is killed with kill -9, and can be started again', async () => {
    const owner = startProgram({ file: 'temporal-owner.ts', directory: join(directory, 'orphan') });
    const { pid, uiUrl } = await owner.ready;
    const members = await groupMembers(Number(pid));
    process.kill(owner.pid, 'SIGKILL');
    await gone(Number(pid), ...members);
    await expect(fetch(String(uiUrl))).rejects.toThrow('fetch failed');
    await start({ dataDir: 'orphan' });
  });
});
