import type { ProcessContract } from '../contracts/define/process.ts';
import { undoing, visitId } from '../contracts/ids.ts';
import type { InstanceView, StepState } from '../visibility/instance-view.ts';
import { type Effect, marksOf } from './books.ts';
import { asksOf, type Place } from './faults.ts';
import { type Key, keysOf, metOrMissed } from './keys.ts';
import type { Decided, Ended, Led } from './led.ts';

export interface Judging {
  readonly processes: readonly ProcessContract[];
  readonly effects: readonly Effect[];
  /** The sender of mails, by which they are recognised. */
  readonly from: string;
}

export const unfinished: readonly StepState[] = ['running', 'retrying', 'waiting', 'incident'];
const nothing: Decided = { byHand: [], leftStanding: [], loose: true };

/**
 * What is wrong with instances that have ended, by the id of the outermost: in themselves, and in the books. Each effect stands exactly if its
 * instance kept it, and there is none twice. `''` has the lines in the books that belong to nobody.
 */
export function judge({ processes, effects, from }: Judging, instances: readonly Led[]): ReadonlyMap<string, readonly string[]> {
  const byMark = new Map<string, Effect[]>();
  for (const effect of effects) byMark.set(effect.mark, [...(byMark.get(effect.mark) ?? []), effect]);
  const explained = new Set<Effect>();

  const wrongInBooks = (seen: Led): string[] => {
    const led = { ...seen, met: metOrMissed({ met: seen.met, processes }) };
    const { rewinds, decided } = led;
    const ends = endsIn(led);
    return led.met.flatMap((met) => {
      const process = processes.find(({ name }) => name === met.process);
      const end = ends.get(met.id);
      const isOutermost = met.id === led.view.id;
      return keysOf({ met, led }).flatMap(({ place, step, visit, keys }) => {
        const named = process?.steps[step];
        const contract = named && asksOf(named);
        const lines = keys.flatMap((key) => [...new Set(marksOf({ key: key.key, from }).flatMap((mark) => byMark.get(mark) ?? []))].map((effect): Line => ({ effect, key })));
        for (const { effect } of lines) explained.add(effect);
        const said = (): string[] => {
          if (contract?.contract !== 'activity' || contract.readOnly) return lines.map(({ effect }) => `${place} only reads, but ${effect.system} has an effect of it`);
          const state = end?.view.steps.find((one) => one.step === step)?.visits.find((one) => one.visit === visit)?.state;
          const drops = rewinds.map(({ drops: dropped }) => dropped.includes(place));
          return wrongEffect({
            id: place,
            lines,
            done: state === 'completed',
            kept: end?.kept === true,
            undoable: contract.compensation !== undefined,
            // Where it went back to before the step, it is done under a key of the new generation.
            isCurrent: isOutermost ? ({ rewound }) => rewound > drops.lastIndexOf(true) : ({ generation }) => generation === end?.view.generation,
            byHand: isOutermost && decided.byHand.includes(place),
            left: isOutermost ? decided.leftStanding.filter((one) => one === place).length : 0,
            loose: decided.loose || drops.includes(true),
          });
        };
        return said().map((words) => (isOutermost ? words : `${met.id}: ${words}`));
      });
    });
  };
  const wrongWith = (led: Led): string[] => {
    const inside = (of: Ended): string[] => [...unfinishedIn(of.view), ...of.subs.flatMap(inside)].map((words) => `${of.view.id}: ${words}`);
    return [
      ...wrongInBooks(led),
      ...unfinishedIn(led.view, led.decided),
      ...led.subs.flatMap(inside),
      ...led.former.flatMap(inside).map((words) => `before it ran again, ${words}`),
    ];
  };

  const verdicts = new Map(instances.map((led) => [led.view.id, wrongWith(led)]));
  const strays = effects.filter((effect) => !explained.has(effect)).map(({ system, mark, stands }) => `${system} has an effect that no step had (${stands ? 'stands' : 'undone'}): ${mark}`);
  return verdicts.set('', strays);
}

/** How each instance ended, and whether it and all around it completed. */
function endsIn(outermost: Ended): ReadonlyMap<string, { readonly view: InstanceView; readonly kept: boolean }> {
  const within = ({ view, subs }: Ended, around: boolean): [string, { view: InstanceView; kept: boolean }][] => {
    const kept = around && view.status === 'completed';
    return [[view.id, { view, kept }], ...subs.flatMap((sub) => within(sub, kept))];
  };
  return new Map(within(outermost, true));
}

interface Line {
  readonly effect: Effect;
  readonly key: Key;
}
interface Booked {
  readonly id: Place;
  readonly lines: readonly Line[];
  readonly done: boolean;
  readonly kept: boolean;
  readonly undoable: boolean;
  readonly isCurrent: (key: Key) => boolean;
  readonly byHand: boolean;
  readonly left: number;
  readonly loose: boolean;
}

function wrongEffect({ id, lines, done, kept, undoable, isCurrent, byHand, left, loose }: Booked): string[] {
  const standing = lines.filter(({ effect }) => effect.stands);
  const told = (some: readonly Line[]): string => some.map(({ effect: { system, stands }, key }) => `${system} (${stands ? 'stands' : 'undone'}, ${key.key})`).join(', ');
  const twice = lines.filter(({ key }) => lines.filter((other) => other.key === key).length > 1);
  if (twice.length > 0) return [`${id} took effect ${twice.length} times: ${told(twice)}`];
  const shouldStand = done && (kept || !undoable);
  if (byHand && !loose) return standing.length > 0 ? [`${id} was done by hand, but by the system too: ${told(standing)}`] : [];
  if (left > 0 && !loose) return standing.length === left ? [] : [`${id} was to be left as it is, but ${lines.length === 0 ? 'no book knows of it' : told(lines)}`];
  if (shouldStand && !byHand && standing.length === 0) return [`${id} was done, but ${lines.length === 0 ? 'no book knows of it' : 'is undone and should stand'}`];
  // What cannot be undone and was cut off may have happened or not.
  if (!undoable) return [];
  if (standing.length > (shouldStand ? 1 : 0) + left) return [shouldStand ? `${id} stands ${standing.length} times: ${told(standing)}` : `${id} stands and should be undone`];
  return shouldStand && left === 0 && standing.some(({ key }) => !isCurrent(key)) ? [`${id} stands from before it was done anew: ${told(lines)}`] : [];
}

function unfinishedIn({ steps, compensations, tasks, incidents, waitingFor, problem }: InstanceView, { leftStanding } = nothing): string[] {
  const visits = [...steps.flatMap(({ step, visits: all }) => all.map((visit) => ({ step, ...visit }))), ...compensations.map((one) => ({ ...one, step: undoing(one.step) }))];
  return [
    ...visits.filter(({ state }) => unfinished.includes(state)).map(({ step, state }) => `it ended, but ${step} is shown as ${state}`),
    ...compensations.filter((one) => one.state !== 'completed' && !leftStanding.includes(visitId(one))).map(({ step, state }) => `${step} was not undone: ${state}`),
    ...tasks.map(({ id }) => `it ended, but the task ${id} is open`),
    ...incidents.filter(({ resolution }) => resolution === null).map(({ id }) => `it ended, but the incident ${id} is open`),
    ...waitingFor.map(({ name }) => `it ended, but waits for ${name}`),
    ...(problem ? [`a problem is left: ${problem.message}`] : []),
  ];
}
