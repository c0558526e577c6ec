import { conflict, invalidInput, unexpected } from '../../contracts/failures.ts';
import type { ProcessContract } from '../../contracts/define/process.ts';
import { incidentGroup } from '../../contracts/incident-group.ts';
import type { IncidentAnswer, IncidentMemo, IncidentState, UpdateAnswers, UpdateInput } from '../../contracts/verbs.ts';
import { checkedInput } from './checked.ts';
import { skipped } from './failure.ts';
import type { Incident, Resolution } from './incident.ts';
import { inTime } from './in-time.ts';
import { mendable } from './mendable.ts';

interface Means {
  readonly process: ProcessContract;
  /** @throws NotFound, Conflict */
  readonly openOne: (id: string) => Incident;
  readonly open: () => readonly (readonly [string, Incident])[];
  readonly resolve: (id: string, resolution: Resolution) => IncidentAnswer;
  readonly edit: (id: string, patch: Pick<IncidentMemo, 'assignee' | 'dueAt'>) => IncidentMemo;
  /** Takes note of the input that a step is asked with from now on. */
  readonly change: (activityId: string, input: unknown) => void;
}

/** What an operator may do about an incident: each verb's check, which refuses it without a trace, and the verb itself. */
export function incidentVerbs({ process, openOne, open, resolve, edit, change }: Means) {
  const changedInput = ({ incident, input, comment }: UpdateInput<'incident.retry'>): unknown => {
    const { activityId, memo } = openOne(incident);
    const { input: takes } = mendable({ process, activityId, memo });
    if (!takes) throw conflict(`incident "${incident}": what "${activityId}" is given cannot be changed here. Retry it as it is, or fail it.`);
    if ((comment ?? '').trim().length < 3) throw invalidInput(`incident "${incident}": who changes an input says why: give a comment`, { issues: [{ path: 'comment', message: 'is missing' }] });
    return checkedInput({ ...takes, value: input, what: `the changed input of "${activityId}"`, within: 'input' });
  };
  const suppliedOutput = ({ incident, output }: UpdateInput<'incident.supply'>): unknown => {
    const { activityId, memo } = openOne(incident);
    const { output: gives } = mendable({ process, activityId, memo });
    if (!gives) throw conflict(`incident "${incident}": "${activityId}" gives nothing that could be supplied in its place. Retry it, or fail it.`);
    return checkedInput({ schema: gives, value: output, what: `the output supplied for "${activityId}"`, within: 'output' });
  };

  const notOptional = (incident: string, { memo: { of, step } }: Incident) =>
    conflict(`incident "${incident}" cannot be skipped: ${of === 'step' ? `step "${step}" is not optional` : 'a compensation never is'}. Retry it, or fail it.`);
  const givenUp = ({ memo: { of, step, failure } }: Incident, { user, reason }: { user: string; reason: string }) => unexpected(`${user} gave up on ${of} "${step}" (${reason}): ${failure.message}`);

  /** @throws Conflict */
  const meant = ({ verb, group }: UpdateInput<'incidents.resolve'>): readonly (readonly [string, Incident])[] => {
    const found = open().filter(([, { memo }]) => group === undefined || incidentGroup(memo) === group);
    if (found.length === 0) throw conflict(`there is no open incident${group === undefined ? '' : ` of group "${group}"`} in this instance`);
    const hard = verb === 'skip' ? found.find(([, { memo }]) => !memo.optional) : undefined;
    if (hard) throw notOptional(...hard);
    return found;
  };
  const ends = { retry: () => ({}), skip: (_: Incident, { reason }: { reason: string }) => ({ failure: skipped(reason) }), fail: (incident: Incident, why: { user: string; reason: string }) => ({ failure: givenUp(incident, why) }) };

  return {
    checkResolve(verb: UpdateInput<'incidents.resolve'>): void {
      inTime(verb.validUntil);
      meant(verb);
    },
    resolve(all: UpdateInput<'incidents.resolve'>): UpdateAnswers['incidents.resolve'] {
      const { verb, actor: { user }, reason } = all;
      const found = meant(all);
      for (const [id, incident] of found) resolve(id, { verb, by: user, ...ends[verb](incident, { user, reason }) });
      return { incidents: found.map(([id]) => id), resolution: verb, resolvedBy: user };
    },
    checkRetry(verb: UpdateInput<'incident.retry'>): void {
      inTime(verb.validUntil);
      if ('input' in verb) changedInput(verb);
      else openOne(verb.incident);
    },
    retry(verb: UpdateInput<'incident.retry'>): IncidentAnswer {
      const { incident, actor } = verb;
      if ('input' in verb) change(openOne(incident).activityId, changedInput(verb));
      return resolve(incident, { verb: 'retry', by: actor.user });
    },
    checkSupply(verb: UpdateInput<'incident.supply'>): void {
      inTime(verb.validUntil);
      suppliedOutput(verb);
    },
    supply: (verb: UpdateInput<'incident.supply'>): IncidentAnswer => resolve(verb.incident, { verb: 'supply', by: verb.actor.user, supplied: { output: suppliedOutput(verb) } }),
    checkSkip({ incident, validUntil }: UpdateInput<'incident.skip'>): void {
      inTime(validUntil);
      const one = openOne(incident);
      if (!one.memo.optional) throw notOptional(incident, one);
    },
    skip: ({ incident, actor, reason }: UpdateInput<'incident.skip'>): IncidentAnswer => resolve(incident, { verb: 'skip', by: actor.user, failure: skipped(reason) }),
    checkEdit({ incident, assignee, dueAt, comment, validUntil }: UpdateInput<'incident.edit'>): void {
      inTime(validUntil);
      openOne(incident);
      if (assignee === undefined && dueAt === undefined && comment === undefined) throw invalidInput(`incident "${incident}": nothing is to be changed: give an assignee, a dueAt or a comment`);
    },
    edit({ incident, assignee, dueAt }: UpdateInput<'incident.edit'>): IncidentState {
      const patch = { ...(assignee === undefined ? {} : { assignee }), ...(dueAt === undefined ? {} : { dueAt }) };
      // A comment alone stands in the history, and nowhere else.
      const memo = Object.keys(patch).length > 0 ? edit(incident, patch) : openOne(incident).memo;
      return { incident, assignee: memo.assignee ?? null, dueAt: memo.dueAt ?? null };
    },
    checkFail({ incident, validUntil }: UpdateInput<'incident.fail'>): void {
      inTime(validUntil);
      openOne(incident);
    },
    fail({ incident, actor, reason }: UpdateInput<'incident.fail'>): IncidentAnswer {
      return resolve(incident, { verb: 'fail', by: actor.user, failure: givenUp(openOne(incident), { user: actor.user, reason }) });
    },
  };
}
