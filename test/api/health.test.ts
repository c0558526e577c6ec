import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { configFromEnv } from '../../api/config.ts';
import { startChild } from '../../platform/child-process.ts';
import { freePort } from '../../platform/ports.ts';
import { repository } from '../../platform/repository.ts';
import { searchAttributes } from '../../contracts/verbs.ts';
import { startTemporal } from '../../temporal/start.ts';
import { type ProblemBody, type RunningApi, startApiProcess, temporaryDirectory } from './running-api.ts';

interface Readiness {
  readonly ready: boolean;
  readonly checks: Record<'temporal' | 'documents' | 'data', { readonly ok: boolean; readonly detail: string }>;
}

describe('health', () => {
  let api: RunningApi;
  let port: number;
  let dataDir: string;
  beforeAll(async () => {
    port = await freePort();
    dataDir = await temporaryDirectory();
    api = await startApiProcess({ temporal: { address: `127.0.0.1:${port}` } });
  });
  afterAll(async () => {
    await api.stop();
    await rm(dataDir, { recursive: true, force: true });
  });
  const ready = () => api.stranger<Readiness>('/api/health/ready');

  it('lives without Temporal, says so, is ready when Temporal comes, and again when it comes back', async () => {
    expect((await api.stranger('/api/health/live')).body).toEqual({ live: true });
    const before = await ready();
    expect(before.status).toBe(503);
    expect(before.body.checks).toMatchObject({ temporal: { ok: false }, documents: { ok: true }, data: { ok: true } });
    const olga = await api.user();
    const refused = await olga<ProblemBody>('/api/instances/supplierInvoice%2F1');
    expect(refused.status).toBe(503);
    expect(refused.headers.get('retry-after')).toBe('2');
    expect(refused.body.detail).toContain('Temporal does not answer');

    const options = { dataDir, port, searchAttributes: { ...searchAttributes }, ui: false };
    for (let round = 1; round <= 2; round++) {
      const temporal = await startTemporal(options);
      await untilReady(ready);
      expect((await olga('/api/instances/supplierInvoice%2F1')).status).toBe(404);
      temporal.kill();
      await temporal.exited;
      expect((await ready()).status).toBe(503);
    }
  });
});

/** gRPC looks for a lost server once a second at most. */
async function untilReady(ready: () => Promise<{ status: number }>): Promise<void> {
  while ((await ready()).status !== 200) await pause(20);
}

describe('an API that cannot start', () => {
  const startOnce = async (env: Record<string, string>): Promise<string> => {
    const directory = await temporaryDirectory();
    const child = startChild({
      name: 'API',
      command: process.execPath,
      args: ['--import', 'tsx', 'api/main.ts'],
      cwd: repository,
      env: { API_PORT: '0', API_DATA_DIR: join(directory, 'api'), DOCUMENTS_DIR: join(directory, 'documents'), ...env },
      logFile: join(directory, 'api.log'),
      ready: true,
    });
    const told = await child.ready.then(() => 'ready', (error: Error) => error.message);
    await child.stop();
    await rm(directory, { recursive: true, force: true });
    return told;
  };

  it('names the port that is in use, and the setting', async () => {
    const first = await startApiProcess({ temporal: { address: '127.0.0.1:1' } });
    expect(await startOnce({ API_PORT: new URL(first.url).port })).toMatch(/ended with code 1.*port is in use.*API_PORT.*127\.0\.0\.1:\d+/s);
    await first.stop();
  });

  it('names the directory that cannot be written, and the setting', async () => {
    expect(await startOnce({ DOCUMENTS_DIR: '/dev/null/documents' })).toMatch(/DOCUMENTS_DIR is \/dev\/null\/documents, where nothing can be written/);
  });

  it.each([
    [{ API_PORT: 'http' }, /API_PORT is "http"/],
    [{ API_PORT: '70000' }, /API_PORT is "70000"/],
    [{ API_STREAMS: '0' }, /API_STREAMS is "0"/],
    [{ API_FOLLOWED: 'all' }, /API_FOLLOWED is "all"/],
    [{ TEMPORAL_UI_URL: 'not an address' }, /TEMPORAL_UI_URL is "not an address"/],
  ])('names the setting that is wrong: %j', (env, words) => {
    expect(() => configFromEnv(env)).toThrow(words);
  });
});
