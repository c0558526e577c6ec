import type { ProcessContract } from '../contracts/define/process.ts';
import { changedId, idempotencyKey, subInstanceId, visitId } from '../contracts/ids.ts';
import { asksOf, type Place } from './faults.ts';
import type { Led, Met } from './led.ts';

/** A key under which a visit may have asked its system. */
export interface Key {
  readonly key: string;
  readonly generation: string;
  /** How often the outermost instance had gone back. */
  readonly rewound: number;
}

/**
 * What was met, and what may have been there between two looks: each step that can be undone, once, and the instances that steps run. What goes back before
 * anybody has looked is told by no view any more, but by the books. What cannot be undone has to be seen.
 */
export function metOrMissed({ met, processes }: { met: readonly Met[]; processes: readonly ProcessContract[] }): readonly Met[] {
  const all = new Map(met.map((one) => [one.id, one]));
  // What is added on the way is come to as well.
  for (const { id, ...one } of all.values()) {
    const steps = Object.entries(processes.find(({ name }) => name === one.process)?.steps ?? {});
    const undoable = steps.filter(([, named]) => isUndoable(asksOf(named)));
    const visits = new Map([...undoable.map(([step]): [string, number] => [step, 1]), ...one.visits]);
    all.set(id, { ...one, id, visits });
    for (const [step, named] of steps) {
      const contract = asksOf(named);
      if (contract.contract !== 'process') continue;
      for (const place of upTo(visits.get(step) ?? 1).map((visit) => visitId({ step, visit }))) {
        const sub = subInstanceId({ process: contract.name, parent: id, id: place });
        if (!all.has(sub)) all.set(sub, { id: sub, process: contract.name, parent: { id, place }, visits: new Map(), incidents: new Map() });
      }
    }
  }
  return [...all.values()];
}

const isUndoable = (asked: ReturnType<typeof asksOf>): boolean => asked.contract === 'activity' && asked.compensation !== undefined;

/** All keys of each visit of an instance, of which the books may know some: one for each generation and each input that an operator may have changed. */
export function keysOf({ met: { id, visits, incidents, parent }, led }: { met: Met; led: Led }): readonly { readonly place: Place; readonly step: string; readonly visit: number; readonly keys: readonly Key[] }[] {
  const generations = generationsOf({ parent, led });
  return [...visits].flatMap(([step, most]) =>
    upTo(most).map((visit) => {
      const place = visitId({ step, visit });
      const changed = [0, ...upTo(incidents.get(place) ?? 0)].map((changes) => changedId({ id: place, changes }));
      const keys = generations.flatMap((one) => changed.map((activityId): Key => ({ ...one, key: idempotencyKey({ instanceId: id, generation: one.generation, activityId }) })));
      return { place, step, visit, keys };
    }),
  );
}

/** Those of the outermost by how often it went back, and of a sub-process by those of its parent and by how often it was run again. */
function generationsOf({ parent, led }: { parent: Met['parent']; led: Led }): readonly Omit<Key, 'key'>[] {
  if (!parent) return [0, ...upTo(led.tries)].map((rewound) => ({ rewound, generation: rewound === 0 ? led.view.generation : `${led.view.generation}r${rewound}` }));
  const above = led.met.find(({ id }) => id === parent.id);
  const rounds = upTo((above?.incidents.get(parent.place) ?? 0) + 1);
  return generationsOf({ parent: above?.parent ?? null, led }).flatMap(({ generation, rewound }) => rounds.map((round) => ({ rewound, generation: `${generation}.${round}` })));
}

const upTo = (count: number): readonly number[] => Array.from({ length: count }, (_, index) => index + 1);
