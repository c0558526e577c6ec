import { condition, type TemporalFailure } from '@temporalio/workflow';
import { brief } from '../../contracts/define/issues.ts';
import { conflict, notFound, unexpected } from '../../contracts/failures.ts';
import { type IncidentAnswer, type IncidentMemo, type IncidentVerb, memoKeys, type UpdateInput } from '../../contracts/verbs.ts';
import { causeOf, skipped } from './failure.ts';
import { inTime } from './in-time.ts';
import type { Waits } from './waits.ts';

interface Resolution {
  readonly verb: IncidentVerb;
  readonly by: string;
  readonly failure?: TemporalFailure;
}

interface Incident {
  readonly memo: IncidentMemo;
  resolution?: Resolution;
  withdrawn?: boolean;
}

/** What is waited for: the step, and what it asks. */
export interface Trouble {
  readonly activityId: string;
  readonly step: string;
  readonly visit: number;
  readonly title: string;
  readonly of: IncidentMemo['of'];
  /** The activity's or task's name. */
  readonly activity: string;
  /** The system or groups behind it. */
  readonly waitsFor: readonly string[];
  readonly optional?: boolean;
}

/** Of what a system said; the whole stands in the event of its failure. */
const longestMessage = 2_000;

export type Incidents = ReturnType<typeof createIncidents>;

/** Steps that failed beyond what automation may do; each waits for a person's decision. */
export function createIncidents(waits: Waits) {
  const incidents = new Map<string, Incident>();
  const counts = new Map<string, number>();

  const openOne = (id: string): Incident => {
    const incident = incidents.get(id);
    if (!incident) throw notFound(`there is no incident "${id}" in this instance; open ones: ${openIds() || 'none'}`);
    if (incident.resolution) throw conflict(`incident "${id}" was already resolved with ${incident.resolution.verb} by ${incident.resolution.by}`);
    if (incident.withdrawn) throw conflict(`incident "${id}" ended when its step was cancelled`);
    return incident;
  };
  const openIds = (): string => [...incidents].filter(([, { resolution, withdrawn }]) => !resolution && !withdrawn).map(([id]) => id).join(', ');

  const resolve = (id: string, resolution: Resolution): IncidentAnswer => {
    openOne(id).resolution = resolution;
    waits.close(memoKeys.incident(id));
    return { incident: id, resolution: resolution.verb, resolvedBy: resolution.by };
  };

  return {
    /** Opens an incident and waits: returns when the step is to be tried again, throws when it is to fail or is cancelled. */
    async open({ activityId, waitsFor, optional, ...trouble }: Trouble, error: unknown): Promise<void> {
      const nth = (counts.get(activityId) ?? 0) + 1;
      counts.set(activityId, nth);
      const id = `${activityId}.${nth}`;
      const { type, message } = causeOf(error);
      const memo: IncidentMemo = { ...trouble, ...(optional ? { optional } : {}), failure: { type, message: brief(message, longestMessage) }, openedAt: new Date().toISOString() };
      const incident: Incident = { memo };
      incidents.set(id, incident);
      waits.show({ key: memoKeys.incident(id), memo, of: waitsFor, line: `Incident **${id}** (${trouble.title}): ${memo.failure.message}` });
      try {
        await condition(() => incident.resolution !== undefined);
      } finally {
        if (!incident.resolution) {
          incident.withdrawn = true;
          waits.close(memoKeys.incident(id));
        }
      }
      if (incident.resolution?.failure) throw incident.resolution.failure;
    },
    verbs: {
      checkRetry({ incident, validUntil }: UpdateInput<'incident.retry'>): void {
        inTime(validUntil);
        openOne(incident);
      },
      retry: ({ incident, actor }: UpdateInput<'incident.retry'>): IncidentAnswer => resolve(incident, { verb: 'retry', by: actor.user }),
      checkSkip({ incident, validUntil }: UpdateInput<'incident.skip'>): void {
        inTime(validUntil);
        const { memo } = openOne(incident);
        if (!memo.optional) throw conflict(`incident "${incident}" cannot be skipped: ${memo.of === 'step' ? `step "${memo.step}" is not optional` : 'a compensation never is'}. Retry it, or fail it.`);
      },
      skip({ incident, actor, reason }: UpdateInput<'incident.skip'>): IncidentAnswer {
        return resolve(incident, { verb: 'skip', by: actor.user, failure: skipped(reason) });
      },
      checkFail({ incident, validUntil }: UpdateInput<'incident.fail'>): void {
        inTime(validUntil);
        openOne(incident);
      },
      fail({ incident, actor, reason }: UpdateInput<'incident.fail'>): IncidentAnswer {
        const { memo } = openOne(incident);
        const failure = unexpected(`${actor.user} gave up on ${memo.of} "${memo.step}" (${reason}): ${memo.failure.message}`);
        return resolve(incident, { verb: 'fail', by: actor.user, failure });
      },
    },
  };
}
