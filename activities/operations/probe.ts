import { probeSystem as contract } from '../../contracts/activities/operations.ts';
import { unexpected } from '../../contracts/failures.ts';
import { implement, type Implementation } from '../implement.ts';

const known = new Map<string, Implementation>();

/** What the worker runs, of which a probe is one. */
export function probeAmong(implementations: readonly Implementation[]): void {
  for (const one of implementations) known.set(one.implements.name, one);
}

/** Does what the probe's own implementation does; who waits for the system is told by the caller. */
export const probeSystem = implement(contract, async ({ activity }, call) => {
  const probe = known.get(activity);
  if (!probe) throw unexpected(`this worker has no implementation of the probe "${activity}"`);
  return probe.run({}, call);
});
