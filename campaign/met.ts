import type { InstanceView } from '../visibility/instance-view.ts';
import { visitId } from '../contracts/ids.ts';
import type { Place } from './faults.ts';
import type { Ended, Met } from './led.ts';

/** Remembers all instances that were seen. */
export function createMeetings() {
  const met = new Map<string, Met>();
  const see = ({ id, process, parent, steps, compensations, incidents }: InstanceView): void => {
    const known = met.get(id) ?? { id, process, parent: parent && { id: parent.id, place: visitId(parent) }, visits: new Map<string, number>(), incidents: new Map<Place, number>() };
    met.set(id, known);
    const raise = (counts: Map<string, number>, key: string, to: number): void => void counts.set(key, Math.max(to, counts.get(key) ?? 0));
    for (const { step, visits } of [...steps, ...compensations.map((one) => ({ ...one, visits: [one] }))]) for (const { visit } of visits) raise(known.visits, step, visit);
    for (const { id: incident } of incidents) raise(known.incidents, incident.slice(0, incident.lastIndexOf('.')), Number(incident.slice(incident.lastIndexOf('.') + 1)));
  };
  const seeAll = ({ view, subs }: Ended): void => {
    see(view);
    subs.forEach(seeAll);
  };
  return {
    see,
    seeAll,
    all: (): readonly Met[] => [...met.values()],
  };
}
