import { Context } from '@temporalio/activity';
import { ApplicationFailure } from '@temporalio/common';
import { type ActivityBounds, patienceOf } from '../contracts/define/activity.ts';
import { brief } from '../contracts/define/issues.ts';
import { alarmSignal, type AlarmSignal } from '../contracts/verbs.ts';
import { errorMessage } from '../platform/errors.ts';

/** Tells the instance once so many attempts have failed that its contract's patience is over; the attempts go on. */
export async function alarmed<R>(contract: ActivityBounds, attempt: () => Promise<R>): Promise<R> {
  const most = patienceOf(contract)?.attempts;
  const { info } = Context.current();
  // The one before may have ended without a word.
  if (most !== undefined && info.attempt === most + 1) await tell({ activityId: info.activityId, attempt: most, type: 'Unavailable', message: `${most} attempts have failed` });
  try {
    return await attempt();
  } catch (error) {
    const type = error instanceof ApplicationFailure ? (error.type ?? 'Error') : 'Error';
    const isLast = error instanceof ApplicationFailure && error.nonRetryable === true;
    if (info.attempt === most && !isLast && !Context.current().cancellationSignal.aborted) await tell({ activityId: info.activityId, attempt: most, type, message: brief(errorMessage(error), 2_000) });
    throw error;
  }
}

/** Whether or not it arrives, the attempts must go on. */
async function tell(alarm: AlarmSignal): Promise<void> {
  const { info, client, log } = Context.current();
  const { workflowId, runId } = info.workflowExecution ?? {};
  if (workflowId === undefined) return;
  try {
    await client.workflow.getHandle(workflowId, runId).signal(alarmSignal, alarm);
  } catch (error) {
    log.warn(`the instance could not be told that "${alarm.activityId}" fails again and again: ${errorMessage(error)}`);
  }
}
