import { CancellationScope, CancelledFailure, isCancellation, type TemporalFailure, upsertMemo, workflowInfo } from '@temporalio/workflow';
import { definitionOf } from '../../contracts/define/definition.ts';
import type { ProcessContract } from '../../contracts/define/process.ts';
import { idempotencyKey, memoKeys } from '../../contracts/verbs.ts';
import { type Compensations, createCompensations } from './compensations.ts';
import { isTemporalFailure } from './failure.ts';
import { createIncidents, type Incidents, type Trouble } from './incidents.ts';
import { createTasks, type Tasks } from './tasks.ts';
import { createWaits, type Waits } from './waits.ts';

/** What all steps of one running instance have in common. */
export interface Instance {
  readonly id: string;
  readonly process: ProcessContract;
  readonly waits: Waits;
  readonly tasks: Tasks;
  readonly incidents: Incidents;
  readonly compensations: Compensations;
  /** The key that a visit hands to the outside world. */
  key(activityId: string): string;
  /** Counts the calls of a step, from 1. */
  nextVisit(step: string): number;
  /** Follows a step until it settles, so that the end of the instance can wait for it. */
  track<R>(step: Promise<R>): Promise<R>;
  /**
   * Runs the flow's body, then cancels and settles what is still in flight. Where a person decided to fail a step, that is what it throws,
   * whatever the body made of it.
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

  const visits = new Map<string, number>();
  const inFlight = new Set<Promise<unknown>>();
  const bodyScope = new CancellationScope();
  const waits = createWaits();
  let aborted: TemporalFailure | undefined;

  const settle = async (): Promise<void> => {
    bodyScope.cancel();
    await CancellationScope.nonCancellable(async () => {
      while (inFlight.size > 0) await Promise.all(inFlight);
    });
  };

  const instance: Instance = {
    id: workflowId,
    process,
    waits,
    tasks: createTasks(waits),
    incidents: createIncidents(waits),
    compensations: createCompensations(),
    key: (activityId) => idempotencyKey({ instanceId: workflowId, generation, activityId }),
    nextVisit(step) {
      const visit = (visits.get(step) ?? 0) + 1;
      visits.set(step, visit);
      return visit;
    },
    track(step) {
      // A step that is rejected before it is awaited must not fail the workflow task.
      const settled = step.catch(() => undefined).finally(() => inFlight.delete(settled));
      inFlight.add(settled);
      return step;
    },
    async runBody(body) {
      try {
        const result = await bodyScope.run(body);
        await settle();
        if (aborted) throw aborted;
        return result;
      } catch (error) {
        // A bug in the flow's code ends the workflow task here and now; nothing may be cancelled for it.
        if (!isTemporalFailure(error)) throw error;
        await settle();
        throw aborted ?? error;
      }
    },
    async holdUp(trouble, error) {
      // What fails while its branch is being cancelled is no incident: nobody waits for it any more.
      if (CancellationScope.current().consideredCancelled) throw new CancelledFailure(`step "${trouble.activityId}" was cancelled`);
      try {
        await instance.incidents.open(trouble, error);
      } catch (decision) {
        if (trouble.of === 'step' && !isCancellation(decision) && isTemporalFailure(decision)) {
          aborted ??= decision;
          bodyScope.cancel();
        }
        throw decision;
      }
    },
  };
  return instance;
}

const digests = new WeakMap<ProcessContract, string>();

/** The memo names the definition that this code runs by; the one that the starter wrote is overwritten only when it differs. */
function showDefinition({ process, known }: { process: ProcessContract; known: unknown }): void {
  const digest = digests.get(process) ?? definitionOf(process).digest;
  digests.set(process, digest);
  if (known !== digest) upsertMemo({ [memoKeys.definition]: digest });
}
