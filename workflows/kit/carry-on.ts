import { visitOf } from '../../contracts/ids.ts';
import { memoKeys } from '../../contracts/verbs.ts';
import type { Carried, Effect } from './carried.ts';
import type { Instance } from './instance.ts';

const nothing: ReadonlySet<string> = new Set();

/** What the next run of an instance is to know; it is not to know how these visits ended that are `dropped`. */
export function carryOn({ journal, compensations, tasks, incidents, messages, timers, signals }: Instance, dropped = nothing): Carried {
  const known = journal.all().filter(({ id }) => !dropped.has(id));
  const effects = new Map<string, Effect[]>();
  for (const { activityId, forwardKey, input, output } of compensations.all()) {
    const visit = visitOf(activityId);
    const effect = { activityId, forwardKey, input, ...(output === undefined ? {} : { output }) };
    effects.set(visit, [...(effects.get(visit) ?? []), effect]);
  }
  return {
    format: 1,
    answers: known.map((answer) => ({ ...answer, ...(effects.has(answer.id) ? { effects: effects.get(answer.id) ?? [] } : {}) })),
    tasks: tasks.carry(dropped),
    incidents: incidents.carry((id) => dropped.has(id) || journal.knows(id)),
    messages: messages.carry(new Map(journal.all().filter(({ id }) => dropped.has(id)).map(({ id, output }) => [id, output]))),
    timers: Object.fromEntries([...timers].filter(([id]) => !dropped.has(id))),
    verdicts: { [memoKeys.messages]: messages.told(), [memoKeys.signals]: signals.told() },
  };
}
