import proto from '@temporalio/proto';
import { memoKeys, taskQueues } from '../../contracts/verbs.ts';
import type { KnownProcess } from '../definitions/definitions.ts';
import { encode, encodeMap } from '../../engine/payloads.ts';
import { isCode } from '../../engine/grpc.ts';
import type { Temporal } from '../../engine/temporal.ts';

interface Start {
  readonly id: string;
  /** The same request starts once, however often it is sent. */
  readonly requestId: string;
  readonly generation: number;
  /** Whether an ended run of this id, unless it completed, may be followed by another. */
  readonly restart: boolean;
  readonly known: KnownProcess;
  readonly input: unknown;
  readonly user: string;
}

const { WorkflowExecutionStatus, WorkflowIdReusePolicy, WorkflowIdConflictPolicy } = proto.temporal.api.enums.v1;

/** The run that this request began. A repetition of the request gets it too, when it may have ended. */
export interface Begun {
  readonly runId: string;
  readonly running: boolean;
}

/** `undefined` when the id has a run already. */
export async function startWorkflow({ ask, namespace }: Temporal, { id, requestId, generation, restart, known, input, user }: Start): Promise<Begun | undefined> {
  try {
    const { runId, status } = await ask((service) =>
      service.startWorkflowExecution({
        namespace,
        workflowId: id,
        requestId,
        identity: user,
        workflowType: { name: known.contract.name },
        taskQueue: { name: taskQueues.workflows },
        input: { payloads: [encode(input)] },
        memo: { fields: encodeMap({ [memoKeys.definition]: known.digest, [memoKeys.generation]: generation, [memoKeys.startedBy]: user }) },
        userMetadata: { summary: encode(known.contract.title) },
        workflowIdReusePolicy: restart
          ? WorkflowIdReusePolicy.WORKFLOW_ID_REUSE_POLICY_ALLOW_DUPLICATE_FAILED_ONLY
          : WorkflowIdReusePolicy.WORKFLOW_ID_REUSE_POLICY_REJECT_DUPLICATE,
        workflowIdConflictPolicy: WorkflowIdConflictPolicy.WORKFLOW_ID_CONFLICT_POLICY_FAIL,
      }),
    );
    return { runId, running: status === WorkflowExecutionStatus.WORKFLOW_EXECUTION_STATUS_RUNNING };
  } catch (error) {
    if (isCode(error, 'alreadyExists')) return undefined;
    throw error;
  }
}
