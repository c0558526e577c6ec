import { defaultPayloadConverter } from '@temporalio/common';
import type { temporal } from '@temporalio/proto';
import type { OverlapShown } from '../schedules/policies.ts';
import type { Spec } from '../schedules/spec.ts';
import { decodeMap, isoOf, secondsIn } from '../../engine/payloads.ts';
import { decodeSpec, overlapOf } from './schedule-spec.ts';

type Description = temporal.api.workflowservice.v1.IDescribeScheduleResponse;
type Entry = temporal.api.schedule.v1.IScheduleListEntry;
type ActionResult = temporal.api.schedule.v1.IScheduleActionResult;

/** The memo of a schedule that was made here. The namespace may hold others' schedules, which have no such memo and are let alone. */
export const scheduleMemoKeys = { createdBy: 'createdBy', asked: 'asked' } as const;

export interface ScheduledStart {
  readonly id: string;
  readonly runId: string;
  readonly scheduledFor: string;
  readonly startedAt: string;
}

/** What a list shows of a schedule. */
export interface ScheduleEntry {
  readonly id: string;
  readonly process: string;
  readonly createdBy: string;
  readonly paused: boolean;
  /** Temporal's note. */
  readonly note: string;
  readonly nextTimes: readonly string[];
  /** Newest first. */
  readonly recentStarts: readonly ScheduledStart[];
}

/** A schedule as Temporal keeps it. */
export interface KeptSchedule extends ScheduleEntry {
  /** The digest of the request that made it. */
  readonly asked: string;
  readonly input: unknown;
  readonly spec: Spec;
  readonly overlap: OverlapShown;
  /** seconds */
  readonly catchupWindow: number;
  readonly createdAt: string;
  readonly changedAt: string | null;
  readonly counts: { readonly started: number; readonly waiting: number; readonly skipped: number; readonly missed: number; readonly dropped: number };
  /** What Temporal has, to be sent back with a change. */
  readonly raw: Description;
}

/** `undefined` for a schedule of others. */
export function scheduleOf({ id, description }: { id: string; description: Description }): KeptSchedule | undefined {
  const { schedule, info, memo } = description;
  const { [scheduleMemoKeys.createdBy]: createdBy, [scheduleMemoKeys.asked]: asked } = decodeMap(memo?.fields);
  const action = schedule?.action?.startWorkflow;
  if (typeof createdBy !== 'string' || !action) return undefined;
  const payload = action.input?.payloads?.[0];
  return {
    id,
    process: action.workflowType?.name ?? '',
    createdBy,
    asked: String(asked),
    input: payload ? defaultPayloadConverter.fromPayload(payload) : undefined,
    spec: decodeSpec(schedule.spec ?? {}),
    overlap: overlapOf(schedule.policies?.overlapPolicy),
    catchupWindow: secondsIn(schedule.policies?.catchupWindow),
    paused: schedule.state?.paused ?? false,
    note: schedule.state?.notes ?? '',
    nextTimes: nextOf(info?.futureActionTimes),
    recentStarts: startsOf(info?.recentActions),
    createdAt: isoOf(info?.createTime) ?? '',
    changedAt: isoOf(info?.updateTime),
    counts: {
      started: Number(info?.actionCount ?? 0),
      waiting: Number(info?.bufferSize ?? 0),
      skipped: Number(info?.overlapSkipped ?? 0),
      missed: Number(info?.missedCatchupWindow ?? 0),
      dropped: Number(info?.bufferDropped ?? 0),
    },
    raw: description,
  };
}

/** `undefined` for a schedule of others. */
export function entryOf({ scheduleId, memo, info }: Entry): ScheduleEntry | undefined {
  const createdBy = decodeMap(memo?.fields)[scheduleMemoKeys.createdBy];
  if (typeof createdBy !== 'string') return undefined;
  return {
    id: scheduleId ?? '',
    process: info?.workflowType?.name ?? '',
    createdBy,
    paused: info?.paused ?? false,
    note: info?.notes ?? '',
    nextTimes: nextOf(info?.futureActionTimes),
    recentStarts: startsOf(info?.recentActions),
  };
}

/** Temporal tells what was to come when the schedule last did something; one that is paused does nothing. */
function nextOf(times: readonly Parameters<typeof isoOf>[0][] | null | undefined): string[] {
  const now = new Date().toISOString();
  return (times ?? []).flatMap((time) => isoOf(time) ?? []).filter((time) => time > now);
}

const startsOf = (actions: readonly ActionResult[] | null | undefined): ScheduledStart[] =>
  (actions ?? [])
    .map(({ startWorkflowResult, scheduleTime, actualTime }) => ({
      id: startWorkflowResult?.workflowId ?? '',
      runId: startWorkflowResult?.runId ?? '',
      scheduledFor: isoOf(scheduleTime) ?? '',
      startedAt: isoOf(actualTime) ?? '',
    }))
    .reverse();
