import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { PurchaseOrder, Vendor } from '../../contracts/invoice.ts';
import { startChild, type Child } from '../../platform/child-process.ts';

const root = join(import.meta.dirname, '../..');

export interface System {
  url: string;
  /** Only of the mail system. */
  smtp: string;
  child: Child;
  /** Sends a change under a key. */
  post(path: string, request: { key?: string; body: unknown }): Promise<Answer>;
  get(path: string): Promise<Answer>;
  /** Switches a fault on. */
  fault(spec: Record<string, unknown>): Promise<Answer>;
  clearFaults(): Promise<void>;
}

export interface Answer {
  status: number;
  body: Record<string, unknown>;
}

/** Starts one real system of the sandbox on a free port, with a seed of its own in the data directory. */
export async function startSystem({ name, dataDir }: { name: string; dataDir: string }): Promise<System> {
  await writeSeed(dataDir);
  const child = startChild({
    name,
    command: process.execPath,
    args: ['--import', 'tsx', join(root, 'sandbox', name, 'main.ts')],
    cwd: root,
    env: { PORT: '0', SMTP_PORT: '0', DATA_DIR: dataDir, SEED_DIR: dataDir, NODE_OPTIONS: undefined },
    logFile: join(dataDir, `${name}.log`),
    ready: true,
  });
  const { url, smtp = '' } = (await child.ready) as { url: string; smtp?: string };
  const ask = async (path: string, init: RequestInit = {}): Promise<Answer> => {
    const response = await fetch(url + path, init);
    return { status: response.status, body: (await response.json()) as Record<string, unknown> };
  };
  const json = { 'content-type': 'application/json' };
  return {
    url,
    smtp,
    child,
    get: (path) => ask(path),
    post: (path, { key, body }) =>
      ask(path, { method: 'POST', headers: key === undefined ? json : { ...json, 'idempotency-key': key }, body: JSON.stringify(body) }),
    fault: (spec) => ask('/_faults', { method: 'POST', headers: json, body: JSON.stringify(spec) }),
    clearFaults: async () => void (await ask('/_faults', { method: 'DELETE' })),
  };
}

/** A new directory for a system's data, and how to remove it. */
export async function newDataDir(): Promise<{ dataDir: string; remove: () => Promise<void> }> {
  const dataDir = await mkdtemp(join(tmpdir(), 'throughline-sandbox-'));
  return { dataDir, remove: () => rm(dataDir, { recursive: true, force: true }) };
}

export const seed = {
  vendor: { id: 'V-1', name: 'Kiesel & Söhne GmbH', taxId: 'DE111222333', iban: 'DE75512108001245126199', currency: 'EUR', risk: 'low', email: 'post@kiesel.example' },
  order: { number: 'PO/2026-1', vendorId: 'V-1', costCentre: 'office', openAmount: { minorUnits: 100_000, currency: 'EUR' } },
  budgets: {
    costCentres: [
      { id: 'office', title: 'Office', budget: 100_000 },
      { id: 'works', title: 'Works', budget: 50_000_000 },
    ],
    rates: { USD: 0.92, JPY: 0.006 },
  },
  departments: [{ name: 'works', groups: ['staff', 'tools'] }],
  equipment: [
    { name: 'stocked', title: 'In stock', stages: [] },
    { name: 'built', title: 'Made to order', stages: [60_000, 120_000] },
  ],
  sites: [
    { name: 'hut', desks: 50 },
    { name: 'box', desks: 1 },
  ],
} satisfies { vendor: Vendor; order: PurchaseOrder; budgets: unknown; departments: unknown; equipment: unknown; sites: unknown };

async function writeSeed(directory: string): Promise<void> {
  const files = { 'vendors.json': [seed.vendor], 'orders.json': [seed.order], 'budgets.json': seed.budgets, 'departments.json': seed.departments, 'equipment.json': seed.equipment, 'sites.json': seed.sites };
  await Promise.all(Object.entries(files).map(([name, content]) => writeFile(join(directory, name), JSON.stringify(content))));
}
