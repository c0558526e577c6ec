import { condition, type TemporalFailure } from '@temporalio/workflow';
import { brief } from '../../contracts/define/issues.ts';
import { conflict, notFound, unexpected } from '../../contracts/failures.ts';
import { type IncidentAnswer, type IncidentMemo, type IncidentVerb, memoKeys, type UpdateInput } from '../../contracts/verbs.ts';
import { causeOf, failureOf, plainOf, skipped } from './failure.ts';
import type { CarriedIncidents } from './carried.ts';
import { inTime } from './in-time.ts';
import type { Wait, Waits } from './waits.ts';

interface Resolution {
  readonly verb: IncidentVerb;
  readonly by: string;
  /** What the step is told where it is not to be tried again. */
  readonly failure?: TemporalFailure | undefined;
}

interface Incident {
  readonly activityId: string;
  readonly waitsFor: readonly string[];
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
export function createIncidents({ waits, carried }: { waits: Waits; carried: CarriedIncidents | undefined }) {
  const incidents = new Map<string, Incident>();
  const counts = new Map(Object.entries(carried?.counts ?? {}));
  const resolved = new Map(Object.entries(carried?.resolved ?? {}));

  const waitOf = (id: string, { waitsFor, memo }: Incident): Wait => ({ key: memoKeys.incident(id), memo, of: waitsFor, line: `Incident **${id}** (${memo.title}): ${memo.failure.message}` });
  /** Those of a former run, by activity id, until their step takes them up: a decision may come before the flow has reached the step again. */
  const formers = new Map<string, [string, Incident]>();
  for (const { id, resolution, ...rest } of carried?.open ?? []) {
    const former: Incident = { ...rest, ...(resolution ? { resolution: { ...resolution, failure: resolution.failure && failureOf(resolution.failure) } } : {}) };
    incidents.set(id, former);
    formers.set(former.activityId, [id, former]);
    if (!resolution) waits.restore(waitOf(id, former));
  }

  const openOne = (id: string): Incident => {
    const before = resolved.get(id);
    if (before) throw conflict(`incident "${id}" was already resolved with ${before.verb} by ${before.by}`);
    const incident = incidents.get(id);
    if (!incident) throw notFound(`there is no incident "${id}" in this instance; open ones: ${openIds() || 'none'}`);
    if (incident.withdrawn) throw conflict(`incident "${id}" ended when its step was cancelled`);
    return incident;
  };
  const openIds = (): string => [...incidents].filter(isOpen).map(([id]) => id).join(', ');

  const resolve = (id: string, resolution: Resolution): IncidentAnswer => {
    openOne(id).resolution = resolution;
    resolved.set(id, { verb: resolution.verb, by: resolution.by });
    waits.close(memoKeys.incident(id));
    return { incident: id, resolution: resolution.verb, resolvedBy: resolution.by };
  };

  /** Waits for the decision: returns when the step is to be tried again, throws when it is to fail or is cancelled. */
  const resolvedOf = async (id: string, incident: Incident): Promise<void> => {
    try {
      await condition(() => incident.resolution !== undefined);
    } finally {
      if (!incident.resolution) {
        incident.withdrawn = true;
        waits.close(memoKeys.incident(id));
      }
    }
    if (incident.resolution?.failure) throw incident.resolution.failure;
  };

  return {
    /** Opens an incident and waits: returns when the step is to be tried again, throws when it is to fail or is cancelled. */
    async open({ activityId, waitsFor, optional, ...trouble }: Trouble, error: unknown): Promise<void> {
      const nth = (counts.get(activityId) ?? 0) + 1;
      counts.set(activityId, nth);
      const id = `${activityId}.${nth}`;
      const { type, message } = causeOf(error);
      const memo: IncidentMemo = { ...trouble, ...(optional ? { optional } : {}), failure: { type, message: brief(message, longestMessage) }, openedAt: new Date().toISOString() };
      const incident: Incident = { activityId, waitsFor, memo };
      incidents.set(id, incident);
      waits.show(waitOf(id, incident));
      return resolvedOf(id, incident);
    },
    /** How many this step has had. */
    count: (activityId: string): number => counts.get(activityId) ?? 0,
    /** Whether one of a former run waits for this step. */
    isOpen: (activityId: string): boolean => formers.has(activityId),
    /** Waits on for the decision of a former run's incident. */
    async reopen(activityId: string): Promise<void> {
      const former = formers.get(activityId);
      formers.delete(activityId);
      if (former) await resolvedOf(...former);
    },
    carry: (): CarriedIncidents => ({
      open: [...incidents]
        .filter((one) => isOpen(one) || formers.has(one[1].activityId))
        .map(([id, { activityId, waitsFor, memo, resolution }]) => ({ id, activityId, waitsFor, memo, ...(resolution ? { resolution: { ...resolution, failure: resolution.failure && plainOf(resolution.failure) } } : {}) })),
      resolved: Object.fromEntries(resolved),
      counts: Object.fromEntries(counts),
    }),
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

const isOpen = ([, { resolution, withdrawn }]: readonly [string, Incident]): boolean => !resolution && !withdrawn;
