import { CancellationScope, type ChildWorkflowOptions, executeChild, isCancellation, ParentClosePolicy, workflowInfo } from '@temporalio/workflow';
import type { WithWorkflowArgs } from '@temporalio/common';
import type { ProcessContract } from '../../contracts/define/process.ts';
import { invalidInput, rejected, unexpected } from '../../contracts/failures.ts';
import { longestInstanceId, memoKeys, type ParentMemo, type SubResult, subInstanceId } from '../../contracts/verbs.ts';
import type { Call } from './call.ts';
import { checkedInput, checkedOutput } from './checked.ts';
import { here } from './context.ts';
import { definitionDigest } from './definition-digest.ts';
import { causeOf, isTemporalFailure } from './failure.ts';
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
  if (instance.incidents.isOpen(id)) await instance.holdUp(trouble);
  for (;;) {
    try {
      // Each round but the last has ended in an incident.
      const round = instance.incidents.count(id) + 1;
      if (workflowId.length > longestInstanceId) throw invalidInput(`the sub-process of ${what} would get an id of ${workflowId.length} characters, more than ${longestInstanceId}: nest less, or take shorter business keys`);
      const checked = checkedInput({ schema: contract.input, value: input, what: `the input of ${what}` });
      const parent: ParentMemo = { id: instance.id, runId: workflowInfo().firstExecutionRunId, step, visit };
      const options: WithWorkflowArgs<Sub, ChildWorkflowOptions> = {
        workflowId,
        args: [checked],
        // One that was tried before has undone its effects: its keys are spent.
        memo: {
          [memoKeys.definition]: definitionDigest(contract),
          [memoKeys.generation]: round === 1 ? instance.generation : `${instance.generation}.${round}`,
          [memoKeys.startedBy]: workflowInfo().memo?.[memoKeys.startedBy] ?? null,
          [memoKeys.parent]: parent,
        },
        staticSummary: contract.title,
        parentClosePolicy: ParentClosePolicy.REQUEST_CANCEL,
      };
      const { output, undo } = await executeChild<Sub>(contract.name, options).finally(instance.seam.work());
      const answer = checkedOutput({ schema: contract.output, value: output, what: `the result of ${what}` });
      for (const entry of takeOver({ process: contract, id, undo })) compensations.register(entry);
      return answer;
    } catch (error) {
      if (!isTemporalFailure(error) || CancellationScope.current().consideredCancelled) throw error;
      if (causeOf(error).type === 'Rejected') throw rejected(`${what}: ${causeOf(error).message}`, { cause: error });
      await instance.holdUp(trouble, isCancellation(error) ? unexpected(`${workflowId} was cancelled by itself; what it did is undone`) : error);
    }
  }
}
