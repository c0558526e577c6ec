import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { temporal } from '@temporalio/proto';
import { conflict, invalidInput, notFound, unavailable } from '../../contracts/failures.ts';
import { instanceId } from '../../contracts/ids.ts';
import { memoKeys, taskQueues } from '../../contracts/verbs.ts';
import type { KnownProcess } from '../definitions/definitions.ts';
import type { Overlap } from '../schedules/policies.ts';
import type { Spec } from '../schedules/spec.ts';
import { detailsOf, isCode } from '../../engine/grpc.ts';
import { type KeptSchedule, scheduleMemoKeys, scheduleOf } from './kept-schedule.ts';
import { durationOf, encode, encodeMap } from '../../engine/payloads.ts';
import { encodeSpec, overlapPolicies } from './schedule-spec.ts';
import { matchingTimes } from './schedule-times.ts';
import type { Temporal } from '../../engine/temporal.ts';

/** What a schedule starts, and when. */
export interface ScheduleContent {
  readonly known: KnownProcess;
  readonly input: unknown;
  readonly spec: Spec;
  readonly overlap: Overlap;
  /** seconds */
  readonly catchupWindow: number;
}

interface NewSchedule {
  readonly id: string;
  readonly content: ScheduleContent;
  readonly user: string;
  /** Tells this request from another with the same id. */
  readonly asked: string;
  readonly state: { readonly paused: boolean; readonly notes: string };
}

/**
 * Whether this request made the schedule; `false` when the id has one already.
 *
 * @throws InvalidInput that says what Temporal does not take
 */
export async function createSchedule({ ask, namespace }: Temporal, { id, content, user, asked, state }: NewSchedule): Promise<boolean> {
  const action = {
    workflowId: instanceId({ process: content.known.contract.name, businessKey: id }),
    workflowType: { name: content.known.contract.name },
    taskQueue: { name: taskQueues.workflows },
    // The definition and the generation are left to the instance: the code that runs it may be newer than the schedule, and a time that is asked for
    // again has the same id, under which no idempotency key may be used twice.
    memo: { fields: encodeMap({ [memoKeys.startedBy]: user }) },
    ...startOf(content),
  };
  const request = {
    namespace,
    scheduleId: id,
    requestId: randomUUID(),
    identity: user,
    memo: { fields: encodeMap({ [scheduleMemoKeys.createdBy]: user, [scheduleMemoKeys.asked]: asked }) },
    schedule: { ...timesOf(content), action: { startWorkflow: action }, state },
  };
  try {
    await fitting(() => ask((service) => service.createSchedule(request)));
    return true;
  } catch (error) {
    if (isCode(error, 'alreadyExists')) return false;
    throw error;
  }
}

/** @throws NotFound */
export async function readSchedule(temporal: Temporal, id: string): Promise<KeptSchedule> {
  const found = await readScheduleIfThere(temporal, id);
  if (!found) throw noSchedule(id);
  return found;
}

export async function readScheduleIfThere(temporal: Temporal, id: string): Promise<KeptSchedule | undefined> {
  const { ask, namespace } = temporal;
  try {
    const kept = scheduleOf({ id, description: await ask((service) => service.describeSchedule({ namespace, scheduleId: id })) });
    return kept?.paused === true ? { ...kept, nextTimes: await nextTimes(temporal, id) } : kept;
  } catch (error) {
    if (isCode(error, 'notFound')) return undefined;
    throw error;
  }
}

/**
 * Replaces what a schedule starts and when. Whether it is paused, and who made it, stays.
 *
 * @throws NotFound, InvalidInput, Conflict when something else changed it at the same moment
 */
export async function updateSchedule(temporal: Temporal, { kept, content, user }: { kept: KeptSchedule; content: ScheduleContent; user: string }): Promise<KeptSchedule> {
  const { schedule, conflictToken } = kept.raw;
  const action = { startWorkflow: { ...schedule?.action?.startWorkflow, ...startOf(content) } };
  const request = { namespace: temporal.namespace, scheduleId: kept.id, requestId: randomUUID(), identity: user, conflictToken, schedule: { ...schedule, ...timesOf(content), action } };
  await there(kept.id, () => fitting(() => temporal.ask((service) => service.updateSchedule(request))));
  const now = await readSchedule(temporal, kept.id);
  // Temporal drops a change that comes with an old token, and tells nobody.
  if (now.changedAt === kept.changedAt) throw conflict(`schedule "${kept.id}" was changed, paused or resumed by somebody else at the same moment: this change was not made. Look at it again, then repeat the change.`);
  return now;
}

/** What is still to come by the times alone, the next ten. */
async function nextTimes(temporal: Temporal, id: string): Promise<readonly string[]> {
  const times = await matchingTimes(temporal, { id, startAt: new Date().toISOString(), endAt: '2100-12-31T23:59:59Z' });
  return times.slice(0, 10);
}

interface Patching {
  readonly id: string;
  readonly user: string;
  readonly patch: temporal.api.schedule.v1.ISchedulePatch;
  /** Whether the schedule shows the effect. */
  readonly took: (now: KeptSchedule) => boolean | Promise<boolean>;
}

/** Attempts at a patch, and milliseconds between two of them at most, times the attempt. */
const [attempts, apart] = [5, 100];

/**
 * Pauses, resumes or starts. Of several patches that reach a schedule in the same moment Temporal (1.32) takes the last one, and drops the others
 * without a word. So its effect is looked for, and it is sent again where there is none; those who send from the same process take turns besides.
 *
 * @throws NotFound, Unavailable
 */
export async function patchSchedule(temporal: Temporal, { id, user, patch, took }: Patching): Promise<KeptSchedule> {
  for (let attempt = 1; attempt <= attempts; attempt++) {
    await there(id, () => temporal.ask((service) => service.patchSchedule({ namespace: temporal.namespace, scheduleId: id, identity: user, requestId: randomUUID(), patch })));
    // It is asked after what was sent to it before.
    const now = await readSchedule(temporal, id);
    if (await took(now)) return now;
    await pause(Math.random() * apart * attempt);
  }
  throw unavailable(`schedule "${id}" did not take it, ${attempts} times: too many others act on it in the same moment. Look at it with GET /api/schedules/${id}, then send it again.`);
}

/** @throws NotFound */
export async function deleteSchedule({ ask, namespace }: Temporal, { id, user }: { id: string; user: string }): Promise<void> {
  await there(id, () => ask((service) => service.deleteSchedule({ namespace, scheduleId: id, identity: user })));
}

const startOf = ({ known, input }: ScheduleContent) => ({ input: { payloads: [encode(input)] }, userMetadata: { summary: encode(known.contract.title) } });

const timesOf = ({ spec, overlap, catchupWindow }: ScheduleContent) => ({
  spec: encodeSpec(spec),
  policies: { overlapPolicy: overlapPolicies[overlap], catchupWindow: durationOf(catchupWindow) },
});

const noSchedule = (id: string) => notFound(`there is no schedule "${id}". GET /api/schedules lists those there are; one with no time left goes by itself after 7 days.`);

async function there<R>(id: string, act: () => Promise<R>): Promise<R> {
  try {
    return await act();
  } catch (error) {
    if (isCode(error, 'notFound')) throw noSchedule(id);
    throw error;
  }
}

async function fitting<R>(act: () => Promise<R>): Promise<R> {
  try {
    return await act();
  } catch (error) {
    if (!isCode(error, 'invalidArgument')) throw error;
    const message = `Temporal does not take it: ${detailsOf(error)}`;
    throw invalidInput(`spec: ${message}`, { issues: [{ path: 'spec', message }] });
  }
}
