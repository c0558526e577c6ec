import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { startChild } from '../../platform/child-process.ts';
import type { FaultSpec } from '../../sandbox/faults.ts';
import type { Block, Entry } from '../../sandbox/legacy-erp/books.ts';

export const credentials = { user: 'robot', password: 'Gr4ubuch&<Geheim>' } as const;

export interface RunningErp {
  readonly url: string;
  books(): Promise<{ entries: Entry[]; blocks: Block[] }>;
  fault(spec: FaultSpec): Promise<void>;
  clearFaults(): Promise<void>;
  /** Settles once a fault of this kind has struck. */
  struck(kind: string): Promise<void>;
  /** kill -9, and the same ERP again on the same data. */
  crashAndRestart(): Promise<void>;
  stop(): Promise<void>;
}

/** A real ERP of its own, and the environment that the robot finds it by. */
export async function startErp(env: Record<string, string> = {}): Promise<RunningErp> {
  const folder = await mkdtemp(join(tmpdir(), 'throughline-erp-'));
  let port = '0';
  const start = async () => {
    const child = startChild({
      name: 'legacy ERP',
      command: process.execPath,
      args: ['--import', 'tsx', 'sandbox/legacy-erp/main.ts'],
      env: { PORT: port, DATA_DIR: folder, LEGACY_ERP_USER: credentials.user, LEGACY_ERP_PASSWORD: credentials.password, PAGE_LATENCY: '0', ...env },
      logFile: join(folder, 'erp.log'),
      ready: true,
    });
    const { url } = await child.ready;
    if (typeof url !== 'string') throw new Error('the ERP told no address');
    port = new URL(url).port;
    return { child, url };
  };
  let { child, url } = await start();
  Object.assign(process.env, { LEGACY_ERP_URL: url, LEGACY_ERP_USER: credentials.user, LEGACY_ERP_PASSWORD: credentials.password });

  const ask = async (path: string, init?: RequestInit) => {
    const answer = await fetch(`${url}${path}`, init);
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
    return answer.json();
  };
  return {
    url,
    books: async () => (await ask('/books')) as { entries: Entry[]; blocks: Block[] },
    fault: async (spec) => void (await ask('/_faults', { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(spec) })),
    clearFaults: async () => void (await ask('/_faults', { method: 'DELETE' })),
    async struck(kind) {
      const hasStruck = async () => {
        const { faults } = (await ask('/_faults')) as { faults: { kind: string; struck: number }[] };
        return faults.some((fault) => fault.kind === kind && fault.struck > 0);
      };
      while (!(await hasStruck())) await pause(25);
    },
    async crashAndRestart() {
      child.kill();
      await child.exited;
      ({ child, url } = await start());
    },
    async stop() {
      await child.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
