import { CancellationScope, type ChildWorkflowOptions, getExternalWorkflowHandle, isCancellation, ParentClosePolicy, startChild, workflowInfo } from '@temporalio/workflow';
import type { WithWorkflowArgs } from '@temporalio/common';
import type { ProcessContract } from '../../contracts/define/process.ts';
import { invalidInput, rejected, unexpected } from '../../contracts/failures.ts';
import { longestInstanceId, subInstanceId } from '../../contracts/ids.ts';
import { memoKeys, type ParentMemo, type SubResult } from '../../contracts/verbs.ts';
import type { Call } from './call.ts';
import { checkedInput, checkedOutput } from './checked.ts';
import { here } from './context.ts';
import { definitionDigest } from './definition-digest.ts';
import { causeOf, isTemporalFailure } from './failure.ts';
import { everythingThatCameFollowedUp } from './followed-up.ts';
import { takeOver } from './hand-over.ts';

type Sub = (input: unknown) => Promise<SubResult>;

/**
 * A step that runs another process as an instance of its own: what it did and can undo is the parent's to undo once it has completed. While it runs, it undoes
 * its own effects; a cancellation reaches it, and is waited for.
 */
export async function runProcess({ instance, step, visit, id, contract, input, optional = false }: Call<ProcessContract>): Promise<unknown> {
  const what = `step "${id}" of ${instance.id}`;
  const workflowId = subInstanceId({ process: contract.name, parent: instance.id, id });
  const compensations = here().compensations.branch();
  const trouble = { activityId: id, step, visit, of: 'step', title: contract.title, activity: contract.name, waitsFor: [contract.name], optional } as const;
  // One of a former run, whose decision is still to come.
  let supplied = instance.incidents.isOpen(id) ? await instance.holdUp(trouble) : undefined;
  while (!supplied) {
    const given = [input, ...instance.incidents.changesOf(id).inputs].at(-1);
    let unfit = true;
    try {
      // Each round but the last has ended in an incident.
      const round = instance.incidents.count(id) + 1;
      if (workflowId.length > longestInstanceId) throw invalidInput(`the sub-process of ${what} would get an id of ${workflowId.length} characters, more than ${longestInstanceId}: nest less, or take shorter business keys`);
      const checked = checkedInput({ schema: contract.input, value: given, what: `the input of ${what}` });
      unfit = false;
      const parent: ParentMemo = { id: instance.id, runId: workflowInfo().firstExecutionRunId, step, visit };
      const options: WithWorkflowArgs<Sub, ChildWorkflowOptions> = {
        workflowId,
        args: [checked],
        // One that was tried before has undone its effects: its keys are spent. Its own part also tells one that went back by itself from one whose parent did.
        memo: {
          [memoKeys.definition]: definitionDigest(contract),
          [memoKeys.generation]: `${instance.generation}.${round}`,
          [memoKeys.startedBy]: workflowInfo().memo?.[memoKeys.startedBy] ?? null,
          [memoKeys.parent]: parent,
          ...instance.gate.memo(),
        },
        staticSummary: contract.title,
        parentClosePolicy: ParentClosePolicy.REQUEST_CANCEL,
      };
      const runs = [instance.seam.work(), instance.gate.runs(workflowId)];
      const { output, undo } = await runToItsEnd({ process: contract.name, workflowId, options }).finally(() => runs.forEach((over) => over()));
      const answer = checkedOutput({ schema: contract.output, value: output, what: `the result of ${what}` });
      for (const entry of takeOver({ process: contract, id, undo })) compensations.register(entry);
      return answer;
    } catch (error) {
      if (!isTemporalFailure(error) || CancellationScope.current().consideredCancelled) throw error;
      if (causeOf(error).type === 'Rejected') throw rejected(`${what}: ${causeOf(error).message}`, { cause: error });
      const own = isCancellation(error) ? unexpected(`${workflowId} was cancelled by itself; what it did is undone`) : error;
      supplied = await instance.holdUp(trouble, { error: own, ...(unfit ? { given } : {}) });
    }
  }
  return supplied.output;
}

/**
 * A cancellation is handed on to the run that the sub-process is in. Temporal's own goes to its first run: where that has continued as a new one, nobody would hear it, and it would be waited for
 * in vain.
 */
function runToItsEnd({ process, workflowId, options }: { process: string; workflowId: string; options: WithWorkflowArgs<Sub, ChildWorkflowOptions> }): Promise<SubResult> {
  const { cancelRequested } = CancellationScope.current();
  return CancellationScope.nonCancellable(async () => {
    // Cancelled in the moment in which it was called, it does not begin at all.
    const beginning = new CancellationScope();
    let has: 'not begun' | 'begun' | 'ended' = 'not begun';
    const handOn = async (): Promise<void> => {
      if (has === 'not begun') return beginning.cancel();
      // Not within a verb, for the reason that the gate tells.
      await CancellationScope.nonCancellable(everythingThatCameFollowedUp);
      if (has === 'ended') return;
      // One that ends in this moment needs nothing.
      await CancellationScope.nonCancellable(() => getExternalWorkflowHandle(workflowId).cancel()).catch((error: unknown) => {
        if (!isTemporalFailure(error)) throw error;
      });
    };
    void cancelRequested.catch(handOn);
    const sub = await beginning.run(() => startChild<Sub>(process, options));
    has = 'begun';
    try {
      return await sub.result();
    } finally {
      has = 'ended';
    }
  });
}
