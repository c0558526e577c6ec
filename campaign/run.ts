import { type Platform, startPlatform } from '../launch/platform.ts';
import type { Sandbox } from '../sandbox/start.ts';
import { whileAlive } from './alive.ts';
import { readEffects } from './books.ts';
import { drawTrials } from './by-chance.ts';
import { type Cell, cellsOf, plannedFor } from './cells.ts';
import { killTogether, wavesOf } from './deaths.ts';
import { startDesk } from './desk.ts';
import { faultNames, faultsInWords, isDeath, type PlannedFault } from './faults.ts';
import { few } from './few.ts';
import { judge } from './judge.ts';
import { hirePeople } from './people.ts';
import type { Sample } from './sample.ts';
import { type Outcome, play, type Stage } from './scenario.ts';
import { oneByOne, together, type Trial } from './scenarios.ts';
import { findWays } from './ways.ts';

export interface CampaignOptions {
  /** Of all processes. */
  readonly samples: readonly Sample[];
  /** Only instances of these processes; default: all. */
  readonly processes?: readonly string[];
  /** Each cell in an instance of its own; several in one, which is faster; of those only so many that each place and each fault is met; or none. */
  readonly table: 'one by one' | 'together' | 'few' | 'none';
  /** Only the cells whose place or fault is named so; default: all. */
  readonly only?: readonly string[];
  /** The numbers, from 1, of the random instances that are played of all that the seed draws. */
  readonly runs: readonly number[];
  /** Draws only instances whose faults take little time; default: where there are to be few. */
  readonly quick?: boolean;
  readonly seed: number;
  /** How many instances are on their way at once. */
  readonly atOnce: number;
  readonly dataDir: string;
  readonly tell: (line: string) => void;
  /** Looks at what is left of all instances before everything ends. */
  readonly after?: (left: { ids: readonly string[]; server: Platform['server'] }) => Promise<void>;
}

export interface CampaignReport {
  /** The whole table. */
  readonly cells: readonly Cell[];
  readonly tried: ReadonlySet<Cell>;
  readonly wrong: ReadonlySet<Cell>;
  /** In words: the instance, what was to go wrong, and what should not have. */
  readonly holes: readonly string[];
  readonly instances: number;
  /** The random ones among them: the options by which each is played again. */
  readonly drawn: readonly string[];
  /** Faults that struck, of all that were planned; what is random may end before the next can. */
  readonly struck: number;
  readonly kills: number;
  readonly seconds: number;
}

interface Played extends Pick<Trial, 'cells'> {
  readonly outcome: Outcome;
}

/** Milliseconds that the faults of one instance may take where it is to be quick. */
const shortWaits = 25_000;

/** Brings up the platform with a worker that fails on command, plays everything, and holds the books of the sandbox against what became of each instance. */
export async function runCampaign({ samples, processes = samples.map(({ process: { name } }) => name), table, only = [], runs, quick = table === 'few', seed, atOnce, dataDir, tell, after }: CampaignOptions): Promise<CampaignReport> {
  const began = performance.now();
  const desk = await startDesk();
  process.env.CAMPAIGN_DESK = desk.url;
  const platform = await startPlatform({ dataDir, sandbox: true, ports: { api: 0, temporal: 0, ui: 0 }, workerProgram: 'campaign/worker', progress: tell });
  let over = false;
  try {
    let count = 0;
    const stage: Stage = { people: await hirePeople({ platform, samples }), desk, samples, number: () => String((count += 1)), outputs: new Map() };
    const { ways, outcomes: calm } = await whileAlive({ platform, work: findWays({ stage, samples: samples.filter(({ process: { name } }) => processes.includes(name)) }) });
    tell(`${ways.length} inputs lead through every step.`);
    const cells = table === 'none' ? [] : cellsOf(ways);
    const wanted = cells.filter(({ place, fault }) => only.every((name) => name === place || name === fault));
    if (table !== 'none' && wanted.length === 0) throw new Error(`the table has no cell for ${only.join(' and ')}: name a place ("reserveBudget", "undo:reserveBudget") or a fault (${faultNames.join(', ')})`);
    const chosen = trialsOf({ table, wanted, seed });
    const trials = [...chosen, ...drawTrials({ ways, seed, runs, ...(quick ? { longest: shortWaits } : {}) })];
    const mortal = trials.filter(({ scenario: { faults } }) => faults.some(({ fault }) => isDeath(fault)));
    const others = trials.filter((trial) => !mortal.includes(trial));

    tell(`${others.length} instances whose worker lives …`);
    const lived = await whileAlive({ platform, work: playAll({ trials: others, stage, atOnce }).then((played) => againAlone({ played, stage, atOnce })) });
    tell(`${mortal.length} instances whose worker is killed …`);
    const killing = killTogether({ desk, worker: platform.parts.worker, done: () => over });
    const died: Played[] = [];
    for (const wave of wavesOf(mortal)) died.push(...(await whileAlive({ platform, beside: killing, work: playAll({ trials: wave, stage, atOnce: wave.length }) })));
    over = true;
    const kills = await killing;

    const played = [...calm.map((outcome): Played => ({ outcome, cells: [] })), ...lived, ...died];
    const meant = table === 'few' ? chosen.flatMap((trial) => trial.cells) : wanted;
    const found = await holesIn({ samples, cells: meant, played, sandbox: sandboxOf(platform) });
    const struck = played.reduce((sum, { outcome: { id } }) => sum + desk.struck(id).length, 0);
    await after?.({ ids: played.map(({ outcome }) => outcome.id), server: platform.server });
    return { cells, tried: new Set(meant), ...found, instances: played.length, drawn: played.flatMap(({ outcome }) => outcome.scenario.drawn ?? []), struck, kills, seconds: Math.round((performance.now() - began) / 100) / 10 };
  } finally {
    over = true;
    delete process.env.CAMPAIGN_DESK;
    await platform.stop();
    await desk.close();
  }
}

