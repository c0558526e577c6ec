import type { temporal } from '@temporalio/proto';
import { failureOf, firstOf, timeOf } from './decode.ts';
import type { FailureView, InstanceStatus, InstanceView } from './instance-view.ts';

type Event = temporal.api.history.v1.IHistoryEvent;
type Tell = (at: string, text: string) => void;

/**
 * Why Temporal itself has a workflow task tried again, with nothing wrong in the flow (enums.v1.WorkflowTaskFailedCause): something came in while
 * the task ended (UNHANDLED_COMMAND, UNHANDLED_UPDATE), it was cut short (FORCE_CLOSE_COMMAND), a sticky queue or the whole run was reset, or
 * another cluster took over.
 */
const routine: ReadonlySet<number> = new Set([1, 13, 17, 18, 20, 31]);

export type Ending = ReturnType<typeof createEnding>;

/** Collects what the history tells of how an instance ended, was asked to end, or is stuck. */
export function createEnding() {
  let status: InstanceStatus = 'running';
  let closedAt: string | null = null;
  let output: unknown;
  let failure: FailureView | null = null;
  let cancelRequest: InstanceView['cancelRequest'] = null;
  let problem: { readonly message: string; readonly since: string } | null = null;

  const close = (next: InstanceStatus, at: string): void => {
    status = next;
    closedAt = at;
  };

  /** One entry for each event that has something to say here. */
  const readers: { readonly [A in keyof Event]?: (attributes: NonNullable<Event[A]>, at: string, tell: Tell) => void } = {
    workflowExecutionCompletedEventAttributes: ({ result }, at, tell) => {
      close('completed', at);
      output = firstOf(result);
      tell(at, 'It completed.');
    },
    workflowExecutionFailedEventAttributes: (attributes, at, tell) => {
      failure = failureOf(attributes.failure);
      close(failure?.type === 'Rejected' ? 'rejected' : 'failed', at);
      tell(at, status === 'rejected' ? `It ended as rejected: ${failure?.message ?? ''}` : `It failed: ${failure?.message ?? ''}`);
    },
    workflowExecutionCanceledEventAttributes: (_attributes, at, tell) => {
      close('cancelled', at);
      tell(at, 'It ended as cancelled.');
    },
    workflowExecutionTerminatedEventAttributes: ({ reason, identity }, at, tell) => {
      close('terminated', at);
      failure = { type: 'Terminated', message: reason ?? '', evidence: [] };
      tell(at, `${identity || 'Somebody'} terminated it without compensation: ${reason ?? ''}`);
    },
    workflowExecutionTimedOutEventAttributes: (_attributes, at, tell) => {
      close('timedOut', at);
      failure = { type: 'TimedOut', message: 'the time for the whole instance ran out', evidence: [] };
      tell(at, 'Its time ran out; nothing was compensated.');
    },
    workflowExecutionCancelRequestedEventAttributes: ({ cause, identity }, at, tell) => {
      cancelRequest = { reason: cause ?? '', by: identity ?? '', at };
      tell(at, `${identity || 'Somebody'} asked to cancel it: ${cause || 'no reason given'}`);
    },
    workflowTaskFailedEventAttributes: (attributes, at) => {
      if (!routine.has(attributes.cause ?? 0)) problem = { message: attributes.failure?.message ?? 'the workflow task failed', since: at };
    },
    workflowTaskCompletedEventAttributes: () => {
      problem = null;
    },
  };

  return {
    apply({ event, tell }: { event: Event; tell: Tell }): void {
      const at = timeOf(event.eventTime) ?? '';
      for (const [name, read] of Object.entries(readers)) {
        const attributes = event[name as keyof Event];
        if (attributes) (read as (attributes: unknown, at: string, tell: Tell) => void)(attributes, at, tell);
      }
    },
    status: () => status,
    closedAt: () => closedAt,
    output: () => output,
    failure: () => failure,
    cancelRequest: () => cancelRequest,
    problem: () => problem,
  };
}
