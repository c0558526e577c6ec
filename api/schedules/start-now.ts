import { invalidInput } from '../../contracts/failures.ts';
import { instanceId, pathOf } from '../../contracts/ids.ts';
import type { Caller } from '../access/caller.ts';
import type { Generations } from '../instances/generations.ts';
import { type RequestKeys, requireKey } from '../requests/request-keys.ts';
import { describeIfThere } from '../../engine/executions.ts';
import type { KeptSchedule } from '../temporal/kept-schedule.ts';
import { timestampOf } from '../../engine/payloads.ts';
import { overlapPolicies } from '../temporal/schedule-spec.ts';
import { matchingTimes, startedTimes } from '../temporal/schedule-times.ts';
import { patchSchedule, readSchedule } from '../temporal/schedules.ts';
import type { Temporal } from '../../engine/temporal.ts';
import { requireRunnable } from './act.ts';
import { type BackfillBody, type Backfilled, pathOfItsInstances, pathOfSchedule, type TriggerBody, type Triggered } from './schedule.ts';
import type { Show } from './show.ts';
import { type Slot, slotsOf, stretchesOf } from './slots.ts';
import type { InTurn } from './turns.ts';

interface Request<Body> {
  readonly id: string;
  readonly body: Body;
  readonly idempotencyKey: string | undefined;
  readonly caller: Caller;
}

export interface StartsNow {
  /** Also while it is paused. */
  trigger(request: Request<TriggerBody>): Promise<Triggered>;
  backfill(request: Request<BackfillBody>): Promise<Backfilled>;
}

interface Deps {
  readonly temporal: Temporal;
  readonly requestKeys: RequestKeys;
  readonly show: Show;
  readonly inTurn: InTurn;
  /** Gives each second of a schedule away once. */
  readonly seconds: Generations;
}

/** Times that one request may ask for: Temporal lets half of 1,000 wait, and drops what is more. */
const mostTimes = 500;

/** Both throw NotFound; Conflict where what the schedule starts could not run. */
export function createStartsNow({ temporal, requestKeys, show, inTurn, seconds }: Deps): StartsNow {
  /**
   * A start is known by its second, and Temporal drops one that comes with the id of a running instance without a word. So each trigger has a
   * second of its own, which may lie a little ahead when many come at once.
   */
  async function freeSecond({ id, process }: KeptSchedule): Promise<string> {
    for (let after = Math.floor(Date.now() / 1_000) - 1; ; ) {
      after = await seconds.next({ id, after });
      const second = isoOfSecond(after);
      if (!(await describeIfThere(temporal, instanceOf({ process, id, second })))) return second;
    }
  }

  async function trigger({ id, body = { overlap: 'allowAll' }, idempotencyKey, caller: { user } }: Request<TriggerBody>): Promise<Triggered> {
    const kept = await readSchedule(temporal, id);
    requireRunnable({ show, kept });
    return requestKeys.once<{ second: string }, Triggered>({
      key: requireKey(idempotencyKey),
      user,
      asked: { trigger: id, body },
      plan: async () => ({ second: await freeSecond(kept) }),
      async carryOut({ second }) {
        const instance = instanceOf({ process: kept.process, id, second });
        const isThere = async (): Promise<boolean> => (await describeIfThere(temporal, instance)) !== undefined;
        const patch = { triggerImmediately: { overlapPolicy: overlapPolicies[body.overlap], scheduledTime: timestampOf(second) } };
        if (!(await isThere())) await patchSchedule(temporal, { id, user, patch, took: async (now) => (await isThere()) || hasActed({ kept, now }) });
        return { schedule: id, instance, scheduledFor: second, links: { schedule: pathOfSchedule(id), instance: pathOf(instance) } };
      },
    });
  }

  async function backfill({ id, body, idempotencyKey, caller: { user } }: Request<BackfillBody>): Promise<Backfilled> {
    const kept = await readSchedule(temporal, id);
    requireRunnable({ show, kept });
    return requestKeys.once<{ slots: readonly Slot[] }, Backfilled>({
      key: requireKey(idempotencyKey),
      user,
      asked: { backfill: id, body },
      plan: async () => ({ slots: await slots(kept, body) }),
      async carryOut({ slots }) {
        const overlapPolicy = overlapPolicies[body.overlap];
        const backfillRequest = stretchesOf(slots).map(({ startAt, endAt }) => ({ startTime: timestampOf(startAt), endTime: timestampOf(endAt), overlapPolicy }));
        if (backfillRequest.length > 0) await patchSchedule(temporal, { id, user, patch: { backfillRequest }, took: (now) => hasActed({ kept, now }) });
        const starts = slots.filter(({ taken }) => !taken).length;
        return { schedule: id, times: slots.length, startedBefore: slots.length - starts, starts, links: { schedule: pathOfSchedule(id), instances: pathOfItsInstances(id) } };
      },
    });
  }

  async function slots({ id, spec }: KeptSchedule, { startAt, endAt }: BackfillBody): Promise<readonly Slot[]> {
    if (Date.parse(endAt) > Date.now()) throw unfit('endAt', 'lies ahead: a backfill is of times that have passed');
    const times = await matchingTimes(temporal, { id, startAt, endAt });
    if (times.length === 0) throw unfit('startAt', 'the schedule has no time from "startAt" to "endAt"');
    if (times.length > mostTimes) throw unfit('endAt', `the schedule has more than ${mostTimes} times from "startAt" to "endAt": take a shorter stretch, and the next when its instances have started`);
    return slotsOf({ times, startAt, jitter: spec.jitter, started: await startedTimes(temporal, { id, startAt, endAt }) });
  }

  return {
    trigger: (request) => inTurn(request.id, () => trigger(request)),
    backfill: (request) => inTurn(request.id, () => backfill(request)),
  };
}

/** Whether it has started something, or decided not to, since it was looked at. */
function hasActed({ kept, now }: { kept: KeptSchedule; now: KeptSchedule }): boolean {
  const sum = ({ counts: { started, waiting, skipped, dropped } }: KeptSchedule): number => started + waiting + skipped + dropped;
  return sum(now) > sum(kept);
}

const isoOfSecond = (second: number): string => new Date(second * 1_000).toISOString().replace('.000Z', 'Z');

/** As Temporal makes it of the schedule's workflow id and the second. */
const instanceOf = ({ process, id, second }: { process: string; id: string; second: string }): string => instanceId({ process, businessKey: `${id}-${second}` });

const unfit = (path: string, message: string) => invalidInput(`${path}: ${message}`, { issues: [{ path, message }] });
