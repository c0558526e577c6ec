import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import proto from '@temporalio/proto';
import { defaultFailureConverter, defaultPayloadConverter } from '@temporalio/common';
import type { temporal as api } from '@temporalio/proto';
import { conflict, unavailable } from '../contracts/failures.ts';
import { pathOf } from '../contracts/ids.ts';
import type { UpdateAnswers, UpdateInput, UpdateName } from '../contracts/verbs.ts';
import { describe, type Description, executionOf } from './executions.ts';
import { encode } from './payloads.ts';
import { isCode } from './grpc.ts';
import type { Temporal } from './temporal.ts';
import { requirePoller } from './pollers.ts';

type Outcome = api.api.update.v1.IOutcome;

/** Milliseconds from now after which an instance refuses the verb. An instance whose worker has died is in another's hands before (`stickyFor` in workers/start.ts). */
const validFor = 8_000;
/** Milliseconds until what was dropped is said again. */
const again = 100;
/** Milliseconds that an answer may still take to travel after that. */
const travel = 1_500;
/** Milliseconds that a worker may hold a workflow task which it began in time (Temporal's default timeout of a workflow task, and some). */
const longestTask = 11_000;

const { UpdateWorkflowExecutionLifecycleStage: stage, PendingWorkflowTaskState: taskState, VersioningBehavior } = proto.temporal.api.enums.v1;

interface Verb<N extends UpdateName> {
  readonly id: string;
  readonly update: N;
  readonly input: Omit<UpdateInput<N>, 'validUntil'>;
  /**
   * Where the same thing may be said again after a crash, and is to be heard once: a repetition gets the first one's answer. Without it each time is another: the instance
   * itself knows a repetition, whereas Temporal would hand a late one the fate of the first.
   */
  readonly requestId?: string;
}

/**
 * Says something to an instance, and answers with what it said. What the instance refuses is thrown as its failure (NotFound, NotPermitted, Conflict,
 * InvalidInput); Conflict where it has ended; Unavailable where nobody answers, and then nothing was recorded.
 */
export async function say<N extends UpdateName>(temporal: Temporal, { id, update, input, requestId = randomUUID() }: Verb<N>): Promise<UpdateAnswers[N]> {
  const description = await describe(temporal, id);
  requireOpen(description);
  await requirePoller(temporal, { taskQueue: description.executionConfig?.taskQueue?.name ?? '', build: buildOf(description) });
  const firstRunId = description.workflowExecutionInfo?.firstRunId ?? '';
  const validUntil = Date.now() + validFor;
  const reference: api.api.update.v1.IUpdateRef = { workflowExecution: { workflowId: id }, updateId: requestId };
  const outcome =
    (await send(temporal, { reference, firstRunId, update, input: { ...input, validUntil: new Date(validUntil).toISOString() }, user: input.actor.user, until: validUntil + travel })) ??
    (await afterwards(temporal, { reference, validUntil }));
  if (!outcome) throw unavailable(nobodyAnswered(id));
  if (outcome.failure) throw defaultFailureConverter.failureToError(outcome.failure, defaultPayloadConverter);
  return defaultPayloadConverter.fromPayload<UpdateAnswers[N]>(outcome.success?.payloads?.[0] ?? encode(null));
}

const nobodyAnswered = (id: string): string =>
  `instance "${id}" did not answer within ${validFor / 1_000} s: nothing was recorded. Start a worker, or look at GET ${pathOf(id)} for a problem in the instance itself; then send it again.`;

/** @throws Conflict */
function requireOpen(description: Description): void {
  const { id, status, closedAt } = executionOf(description.workflowExecutionInfo ?? {});
  if (status !== 'running') throw conflict(`instance "${id}" ended${closedAt === null ? '' : ` at ${closedAt}`} as ${status}: nothing can be decided in it any more`);
}

/** The build that it is pinned to; `undefined` where any worker may take it. */
export function buildOf({ workflowExecutionInfo: info }: Description): string | undefined {
  const { behavior, deploymentVersion, versioningOverride } = info?.versioningInfo ?? {};
  // Where an operator has moved it to comes first.
  const pinned = versioningOverride?.pinned?.version ?? (behavior === VersioningBehavior.VERSIONING_BEHAVIOR_PINNED ? deploymentVersion : undefined);
  return pinned?.buildId ?? undefined;
}

interface Sent {
  readonly reference: api.api.update.v1.IUpdateRef;
  /** Of the chain of runs that is meant: the instance may continue as a new run at any moment, but a restart is another. */
  readonly firstRunId: string;
  readonly update: UpdateName;
  readonly input: unknown;
  readonly user: string;
  readonly until: number;
}

/** A workflow task that failed, since something came while the instance was about to end for example, takes along the updates that it was to answer: nothing was recorded of them. */
function unlessDropped(error: unknown): undefined {
  if (!isCode(error, 'failedPrecondition')) throw error;
}

/** The outcome, or `undefined` when there was none in time. */
async function send({ ask, namespace }: Temporal, { reference, firstRunId, update, input, user, until }: Sent): Promise<Outcome | undefined> {
  const request = {
    namespace,
    workflowExecution: reference.workflowExecution ?? {},
    firstExecutionRunId: firstRunId,
    waitPolicy: { lifecycleStage: stage.UPDATE_WORKFLOW_EXECUTION_LIFECYCLE_STAGE_COMPLETED },
    request: { meta: { updateId: reference.updateId ?? '', identity: user }, input: { name: update, args: { payloads: [encode(input)] } } },
  };
  try {
    // Temporal answers without an outcome when its own patience ends first; the same update id asks for the same update.
    while (Date.now() < until) {
      const answer = await ask((service) => service.updateWorkflowExecution(request), { within: until - Date.now() }).catch(unlessDropped);
      if (answer?.outcome) return answer.outcome;
      if (!answer) await pause(again);
    }
    return undefined;
  } catch (error) {
    if (isCode(error, 'notFound')) throw conflict(`instance "${reference.workflowExecution?.workflowId}" ended while this was on its way: nothing can be decided in it any more`);
    if (isCode(error, 'deadlineExceeded', 'cancelled')) return undefined;
    throw error;
  }
}

/**
 * What became of an update that got no answer in time. A worker that began with it in time may still hold it: until that is over, nobody can say
 * that nothing was recorded.
 */
async function afterwards(temporal: Temporal, { reference, validUntil }: { reference: Sent['reference']; validUntil: number }): Promise<Outcome | undefined> {
  const { pendingWorkflowTask } = await describe(temporal, reference.workflowExecution?.workflowId ?? '');
  const held = pendingWorkflowTask?.state === taskState.PENDING_WORKFLOW_TASK_STATE_STARTED;
  const until = held ? validUntil + longestTask : Date.now() + 500;
  try {
    const { outcome } = await temporal.ask(
      (service) =>
        service.pollWorkflowExecutionUpdate({
          namespace: temporal.namespace,
          updateRef: reference,
          waitPolicy: { lifecycleStage: stage.UPDATE_WORKFLOW_EXECUTION_LIFECYCLE_STAGE_COMPLETED },
        }),
      { within: Math.max(until - Date.now(), 500) },
    );
    return outcome ?? undefined;
  } catch (error) {
    // Not known any more, or known and waiting for a worker: it will be refused as too late.
    if (isCode(error, 'notFound', 'deadlineExceeded', 'cancelled')) return undefined;
    throw error;
  }
}