function trialsOf({ table, wanted, seed }: Pick<CampaignOptions, 'table' | 'seed'> & { wanted: readonly Cell[] }): readonly Trial[] {
  if (table === 'one by one') return oneByOne(wanted);
  return table === 'few' ? few(together(wanted, shortWaits), seed) : together(wanted);
}

async function playAll({ trials, stage, atOnce }: { trials: readonly Trial[]; stage: Stage; atOnce: number }): Promise<readonly Played[]> {
  const waiting = [...trials];
  const played: Played[] = [];
  const one = async (): Promise<void> => {
    for (let trial = waiting.shift(); trial; trial = waiting.shift()) played.push({ outcome: await play(stage, trial.scenario), cells: trial.cells });
  };
  await Promise.all(Array.from({ length: atOnce }, one));
  return played;
}

/** Where several cells share an instance, the clock may run on while one is tried, so that it never waits where another was to be: that one is tried by itself. */
async function againAlone({ played, stage, atOnce }: { played: readonly Played[]; stage: Stage; atOnce: number }): Promise<readonly Played[]> {
  const overtaken = played.flatMap(({ cells, outcome }) => (cells.length < 2 ? [] : cells.filter((cell) => leftOf(cell, outcome).length > 0)));
  return [...played.map(({ cells, outcome }): Played => ({ outcome, cells: cells.filter((cell) => !overtaken.includes(cell)) })), ...(await playAll({ trials: oneByOne(overtaken), stage, atOnce }))];
}

const leftOf = (cell: Cell, { left }: Outcome): readonly PlannedFault[] => plannedFor(cell).filter(({ place, fault }) => left.some((one) => one.place === place && one.fault === fault));

async function holesIn({ samples, cells, played, sandbox }: { samples: readonly Sample[]; cells: readonly Cell[]; played: readonly Played[]; sandbox: Sandbox }): Promise<Pick<CampaignReport, 'wrong' | 'holes'>> {
  const processes = samples.map(({ process: contract }) => contract);
  const verdicts = judge({ processes, effects: await readEffects(sandbox), from: sandbox.env.MAIL_FROM ?? '' }, played.flatMap(({ outcome }) => outcome.ended ?? []));
  const wrong = new Set<Cell>();
  const holes = played.flatMap(({ outcome, cells: proved }) => {
    const { id, scenario, wrong: onTheWay } = outcome;
    const words = [...onTheWay, ...proved.flatMap((cell) => leftOf(cell, outcome)).map(({ place, fault }) => `${place}: "${fault}" never struck`), ...(verdicts.get(id) ?? [])];
    if (words.length > 0) for (const cell of proved) wrong.add(cell);
    return words.map((word) => `${id} (${[scenario.input, faultsInWords(scenario.faults), ...(scenario.drawn === undefined ? [] : [scenario.drawn])].join('; ')}): ${word}`);
  });
  const proved = new Set(played.flatMap((one) => one.cells));
  const untried = cells.filter((cell) => !proved.has(cell));
  for (const cell of untried) wrong.add(cell);
  return { wrong, holes: [...untried.map(({ sample, place, fault }) => `${sample.process.name}, ${place}, ${fault}: was not tried`), ...holes, ...(verdicts.get('') ?? [])] };
}

function sandboxOf({ sandbox }: Platform): Sandbox {
  if (!sandbox) throw new Error('the campaign needs the sandbox');
  return sandbox;
}
