import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { hires } from '../../demo/onboarding/hires.ts';
import type { HireRow } from '../../demo/onboarding/run.ts';
import { type RunningCommand, startCommand } from '../launch/command.ts';
import { replay } from '../stage/replay.ts';

let directory: string;
const demo = (args: readonly string[]): RunningCommand =>
  startCommand({ program: 'demo/main', args: [...args], env: { THROUGHLINE_DEMOS: join(directory, 'demos'), TEMPORAL_ADDRESS: '127.0.0.1:1' }, directory, name: 'the demo' });

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'throughline-demo-'));
});
afterAll(() => rm(directory, { recursive: true, force: true }));

describe('the demo of an onboarding', () => {
  let running: RunningCommand;
  let rows: readonly HireRow[];
  let dataDir: string;

  beforeAll(async () => {
    running = demo(['employeeOnboarding', '--json', '--stay']);
    await running.until((text) => (text.endsWith('\n') ? JSON.parse(text) as object : undefined));
    dataDir = await readFile(join(directory, 'demos', 'last'), 'utf8');
    rows = JSON.parse(await readFile(join(dataDir, 'demo.json'), 'utf8')) as HireRow[];
  });
  afterAll(async () => {
    running.kill();
    await running.exited;
  });

  it.each(hires)('$name: $title', ({ name, status }) => {
    expect(rows.find((row) => row.name === name)).toMatchObject({ status, expected: status, ok: true, differences: [] });
  });

  it('left histories that replay', async () => {
    const { ports } = JSON.parse(await readFile(join(dataDir, 'temporal', 'embedded.json'), 'utf8')) as { ports: { frontend: number } };
    await replay({ address: `127.0.0.1:${ports.frontend}`, namespace: 'default', ids: rows.map(({ id }) => id) });
  });
});

describe('the demo', () => {
  it('of what there is none says which there are', async () => {
    const lost = demo(['employeeOffboarding']);
    expect(await lost.exited).toMatchObject({ code: 1 });
    expect(await lost.complaints()).toContain('there is no demo "employeeOffboarding"; there are supplierInvoice, employeeOnboarding');
  });
});
