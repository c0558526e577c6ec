import type { IncidentView } from '../visibility/instance-view.ts';
import type { Desk } from './desk.ts';
import { isUndoing } from '../contracts/ids.ts';
import type { Place, Remedy } from './faults.ts';
import type { People } from './people.ts';

interface Options {
  readonly people: People;
  readonly desk: Desk;
  /** What a step gives where nothing goes wrong. */
  readonly outputOf: (place: Place) => unknown;
  /** Gets what goes otherwise than it should. */
  readonly wrong: string[];
}

interface Case {
  readonly id: string;
  readonly place: Place;
  readonly incident: IncidentView;
}

/** What an operator does with an incident, through the API. */
export function createRemedies({ people, desk, outputOf, wrong }: Options): Readonly<Record<Remedy, (one: Case) => Promise<unknown>>> {
  const retry = ({ id, incident }: Case): Promise<unknown> => people.resolve({ id, incident: incident.id, verb: 'retry' });
  const supply = ({ id, incident }: Case, output: unknown): Promise<unknown> => people.resolve({ id, incident: incident.id, verb: 'supply', more: { output } });
  return {
    retry,
    // Another input that means the same: to the system it is another question all the same.
    'retry with input': ({ id, incident }) => people.resolve({ id, incident: incident.id, verb: 'retry', more: { input: incident.input, comment: 'asked once more by the campaign' } }),
    'supply what it gave': (one) => supply(one, desk.answer(one.id, one.place)),
    'do it by hand': (one) => supply(one, isUndoing(one.place) ? { undone: true } : outputOf(one.place)),
    skip: ({ id, incident }) => people.resolve({ id, incident: incident.id, verb: 'skip' }),
    fail: ({ id, incident }) => people.resolve({ id, incident: incident.id, verb: 'fail' }),
    'cancel, then retry': async (one) => {
      await people.cancel(one.id);
      await people.note(one.id);
      const { incidents } = await people.view(one.id);
      const still = incidents.find(({ id }) => id === one.incident.id);
      if (still?.resolution !== null) wrong.push(`it was cancelled while ${one.place} waited for an operator, who is asked no more`);
      await retry(one);
    },
  };
}
