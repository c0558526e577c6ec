import proto, { type temporal } from '@temporalio/proto';

type Event = temporal.api.history.v1.IHistoryEvent;

const { ContinueAsNewInitiator, EventType: type } = proto.temporal.api.enums.v1;

/** That a worker is asked and has begun says nothing of the instance, and may not even stay in the history. */
export const isBare = ({ eventType }: Event): boolean => eventType === type.EVENT_TYPE_WORKFLOW_TASK_SCHEDULED || eventType === type.EVENT_TYPE_WORKFLOW_TASK_STARTED;

/** Events that a worker's answer makes, after `WorkflowTaskCompleted` and in the same transaction. */
const commands: ReadonlySet<number> = new Set([
  type.EVENT_TYPE_ACTIVITY_TASK_SCHEDULED,
  type.EVENT_TYPE_ACTIVITY_TASK_CANCEL_REQUESTED,
  type.EVENT_TYPE_TIMER_STARTED,
  type.EVENT_TYPE_TIMER_CANCELED,
  type.EVENT_TYPE_MARKER_RECORDED,
  type.EVENT_TYPE_UPSERT_WORKFLOW_SEARCH_ATTRIBUTES,
  type.EVENT_TYPE_WORKFLOW_PROPERTIES_MODIFIED,
  type.EVENT_TYPE_WORKFLOW_EXECUTION_UPDATE_ACCEPTED,
  type.EVENT_TYPE_WORKFLOW_EXECUTION_UPDATE_REJECTED,
  type.EVENT_TYPE_WORKFLOW_EXECUTION_UPDATE_COMPLETED,
  type.EVENT_TYPE_START_CHILD_WORKFLOW_EXECUTION_INITIATED,
  type.EVENT_TYPE_SIGNAL_EXTERNAL_WORKFLOW_EXECUTION_INITIATED,
  type.EVENT_TYPE_REQUEST_CANCEL_EXTERNAL_WORKFLOW_EXECUTION_INITIATED,
  type.EVENT_TYPE_NEXUS_OPERATION_SCHEDULED,
  type.EVENT_TYPE_NEXUS_OPERATION_CANCEL_REQUESTED,
  type.EVENT_TYPE_WORKFLOW_EXECUTION_COMPLETED,
  type.EVENT_TYPE_WORKFLOW_EXECUTION_FAILED,
  type.EVENT_TYPE_WORKFLOW_EXECUTION_CANCELED,
  type.EVENT_TYPE_WORKFLOW_EXECUTION_CONTINUED_AS_NEW,
]);

/**
 * Whether two events in a row were written as one: what a worker's answer leads to, and an activity's start, which Temporal writes when the activity
 * has ended. Between them the instance never was.
 */
export const areOne = (one: Event, following: Event): boolean => commands.has(following.eventType ?? 0) || one.eventType === type.EVENT_TYPE_ACTIVITY_TASK_STARTED;

const repetitions: ReadonlySet<number> = new Set([ContinueAsNewInitiator.CONTINUE_AS_NEW_INITIATOR_RETRY, ContinueAsNewInitiator.CONTINUE_AS_NEW_INITIATOR_CRON_SCHEDULE]);

/** How a run ended. */
export interface RunEnd {
  /** The run that the last event names as the next one. */
  readonly next: string | null;
  /** Whether that is the same instance, whose history was long. */
  readonly goesOn: boolean;
}

/** `undefined` for an event that does not end its run. */
export function endOf(event: Event): RunEnd | undefined {
  const ended =
    event.workflowExecutionCompletedEventAttributes ??
    event.workflowExecutionFailedEventAttributes ??
    event.workflowExecutionTimedOutEventAttributes ??
    event.workflowExecutionContinuedAsNewEventAttributes ??
    event.workflowExecutionCanceledEventAttributes ??
    event.workflowExecutionTerminatedEventAttributes;
  if (!ended) return undefined;
  const { workflowExecutionContinuedAsNewEventAttributes: continued } = event;
  // A flow's own wish is not always named as such here; the repetitions of Temporal are.
  const goesOn = continued ? !repetitions.has(continued.initiator ?? 0) : false;
  return { next: 'newExecutionRunId' in ended && ended.newExecutionRunId ? ended.newExecutionRunId : null, goesOn };
}

export const timeOf = ({ eventTime }: Event): Date => new Date(Number(eventTime?.seconds ?? 0) * 1_000 + Math.floor((eventTime?.nanos ?? 0) / 1e6));
