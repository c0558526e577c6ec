import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { errorMessage } from '../platform/errors.ts';
import { runCampaign } from './run.ts';
import { discoverSamples } from './sample.ts';
import { legend, tableOf } from './table.ts';
import { whole } from './whole.ts';

const usage = `npm run campaign [-- options]
Every step of every process fails in every way, and the books must balance.

  --process <name>  only instances of this process; several times for several
  --together        several faults in one instance: the same table in less time
  --few             of those only so many that each step and each fault is met;
                    random instances only such that take little time
  --only <name>     only this place or this fault; twice for both:
                    --only reserveBudget --only diesAfter
  --runs <n>        so many random instances after the table; 0 unless told
  --seed <n>        what they are drawn from; 1 unless told
  --only-random     without the table
  --run <k>         only the k-th random instance: how a hole is played again
  --at-once <n>     how many instances are on their way at once; 24 unless told
`;

try {
  process.exitCode = await main();
} catch (error) {
  process.stderr.write(`${errorMessage(error)}\n`);
  process.exitCode = 1;
}
process.exit();

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      process: { type: 'string', multiple: true },
      together: { type: 'boolean', default: false },
      few: { type: 'boolean', default: false },
      only: { type: 'string', multiple: true, default: [] },
      runs: { type: 'string', default: '0' },
      seed: { type: 'string', default: '1' },
      run: { type: 'string' },
      'only-random': { type: 'boolean', default: false },
      'at-once': { type: 'string', default: '24' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    process.stdout.write(usage);
    return 0;
  }
  const samples = await discoverSamples();
  const names = samples.map(({ process: { name } }) => name);
  const processes = values.process ?? names;
  const unknown = processes.find((name) => !names.includes(name));
  if (unknown !== undefined) throw new Error(`--process is "${unknown}"; there are ${names.join(', ')}`);
  const dataDir = await mkdtemp(join(tmpdir(), 'throughline-campaign-'));
  try {
    const seed = whole('--seed', values.seed);
    const run = values.run === undefined ? undefined : whole('--run', values.run);
    if (run === 0) throw new Error('--run is "0": the first instance that a seed draws is 1');
    const { cells, tried, wrong, holes, instances, struck, kills, seconds } = await runCampaign({
      samples,
      processes,
      table: values['only-random'] || run !== undefined ? 'none' : values.few ? 'few' : values.together ? 'together' : 'one by one',
      only: values.only,
      runs: run === undefined ? Array.from({ length: whole('--runs', values.runs) }, (_, index) => index + 1) : [run],
      quick: values.few,
      seed,
      atOnce: whole('--at-once', values['at-once']),
      dataDir,
      tell: (line) => process.stderr.write(`${line}\n`),
    });
    const table = [...processes.map((name) => tableOf({ process: name, cells, tried, wrong, width: process.stdout.columns })), legend];
    const held = `${tried.size - wrong.size} of ${tried.size} cells that were tried hold (the table has ${cells.length})`;
    const numbers = `${instances} instances, ${struck} faults struck, the worker was killed ${kills} times, seed ${seed}, ${seconds} s; ${holes.length} holes`;
    const lines = cells.length > 0 ? [...table, ...holes, `${held}; ${numbers}`] : [...holes, numbers];
    process.stdout.write(`${lines.join('\n')}\n`);
    return holes.length === 0 ? 0 : 1;
  } finally {
    await rm(dataDir, { recursive: true, force: true });
  }
}
