import { condition } from '@temporalio/workflow';
import { brief } from '../../contracts/define/issues.ts';
import { shownLimit, utf8Length } from '../../contracts/define/limits.ts';
import type { ProcessContract } from '../../contracts/define/process.ts';
import { conflict, notFound } from '../../contracts/failures.ts';
import { incidentGroup } from '../../contracts/incident-group.ts';
import { type IncidentAnswer, type IncidentMemo, memoKeys } from '../../contracts/verbs.ts';
import { causeOf, failureOf, plainOf } from './failure.ts';
import type { CarriedIncidents, Changes } from './carried.ts';
import type { Failure, Incident, Resolution, Supplied, Trouble } from './incident.ts';
import { incidentVerbs } from './incident-verbs.ts';
import { isProbed, watchOver } from './watch.ts';
import type { Wait, Waits } from './waits.ts';

/** Of what a system said; the whole stands in the event of its failure. */
const longestMessage = 2_000;

export type Incidents = ReturnType<typeof createIncidents>;

/** Steps that failed beyond what automation may do; each waits for a person's decision. */
export function createIncidents({ process, waits, carried }: { process: ProcessContract; waits: Waits; carried: CarriedIncidents | undefined }) {
  const incidents = new Map<string, Incident>();
  const counts = new Map(Object.entries(carried?.counts ?? {}));
  const resolved = new Map(Object.entries(carried?.resolved ?? {}));
  /** By activity id. */
  const changes = new Map<string, Changes>(Object.entries(carried?.changes ?? {}));
  const changesOf = (activityId: string): Changes => changes.get(activityId) ?? { inputs: [], clean: true };

  const waitOf = (id: string, { waitsFor, memo }: Incident): Wait => ({ key: memoKeys.incident(id), memo, of: waitsFor, group: incidentGroup(memo), line: `Incident **${id}** (${memo.title}): ${memo.failure.message}` });
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

  const edit = (id: string, patch: Pick<IncidentMemo, 'assignee' | 'dueAt'>): IncidentMemo => {
    const incident = openOne(id);
    incident.memo = { ...incident.memo, ...patch };
    waits.show(waitOf(id, incident));
    return incident.memo;
  };
  const resolve = (id: string, resolution: Resolution): IncidentAnswer => {
    openOne(id).resolution = resolution;
    resolved.set(id, { verb: resolution.verb, by: resolution.by });
    waits.close(memoKeys.incident(id));
    return { incident: id, resolution: resolution.verb, resolvedBy: resolution.by };
  };

  const resolvedOf = async (id: string, incident: Incident): Promise<Supplied | undefined> => {
    try {
      await condition(() => incident.resolution !== undefined);
    } finally {
      if (!incident.resolution) {
        incident.withdrawn = true;
        waits.close(memoKeys.incident(id));
      }
    }
    if (incident.resolution?.failure) throw incident.resolution.failure;
    return incident.resolution?.supplied;
  };

  const watchedUntil = async <R>({ memo, resolution }: Incident, probe: Trouble['probe'], end: () => Promise<R>): Promise<R> => {
    const isWatched = !resolution && isProbed({ probe }, memo.failure.type);
    const enough = probe && isWatched ? watchOver({ group: incidentGroup(memo), probe: probe.activity, perSecond: probe.perSecond }) : undefined;
    try {
      return await end();
    } finally {
      enough?.();
    }
  };

  return {
    /** Opens an incident and waits for its decision: returns when the step is to be tried again, or with what it gives; throws when it is to fail or is cancelled. */
    async open({ activityId, waitsFor, optional, probe, ...trouble }: Trouble, { error, ...failed }: Failure): Promise<Supplied | undefined> {
      const nth = (counts.get(activityId) ?? 0) + 1;
      counts.set(activityId, nth);
      const id = `${activityId}.${nth}`;
      const { type, message } = causeOf(error);
      const memo: IncidentMemo = {
        ...trouble,
        ...(optional ? { optional } : {}),
        failure: { type, message: brief(message, longestMessage) },
        openedAt: new Date().toISOString(),
        ...('given' in failed && utf8Length(JSON.stringify(failed.given) ?? '') <= shownLimit ? { given: failed.given } : {}),
      };
      const incident: Incident = { activityId, waitsFor, memo };
      incidents.set(id, incident);
      waits.show(waitOf(id, incident));
      return watchedUntil(incident, probe, () => resolvedOf(id, incident));
    },
    /** How many this step has had. */
    count: (activityId: string): number => counts.get(activityId) ?? 0,
    changesOf,
    /** What the step did with the input before the newest is undone. */
    cleaned: (activityId: string): void => void changes.set(activityId, { ...changesOf(activityId), clean: true }),
    /** Whether one of a former run waits for this step. */
    isOpen: (activityId: string): boolean => formers.has(activityId),
    /** Waits on for the decision of a former run's incident. */
    async reopen({ activityId, probe }: Trouble): Promise<Supplied | undefined> {
      const former = formers.get(activityId);
      formers.delete(activityId);
      return former && watchedUntil(former[1], probe, () => resolvedOf(...former));
    },
    /** `isAnswered`: of a step that nobody asks any more. */
    carry: (isAnswered: (activityId: string) => boolean): CarriedIncidents => ({
      open: [...incidents]
        .filter((one) => isOpen(one) || formers.has(one[1].activityId))
        .map(([id, { activityId, waitsFor, memo, resolution }]) => ({
          id,
          activityId,
          waitsFor,
          memo,
          ...(resolution ? { resolution: { ...resolution, failure: resolution.failure && plainOf(resolution.failure) } } : {}),
        })),
      resolved: Object.fromEntries(resolved),
      counts: Object.fromEntries(counts),
      changes: Object.fromEntries([...changes].filter(([activityId]) => !isAnswered(activityId))),
    }),
    verbs: incidentVerbs({ process, openOne, open: () => [...incidents].filter(isOpen), resolve, edit, change: (activityId, input) => void changes.set(activityId, { inputs: [...changesOf(activityId).inputs, input], clean: false }) }),
  };
}

const isOpen = ([, { resolution, withdrawn }]: readonly [string, Incident]): boolean => !resolution && !withdrawn;
