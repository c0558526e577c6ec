import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type KillReport, runKillRound } from '../../campaign/kill-round.ts';
import { discoverSamples } from '../../campaign/sample.ts';

const instances = 12;

let dataDir: string;
let report: KillReport;

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'throughline-kills-'));
  report = await runKillRound({ samples: await discoverSamples(), instances, seed: 20261122, atOnce: instances, dataDir, tell: () => undefined });
  process.stdout.write(`${JSON.stringify({ ...report, holes: report.holes.length })}\n`);
}, 900_000);
afterAll(() => rm(dataDir, { recursive: true, force: true }));

describe('when Temporal, worker and API are killed at random moments', () => {
  it('every instance ends right, and each effect is there once', () => {
    expect(report.holes).toEqual([]);
    expect(Object.values(report.ends).reduce((sum, count) => sum + count, 0)).toBe(instances);
  });

  it('something was killed while they ran, and something took effect', () => {
    expect(Object.values(report.kills).reduce((sum, count) => sum + count, 0)).toBeGreaterThan(2);
    expect(report.effects).toBeGreaterThan(0);
    expect(report.faults).toBeGreaterThan(0);
    expect(report.standstills).toBeGreaterThan(0);
  });
});
