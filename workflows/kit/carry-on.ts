import { memoKeys } from '../../contracts/verbs.ts';
import type { Carried, Effect } from './carried.ts';
import type { Instance } from './instance.ts';

/** What the next run of an instance is to know. */
export function carryOn({ journal, compensations, tasks, incidents, messages, timers, signals }: Instance): Carried {
  const effects = new Map<string, Effect[]>();
  for (const { activityId, forwardKey, input, output } of compensations.all()) {
    const [visit = ''] = activityId.split('/');
    const effect = { activityId, forwardKey, input, ...(output === undefined ? {} : { output }) };
    effects.set(visit, [...(effects.get(visit) ?? []), effect]);
  }
  return {
    format: 1,
    answers: journal.all().map((answer) => ({ ...answer, ...(effects.has(answer.id) ? { effects: effects.get(answer.id) ?? [] } : {}) })),
    tasks: tasks.carry(),
    incidents: incidents.carry(),
    messages: messages.carry(),
    timers: Object.fromEntries(timers),
    verdicts: { [memoKeys.messages]: messages.told(), [memoKeys.signals]: signals.told() },
  };
}
