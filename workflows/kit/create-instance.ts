import { CancellationScope, CancelledFailure, isCancellation, type TemporalFailure, upsertMemo, workflowInfo } from '@temporalio/workflow';
import type { ProcessContract } from '../../contracts/define/process.ts';
import { idempotencyKey } from '../../contracts/ids.ts';
import { memoKeys, type ParentMemo } from '../../contracts/verbs.ts';
import type { Carried } from './carried.ts';
import { createAlarms } from './alarms.ts';
import { carryOn } from './carry-on.ts';
import { createCompensations } from './compensations.ts';
import { isSkipped, isTemporalFailure, stopIfCancelled } from './failure.ts';
import { createIncidents } from './incidents.ts';
import { createJournal } from './journal.ts';
import { createMessages } from './messages.ts';
import { runIn } from './context.ts';
import { takeDecisions } from './decide-signal.ts';
import { definitionDigest } from './definition-digest.ts';
import { createGate } from './gate.ts';
import type { Instance } from './instance.ts';
import { createQuickSteps } from './quick.ts';
import { createRewind } from './create-rewind.ts';
import { createSeam } from './seam.ts';
import { cancellable, Scope } from './scopes.ts';
import { createTasks } from './tasks.ts';
import { createVisits } from './visits.ts';
import { createWaits } from './waits.ts';

/**
 * What all steps of a running instance have in common.
 *
 * @param carried from the run that this one continues
 */
export function createInstance(process: ProcessContract, carried?: Carried): Instance {
  const { workflowId, memo, firstExecutionRunId } = workflowInfo();
  showDefinition({ process, known: memo?.[memoKeys.definition] });
  // Started without the API there is no generation; the first run's id tells one restart from the next just as well.
  const generation = memo?.[memoKeys.generation] === undefined ? firstExecutionRunId : String(memo[memoKeys.generation]);

  const journal = createJournal(carried?.answers ?? []);
  const inFlight = new Set<Promise<unknown>>();
  const bodyScope = new Scope();
  const waits = createWaits();
  let aborted: TemporalFailure | undefined;
  let ended = false;

  const settled = async (): Promise<void> => {
    while (inFlight.size > 0) await Promise.allSettled(inFlight);
  };

  const gate = createGate({ id: workflowId, waits });
  const tasks = createTasks({ process, waits, gate, carried: carried && { ...carried.tasks, answers: carried.answers } });

  const instance: Instance = {
    id: workflowId,
    process,
    generation,
    parent: memo?.[memoKeys.parent] as ParentMemo | undefined,
    waits,
    tasks,
    signals: takeDecisions({ tasks, waits, carried: carried?.verdicts[memoKeys.signals] }),
    alarms: createAlarms(),
    incidents: createIncidents({ process, waits, carried: carried?.incidents }),
    messages: createMessages({ process, waits, carried: carried?.messages, told: carried?.verdicts[memoKeys.messages] }),
    journal,
    seam: createSeam({ isTold: journal.isTold, carry: () => carryOn(instance) }),
    gate,
    rewind: createRewind({ instance: () => instance, stop: () => bodyScope.cancel(), isEnding: () => ended || bodyScope.consideredCancelled }),
    quick: createQuickSteps(),
    timers: new Map(Object.entries(carried?.timers ?? {})),
    compensations: createCompensations(),
    key: (activityId) => idempotencyKey({ instanceId: workflowId, generation, activityId }),
    run(step, id) {
      const promise = cancellable(step, (ended, outcome) => {
        inFlight.delete(ended);
        if (id !== undefined) journal.keep(id, outcome);
      });
      inFlight.add(promise);
      return promise;
    },
    runBody<R, O>({ given, body, resultOf }: { readonly given: unknown; body(): Promise<R>; resultOf(returned: R): O }): Promise<O> {
      const outer = CancellationScope.current();
      const context = { instance, visits: createVisits(), compensations: instance.compensations };
      const cleanedUp = async (): Promise<void> => {
        if (inFlight.size > 0) await CancellationScope.nonCancellable(settled);
        const back = aborted ? undefined : instance.rewind.wanted();
        if (back && !outer.consideredCancelled) await instance.rewind.undo();
        // Who cancels it meanwhile ends it.
        if (back && !outer.consideredCancelled) await instance.rewind.goOn(given);
      };
      const conclude = (returned: () => R): O | Promise<O> => {
        let result: O | undefined;
        let failure: TemporalFailure | undefined;
        try {
          result = resultOf(returned());
        } catch (error) {
          // A bug in the flow's code ends the workflow task here and now; nothing may be cancelled for it.
          if (!isTemporalFailure(error)) throw error;
          failure = error;
        }
        ended = true;
        instance.seam.close();
        gate.close();
        const end = aborted ?? (outer.consideredCancelled ? new CancelledFailure(`${workflowId} was cancelled`) : failure);
        const stands = (): O => {
          if (end) throw end;
          return result as O;
        };
        bodyScope.cancel();
        return inFlight.size > 0 || instance.rewind.wanted() ? cleanedUp().then(stands) : stands();
      };
      return instance.seam.until({ given, body: () => runIn({ scope: bodyScope, context }, body), conclude });
    },
    async holdUp(trouble, failure) {
      // What fails while its branch is being cancelled is no incident: nobody waits for it any more.
      stopIfCancelled(`step "${trouble.activityId}" of ${workflowId}`);
      try {
        return await (instance.incidents.isOpen(trouble.activityId) ? instance.incidents.reopen(trouble) : instance.incidents.open(trouble, failure ?? { error: undefined }));
      } catch (decision) {
        if (trouble.of === 'step' && !isCancellation(decision) && !isSkipped(decision) && isTemporalFailure(decision)) {
          aborted ??= decision;
          instance.seam.close();
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
