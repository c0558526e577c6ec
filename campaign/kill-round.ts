import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { searchAttributes } from '../contracts/verbs.ts';
import { startPlatform } from '../launch/platform.ts';
import { type EmbeddedTemporal, startTemporal } from '../temporal/start.ts';
import { whileAlive } from './alive.ts';
import { readEffects } from './books.ts';
import { startDesk } from './desk.ts';
import { faultsInWords } from './faults.ts';
import { judge } from './judge.ts';
import { planRound, type Victim } from './kill-plan.ts';
import { hirePeople, refusalOf } from './people.ts';
import type { Sample } from './sample.ts';
import { play, type Stage } from './scenario.ts';

export interface KillOptions {
  readonly samples: readonly Sample[];
  readonly instances: number;
  readonly seed: number;
  readonly atOnce: number;
  readonly dataDir: string;
  readonly tell: (line: string) => void;
}

export interface KillReport {
  readonly kills: Readonly<Record<Victim, number>>;
  /** How often all instances of a process were paused together. */
  readonly standstills: number;
  /** Beside the kills. */
  readonly faults: number;
  /** How often an instance went back. */
  readonly rewinds: number;
  readonly ends: Readonly<Record<string, number>>;
  readonly effects: number;
  /** Attempts beyond the first, of all steps and compensations. */
  readonly repeated: number;
  readonly holes: readonly string[];
  readonly seconds: number;
}

/** Leads many instances to their ends while Temporal, worker and API are killed at random moments, and holds the books against what became of each. */
export async function runKillRound({ samples, instances, seed, atOnce, dataDir, tell }: KillOptions): Promise<KillReport> {
  const began = performance.now();
  const { scenarios, kills, standstills } = planRound({ samples, instances, seed });
  const again = `--rounds 1 --seed ${seed} --instances ${instances} --at-once ${atOnce}`;
  const closing: (() => Promise<unknown>)[] = [];
  try {
    const start = (port = 0): Promise<EmbeddedTemporal> => startTemporal({ dataDir: join(dataDir, 'temporal'), port, ui: false, searchAttributes });
    let temporal = await start();
    closing.push(() => temporal.stop());
    const port = Number(temporal.address.split(':')[1]);
    const desk = await startDesk();
    closing.push(() => desk.close());
    process.env.CAMPAIGN_DESK = desk.url;
    const platform = await startPlatform({ dataDir, sandbox: true, ports: { api: 0, temporal: 0, ui: 0 }, temporalAddress: temporal.address, workerProgram: 'campaign/worker', progress: tell });
    closing.push(() => platform.stop());
    const { sandbox, parts } = platform;
    if (!sandbox) throw new Error('the kill suite needs the sandbox');
    let count = 0;
    const stage: Stage = { people: await hirePeople({ platform, samples }), desk, samples, number: () => String((count += 1)), outputs: new Map() };

    const killed: Record<Victim, number> = { temporal: 0, worker: 0, api: 0 };
    const restart: Readonly<Record<Victim, (away: number) => Promise<void>>> = {
      async temporal(away) {
        temporal.kill();
        await temporal.exited;
        await pause(away);
        temporal = await start(port);
      },
      worker: (away) => killPart('worker', away),
      api: (away) => killPart('api', away),
    };
    const killPart = async (name: 'worker' | 'api', away: number): Promise<void> => {
      parts[name].kill();
      await pause(away);
      await parts[name].start();
    };
    let over = false;
    const killing = (async () => {
      while (!over) {
        for (const { victim, calm, away } of kills) {
          await pause(calm);
          if (over) return;
          killed[victim] += 1;
          tell(`kill -9 of ${victim}`);
          await restart[victim](away);
        }
      }
    })();

    let stood = 0;
    const standing = (async () => {
      for (const { process: name, calm, away } of standstills) {
        await pause(calm);
        if (over) return;
        stood += 1;
        tell(`all instances of ${name} are paused`);
        await stage.people.tellAll({ verb: 'pause', process: name });
        await pause(away);
        for (const id of await stage.people.tellAll({ verb: 'resume', process: name })) await refusalOf(stage.people.resume(id));
        tell(`all instances of ${name} go on`);
      }
    })();

    const waiting = [...scenarios];
    const outcomes: Awaited<ReturnType<typeof play>>[] = [];
    const one = async (): Promise<void> => {
      for (let scenario = waiting.shift(); scenario; scenario = waiting.shift()) {
        outcomes.push(await play(stage, scenario));
        if (outcomes.length % 10 === 0) tell(`${outcomes.length} of ${instances} have ended`);
      }
    };
    await whileAlive({ platform, beside: Promise.all([killing, standing]), work: Promise.all(Array.from({ length: atOnce }, one)) });
    over = true;
    await Promise.all([killing, standing]);

    const effects = await readEffects(sandbox);
    const verdicts = judge({ processes: samples.map(({ process: contract }) => contract), effects, from: sandbox.env.MAIL_FROM ?? '' }, outcomes.flatMap(({ ended }) => ended ?? []));
    const views = outcomes.flatMap(({ ended }) => (ended ? [ended.view] : []));
    return {
      kills: killed,
      standstills: stood,
      faults: outcomes.reduce((sum, { id }) => sum + desk.struck(id).length, 0),
      rewinds: outcomes.reduce((sum, { ended }) => sum + (ended?.rewinds.length ?? 0), 0),
      ends: views.reduce<Record<string, number>>((ends, { status }) => ({ ...ends, [status]: (ends[status] ?? 0) + 1 }), {}),
      effects: effects.length,
      repeated: views.flatMap(({ steps, compensations }) => [...steps.flatMap(({ visits }) => visits), ...compensations]).reduce((sum, { attempts }) => sum + Math.max(0, attempts - 1), 0),
      holes: [...outcomes.flatMap(({ id, scenario, wrong }) => [...wrong, ...(verdicts.get(id) ?? [])].map((word) => `${id} (${[scenario.input, faultsInWords(scenario.faults), ...(scenario.meddling ?? []).map(({ verb, after, share }) => `${verb} after ${after} ms, ${share}`), again].join('; ')}): ${word}`)), ...(verdicts.get('') ?? [])],
      seconds: Math.round((performance.now() - began) / 100) / 10,
    };
  } finally {
    delete process.env.CAMPAIGN_DESK;
    for (const close of closing.reverse()) await close();
  }
}
