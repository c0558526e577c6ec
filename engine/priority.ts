import { isCode } from './grpc.ts';
import { notFound } from '../contracts/failures.ts';
import type { Actor, UpdateAnswers } from '../contracts/verbs.ts';
import type { Temporal } from './temporal.ts';
import { say } from './verbs.ts';

interface Wish {
  readonly id: string;
  readonly actor: Actor;
  readonly priority: number;
  readonly reason: string;
  readonly requestId?: string;
}

/** Tells the instance, so that its history has it, then Temporal. All of it may be said again. */
export async function prioritise(temporal: Temporal, { id, requestId, ...input }: Wish): Promise<UpdateAnswers['instance.priority']> {
  const answer = await say(temporal, { id, update: 'instance.priority', input, ...(requestId === undefined ? {} : { requestId }) });
  await setPriority(temporal, { id, priority: input.priority, user: input.actor.user });
  return answer;
}

/** Of all that the instance asks for from now on, what it already waits for left out. 1 is the most urgent, 5 the least. */
async function setPriority({ ask, namespace }: Temporal, { id, priority, user }: { id: string; priority: number; user: string }): Promise<void> {
  try {
    await ask((service) =>
      service.updateWorkflowExecutionOptions({
        namespace,
        identity: user,
        workflowExecution: { workflowId: id },
        workflowExecutionOptions: { priority: { priorityKey: priority } },
        updateMask: { paths: ['priority'] },
      }),
    );
  } catch (error) {
    throw isCode(error, 'notFound') ? notFound(`instance "${id}" has ended`) : error;
  }
}
