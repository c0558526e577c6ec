import proto from '@temporalio/proto';
import { memoKeys, taskQueues } from '../../contracts/verbs.ts';
import type { KnownProcess } from '../definitions/definitions.ts';
import { encode, encodeMap } from './payloads.ts';
import { isCode } from './grpc.ts';
import type { Temporal } from './temporal.ts';

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

const { WorkflowIdReusePolicy, WorkflowIdConflictPolicy } = proto.temporal.api.enums.v1;

/** Whether this request began a run; `false` when the id has one already. */
export async function startWorkflow({ ask, namespace }: Temporal, { id, requestId, generation, restart, known, input, user }: Start): Promise<boolean> {
  try {
    await ask((service) =>
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
    return true;
  } catch (error) {
    if (isCode(error, 'alreadyExists')) return false;
    throw error;
  }
}
