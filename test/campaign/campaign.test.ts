import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type CampaignReport, runCampaign } from '../../campaign/run.ts';
import { discoverSamples } from '../../campaign/sample.ts';
import { legend, tableOf } from '../../campaign/table.ts';
import { defineProcess } from '../../contracts/define/process.ts';
import { supplierInvoice } from '../../contracts/processes/supplier-invoice.ts';
import { replay } from '../stage/replay.ts';

/** A part of the table; `npm run campaign` has the whole. */
const seed = 1;
const runs = [1, 2, 3];

let dataDir: string;
let report: CampaignReport;

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'throughline-campaign-'));
  const samples = await discoverSamples();
  report = await runCampaign({
    samples,
    table: 'few',
    runs,
    seed,
    atOnce: 24,
    dataDir,
    tell: () => undefined,
    after: ({ ids, server: { address, namespace } }) => replay({ address, namespace, ids }),
  });
  const tables = samples.map(({ process: { name } }) => tableOf({ process: name, ...report }));
  process.stdout.write(`${[...tables, legend].join('\n')}\n`);
}, 900_000);
afterAll(() => rm(dataDir, { recursive: true, force: true }));

describe('the fault campaign', () => {
  it('finds no hole: each instance ends right, its books balance, and its history replays', () => {
    expect(report.holes).toEqual([]);
  });

  it('met each step of each process and each fault, and killed the worker', () => {
    const { cells, tried } = report;
    for (const cell of cells) {
      expect([...tried].some(({ sample, place }) => sample === cell.sample && place === cell.place)).toBe(true);
      expect([...tried].some(({ fault }) => fault === cell.fault)).toBe(true);
    }
    expect(report.kills).toBeGreaterThan(0);
  });

  it('played random instances too, the same ones each time', () => {
    expect([...report.drawn].sort()).toEqual(runs.map((run) => `--few --seed ${seed} --run ${run}`));
    expect(report.struck).toBeGreaterThan(report.tried.size);
  });

  it('fails for a process that nobody gave it a sample of, and says where to put one', async () => {
    const fresh = defineProcess({ ...supplierInvoice, name: 'supplierCredit' });
    await expect(discoverSamples([supplierInvoice, fresh])).rejects.toThrow('process "supplierCredit" has no sample: export sample({ process, inputs, … }) from a file in campaign/samples/');
  });
});
