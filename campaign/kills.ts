import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { errorMessage } from '../platform/errors.ts';
import { runKillRound } from './kill-round.ts';
import { discoverSamples } from './sample.ts';
import { whole } from './whole.ts';

const usage = `npm run kills [-- options]
Kill -9 of Temporal, worker and API at random moments; every instance must end right, each effect once.

  --rounds <n>     10 unless told
  --instances <n>  in each round; 200 unless told
  --seed <n>       of the first round, the next has the next; 1 unless told
  --at-once <n>    how many instances are on their way at once; 40 unless told
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
      rounds: { type: 'string', default: '10' },
      instances: { type: 'string', default: '200' },
      seed: { type: 'string', default: '1' },
      'at-once': { type: 'string', default: '40' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    process.stdout.write(usage);
    return 0;
  }
  const [rounds, instances, firstSeed, atOnce] = [whole('--rounds', values.rounds), whole('--instances', values.instances), whole('--seed', values.seed), whole('--at-once', values['at-once'])];
  const samples = await discoverSamples();
  let holes = 0;
  for (let round = 0; round < rounds; round++) {
    const dataDir = await mkdtemp(join(tmpdir(), 'throughline-kills-'));
    try {
      const seed = firstSeed + round;
      const report = await runKillRound({ samples, instances, seed, atOnce, dataDir, tell: (line) => process.stderr.write(`${line}\n`) });
      holes += report.holes.length;
      const counts = (of: Readonly<Record<string, number>>): string => Object.entries(of).map(([name, count]) => `${count} ${name}`).join(', ');
      process.stdout.write(`round ${round + 1}, seed ${seed}: killed ${counts(report.kills)}; all paused ${report.standstills} times, ${report.rewinds} times back, ${report.faults} faults; of ${instances} instances ended ${counts(report.ends)}; ${report.effects} effects, ${report.repeated} attempts repeated, ${report.seconds} s; ${report.holes.length} holes\n`);
      for (const hole of report.holes) process.stdout.write(`  ${hole}\n`);
    } finally {
      await rm(dataDir, { recursive: true, force: true });
    }
  }
  return holes === 0 ? 0 : 1;
}
