import { setTimeout as pause } from 'node:timers/promises';
import { placeOf } from '../contracts/ids.ts';
import type { Part } from '../launch/part.ts';
import type { Desk } from './desk.ts';
import { asksOf, isDeath } from './faults.ts';
import { messageAt, neverComes } from './sample.ts';
import type { Trial } from './scenarios.ts';

/** Milliseconds: shorter than any bound on an attempt, or Temporal would take the held ones for timed out instead of dead. */
const heldFor = 7_000;

/** Milliseconds for which an instance waits for the others at most: much shorter than any bound on all attempts together. */
const waitsFor = 45_000;

/**
 * Kills the worker (kill -9) while all instances are where it is to die: they wait for one another at those places, are let through, and die
 * together. Those that did not get far enough come again. Settles with the number of kills when `done` says so.
 */
export async function killTogether({ desk: { deaths }, worker, done }: { desk: Desk; worker: Part; done: () => boolean }): Promise<number> {
  let kills = 0;
  let since: number | undefined;
  while (!done()) {
    await pause(200);
    const ahead = deaths.ahead();
    const ready = ahead.filter((id) => deaths.isReady(id));
    since = ready.length === 0 ? undefined : (since ?? Date.now());
    if (since === undefined || (ready.length < ahead.length && Date.now() - since < waitsFor)) continue;
    since = undefined;
    deaths.openGate();
    const deadline = Date.now() + heldFor;
    while (!deaths.allHeld() && Date.now() < deadline) await pause(50);
    worker.kill();
    kills += 1;
    deaths.bury();
    await worker.start();
  }
  return kills;
}

/**
 * Those that can die together. A clock, a sub-process and what waits for a message beside others go on by themselves, so an instance that is to die there waits for no others but those that are there at the
 * same time.
 */
export function wavesOf(trials: readonly Trial[]): readonly (readonly Trial[])[] {
  const waves = new Map<string, Trial[]>();
  for (const trial of trials) {
    const key = fleetingPlaceOf(trial) ?? '';
    waves.set(key, [...(waves.get(key) ?? []), trial]);
  }
  return [...waves.values()];
}

function fleetingPlaceOf({ scenario: { sample, input, faults } }: Trial): string | undefined {
  const { name, steps } = sample.process;
  const death = faults.find(({ place, fault }) => {
    const named = steps[placeOf(place).step];
    return isDeath(fault) && named !== undefined && (['timer', 'process'].includes(asksOf(named).contract) || messageAt(sample, { step: placeOf(place).step, name: named.name }) === neverComes);
  });
  return death && `${name} ${input} ${death.place}`;
}
