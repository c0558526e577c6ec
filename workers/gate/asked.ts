import { defaultPayloadConverter } from '@temporalio/common';
import type { coresdk, temporal } from '@temporalio/proto';
import { isQuickAnswer, type QuickEnvelope, quickMarker } from '../../contracts/quick.ts';
import { visitOfTimer } from '../../contracts/ids.ts';
import { memoKeys, type TaskMemo } from '../../contracts/verbs.ts';

type Event = temporal.api.history.v1.IHistoryEvent;
type Command = coresdk.workflow_commands.IWorkflowCommand;
type Payload = temporal.api.common.v1.IPayload;
type Duration = { readonly seconds?: { toString(): string } | number | null; readonly nanos?: number | null };

/** One thing that an instance asked of Temporal: of a history's event, or of the command that the code gives when it is replayed. */
export interface Asked {
  /** What it is, told from everything else that was asked at that time; the same for event and command. */
  readonly what: string;
  /** The step that it belongs to, where it is one's. */
  readonly step: string | undefined;
  /** Arguments, lengths, results; `undefined` where they may differ. */
  readonly content: unknown;
}

/** What a history tells that was asked, in its order. */
export function askedIn(events: readonly Event[]): readonly Asked[] {
  return events.flatMap((event): readonly Asked[] => {
    const { activityTaskScheduledEventAttributes: activity, timerStartedEventAttributes: timer, startChildWorkflowExecutionInitiatedEventAttributes: child } = event;
    const { workflowExecutionContinuedAsNewEventAttributes: continued, workflowExecutionCompletedEventAttributes: completed, workflowExecutionFailedEventAttributes: failed } = event;
    const { workflowPropertiesModifiedEventAttributes: memo, upsertWorkflowSearchAttributesEventAttributes: attributes } = event;
    const { markerRecordedEventAttributes: marker } = event;
    const [quick] = marker?.markerName === quickMarker ? valuesOf(marker.details?.result?.payloads) : [];
    if (isQuickAnswer(quick)) return [ofQuick({ id: quick.quick, input: quick.input })];
    if (activity) return [ofActivity({ id: activity.activityId, type: activity.activityType?.name, payloads: activity.input?.payloads })];
    if (timer) return [ofTimer({ id: timer.timerId, length: timer.startToFireTimeout, summary: event.userMetadata?.summary })];
    if (child) return [{ what: `child ${child.workflowType?.name} ${child.workflowId}`, step: undefined, content: valuesOf(child.input?.payloads) }];
    if (continued) return [{ what: `continue as new ${continued.workflowType?.name}`, step: undefined, content: valuesOf(continued.input?.payloads) }];
    if (completed) return [{ what: 'complete', step: undefined, content: valuesOf(completed.result?.payloads) }];
    if (failed) return [{ what: 'fail', step: undefined, content: undefined }];
    if (memo) return ofMemo(memo.upsertedMemo?.fields);
    if (attributes) return ofAttributes(attributes.searchAttributes?.indexedFields);
    return [];
  });
}

/** What the commands of one activation ask, in their order. */
export function askedBy(commands: readonly Command[]): readonly Asked[] {
  // What is given and taken back at once never reaches Temporal.
  const takenBack = new Set(commands.map(({ requestCancelActivity, cancelTimer }) => requestCancelActivity?.seq ?? cancelTimer?.seq));
  return commands.flatMap((command): readonly Asked[] => {
    const { scheduleActivity: activity, scheduleLocalActivity: local, startTimer: timer, startChildWorkflowExecution: child, continueAsNewWorkflowExecution: continued } = command;
    const { completeWorkflowExecution: completed, failWorkflowExecution: failed, modifyWorkflowProperties: memo, upsertWorkflowSearchAttributes: attributes } = command;
    if (activity) return takenBack.has(activity.seq) ? [] : [ofActivity({ id: activity.activityId, type: activity.activityType, payloads: activity.arguments })];
    if (local) return ofLocal(local.arguments);
    if (timer) return takenBack.has(timer.seq) ? [] : [ofTimer({ id: String(timer.seq), length: timer.startToFireTimeout, summary: command.userMetadata?.summary })];
    if (child) return [{ what: `child ${child.workflowType} ${child.workflowId}`, step: undefined, content: valuesOf(child.input) }];
    if (continued) return [{ what: `continue as new ${continued.workflowType}`, step: undefined, content: valuesOf(continued.arguments) }];
    if (completed) return [{ what: 'complete', step: undefined, content: valuesOf(completed.result ? [completed.result] : []) }];
    if (failed) return [{ what: 'fail', step: undefined, content: undefined }];
    if (memo) return ofMemo(memo.upsertedMemo?.fields);
    if (attributes) return ofAttributes(attributes.searchAttributes?.indexedFields);
    return [];
  });
}

function ofActivity({ id, type, payloads }: { id: string | null | undefined; type: string | null | undefined; payloads: readonly Payload[] | null | undefined }): Asked {
  return { what: `activity ${type} ${id}`, step: stepOf(id ?? ''), content: valuesOf(payloads) };
}

const ofQuick = ({ id, input }: { id: string; input: unknown }): Asked => ({ what: `quick ${id}`, step: stepOf(id), content: [input] });

function ofLocal(payloads: readonly Payload[] | null | undefined): readonly Asked[] {
  const [input, envelope] = valuesOf(payloads) as [unknown, QuickEnvelope];
  return [ofQuick({ id: envelope.step, input })];
}

function ofTimer({ id, length, summary }: { id: string | null | undefined; length: Duration | null | undefined; summary: Payload | null | undefined }): Asked {
  const milliseconds = Number(length?.seconds?.toString() ?? 0) * 1_000 + Math.round((length?.nanos ?? 0) / 1e6);
  const words = summary ? String(valuesOf([summary])[0]) : '';
  return { what: `timer ${id}`, step: words.includes(' · ') ? stepOf(visitOfTimer(words)) : undefined, content: { milliseconds } };
}

/** Titles and due dates of tasks may change; which tasks and incidents open, change and close, what people are shown and who may decide may not. */
function ofMemo(fields: Readonly<Record<string, Payload>> | null | undefined): readonly Asked[] {
  const keys = Object.keys(fields ?? {}).sort();
  const [first = ''] = keys.filter((key) => /^(task|incident):/.test(key));
  const tasks = keys.filter((key) => key.startsWith(memoKeys.task(''))).map((key) => [key, tellingOf(valuesOf([fields?.[key] ?? {}])[0])] as const);
  return [{ what: `memo ${keys.join(' ')}`, step: first === '' ? undefined : stepOf(first.slice(first.indexOf(':') + 1)), content: Object.fromEntries(tasks) }];
}

function tellingOf(task: unknown): unknown {
  // A task that is closed is set to null.
  if (typeof task !== 'object' || task === null) return null;
  const { shown, candidateGroups, excludedUsers } = task as Partial<TaskMemo>;
  return { shown, candidateGroups, excludedUsers };
}

const ofAttributes = (fields: Readonly<Record<string, unknown>> | null | undefined): readonly Asked[] => [{ what: `search attributes ${Object.keys(fields ?? {}).sort().join(' ')}`, step: undefined, content: undefined }];

/** `undo:enterInLegacyErp:2.1` is of the step `enterInLegacyErp`. */
const stepOf = (id: string): string => id.replace(/^(undo|show):/, '').replace(/[:.].*$/, '');

/** Bytes come from the workflow's thread as plain arrays of bytes. */
const valuesOf = (payloads: readonly Payload[] | null | undefined): readonly unknown[] => (payloads ?? []).map((payload) => defaultPayloadConverter.fromPayload<unknown>(payload));
