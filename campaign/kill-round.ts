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
import { hirePeople } from './people.ts';
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
  const { scenarios, kills } = planRound({ samples, instances, seed });
  const closing: (() => Promise<unknown>)[] = [];
  try {
    const start = (port = 0): Promise<EmbeddedTemporal> => startTemporal({ dataDir: join(dataDir, 'temporal'), port, ui: false, searchAttributes });
    let temporal = await start();
    closing.push(() => temporal.stop());
    const port = Number(temporal.address.split(':')[1]);
    const platform = await startPlatform({ dataDir, sandbox: true, ports: { api: 0, temporal: 0, ui: 0 }, temporalAddress: temporal.address, progress: tell });
    closing.push(() => platform.stop());
    const { sandbox, parts } = platform;
    if (!sandbox) throw new Error('the kill suite needs the sandbox');
    // Nobody asks it for orders, since the worker is the product's own: it only knows what people are to do.
    const desk = await startDesk();
    closing.push(() => desk.close());
    let count = 0;
    const stage: Stage = { people: await hirePeople({ platform, samples }), desk, samples, number: () => String((count += 1)) };

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

    const waiting = [...scenarios];
    const outcomes: Awaited<ReturnType<typeof play>>[] = [];
    const one = async (): Promise<void> => {
      for (let scenario = waiting.shift(); scenario; scenario = waiting.shift()) {
        outcomes.push(await play(stage, scenario));
        if (outcomes.length % 10 === 0) tell(`${outcomes.length} of ${instances} have ended`);
      }
    };
    await whileAlive({ platform, beside: killing, work: Promise.all(Array.from({ length: atOnce }, one)) });
    over = true;
    await killing;

    const effects = await readEffects(sandbox);
    const verdicts = judge({ processes: samples.map(({ process: contract }) => contract), effects, from: sandbox.env.MAIL_FROM ?? '' }, outcomes.flatMap(({ ended }) => ended ?? []));
    const views = outcomes.flatMap(({ ended }) => (ended ? [ended.view] : []));
    return {
      kills: killed,
      ends: views.reduce<Record<string, number>>((ends, { status }) => ({ ...ends, [status]: (ends[status] ?? 0) + 1 }), {}),
      effects: effects.length,
      repeated: views.flatMap(({ steps, compensations }) => [...steps.flatMap(({ visits }) => visits), ...compensations]).reduce((sum, { attempts }) => sum + Math.max(0, attempts - 1), 0),
      holes: [...outcomes.flatMap(({ id, scenario, wrong }) => [...wrong, ...(verdicts.get(id) ?? [])].map((word) => `${id} (${scenario.input}; ${faultsInWords(scenario.faults)}): ${word}`)), ...(verdicts.get('') ?? [])],
      seconds: Math.round((performance.now() - began) / 100) / 10,
    };
  } finally {
    for (const close of closing.reverse()) await close();
  }
}
