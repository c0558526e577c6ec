import { changedId, idempotencyKey, visitId } from '../contracts/ids.ts';
import type { Place } from './faults.ts';
import type { Led, Met } from './led.ts';

/** A key under which a visit may have asked its system. */
export interface Key {
  readonly key: string;
  readonly generation: string;
  /** How often the outermost instance had gone back. */
  readonly rewound: number;
}

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
