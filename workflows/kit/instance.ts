import { CancellationScope, CancelledFailure, isCancellation, type TemporalFailure, upsertMemo, workflowInfo } from '@temporalio/workflow';
import type { ProcessContract } from '../../contracts/define/process.ts';
import { idempotencyKey, memoKeys, type ParentMemo } from '../../contracts/verbs.ts';
import { type Compensations, createCompensations } from './compensations.ts';
import { isSkipped, isTemporalFailure, stopIfCancelled } from './failure.ts';
import { createIncidents, type Incidents, type Trouble } from './incidents.ts';
import { createMessages, type Messages } from './messages.ts';
import { runIn } from './context.ts';
import { definitionDigest } from './definition-digest.ts';
import { cancellable } from './scopes.ts';
import { createTasks, type Tasks } from './tasks.ts';
import { createVisits } from './visits.ts';
import { createWaits, type Waits } from './waits.ts';

/** What all steps of one running instance have in common. */
export interface Instance {
  readonly id: string;
  readonly process: ProcessContract;
  /** Part of every idempotency key; a restart or a rewind gives another. */
  readonly generation: string;
  /** The step of another instance that runs this one. */
  readonly parent: ParentMemo | undefined;
  readonly waits: Waits;
  readonly tasks: Tasks;
  readonly incidents: Incidents;
  readonly messages: Messages;
  readonly compensations: Compensations;
  /** The key that a visit hands to the outside world. */
  key(activityId: string): string;
  /** Runs a step in a scope of its own, and follows it until it settles, so that the end of the instance can wait for it. */
  run<R>(step: () => Promise<R>): Promise<R>;
  /**
   * Runs the flow's body, then cancels and settles what is still in flight. Where a person decided to fail a step or to cancel the instance, that
   * is what it throws, whatever the body made of it.
   */
  runBody<R>(body: () => Promise<R>): Promise<R>;
  /** Opens an incident and waits for its decision: returns when the step is to be tried again, throws when it is to fail. */
  holdUp(trouble: Trouble, error: unknown): Promise<void>;
}

export function createInstance(process: ProcessContract): Instance {
  const { workflowId, memo, firstExecutionRunId } = workflowInfo();
  showDefinition({ process, known: memo?.[memoKeys.definition] });
  // Started without the API there is no generation; the first run's id tells one restart from the next just as well.
  const generation = memo?.[memoKeys.generation] === undefined ? firstExecutionRunId : String(memo[memoKeys.generation]);

  const inFlight = new Set<Promise<unknown>>();
  const bodyScope = new CancellationScope();
  const waits = createWaits();
  let aborted: TemporalFailure | undefined;

  const settled = async (): Promise<void> => {
    while (inFlight.size > 0) await Promise.allSettled(inFlight);
  };

  const instance: Instance = {
    id: workflowId,
    process,
    generation,
    parent: memo?.[memoKeys.parent] as ParentMemo | undefined,
    waits,
    tasks: createTasks(waits),
    incidents: createIncidents(waits),
    messages: createMessages({ process, waits }),
    compensations: createCompensations(),
    key: (activityId) => idempotencyKey({ instanceId: workflowId, generation, activityId }),
    run(step) {
      const promise = cancellable(step, (ended) => inFlight.delete(ended));
      inFlight.add(promise);
      return promise;
    },
    async runBody<R>(body: () => Promise<R>): Promise<R> {
      const outer = CancellationScope.current();
      let result: R | undefined;
      let failure: TemporalFailure | undefined;
      try {
        result = await runIn({ scope: bodyScope, context: { instance, visits: createVisits(), compensations: instance.compensations } }, body);
      } catch (error) {
        // A bug in the flow's code ends the workflow task here and now; nothing may be cancelled for it.
        if (!isTemporalFailure(error)) throw error;
        failure = error;
      }
      const end = aborted ?? (outer.consideredCancelled ? new CancelledFailure(`${workflowId} was cancelled`) : failure);
      bodyScope.cancel();
      if (inFlight.size > 0) await CancellationScope.nonCancellable(settled);
      if (end) throw end;
      return result as R;
    },
    async holdUp(trouble, error) {
      // What fails while its branch is being cancelled is no incident: nobody waits for it any more.
      stopIfCancelled(`step "${trouble.activityId}" of ${workflowId}`);
      try {
        await instance.incidents.open(trouble, error);
      } catch (decision) {
        if (trouble.of === 'step' && !isCancellation(decision) && !isSkipped(decision) && isTemporalFailure(decision)) {
          aborted ??= decision;
          bodyScope.cancel();
        }
        throw decision;
      }
    },
  };
  return instance;
}

/**
 * The memo names the definition that the instance was started by. Where the starter wrote none, the kit does. Only the start may decide that: were it
 * decided by comparing digests, every contract that changes would be a non-deterministic change of all its running instances.
 */
function showDefinition({ process, known }: { process: ProcessContract; known: unknown }): void {
  if (known === undefined) upsertMemo({ [memoKeys.definition]: definitionDigest(process) });
}
