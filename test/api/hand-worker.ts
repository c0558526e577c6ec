import { randomUUID } from 'node:crypto';
import { Connection } from '@temporalio/client';
import { defaultPayloadConverter } from '@temporalio/common';
import proto, { type temporal as api } from '@temporalio/proto';
import type { ActivityContract } from '../../contracts/define/activity.ts';
import { taskQueues } from '../../contracts/verbs.ts';

type Command = api.api.command.v1.ICommand;
const { CommandType } = proto.temporal.api.enums.v1;

/** How a run is to go on: as Temporal's commands, which a worker would give after running the process's code. */
export type Ending = 'completed' | 'failed' | 'rejected' | 'cancelled' | 'nothing yet';

const failWith = (type: string): Command => ({
  commandType: CommandType.COMMAND_TYPE_FAIL_WORKFLOW_EXECUTION,
  failWorkflowExecutionCommandAttributes: { failure: { message: `${type} by hand`, applicationFailureInfo: { type, nonRetryable: true } } },
});

const commandsFor: Readonly<Record<Ending, readonly Command[]>> = {
  completed: [{ commandType: CommandType.COMMAND_TYPE_COMPLETE_WORKFLOW_EXECUTION, completeWorkflowExecutionCommandAttributes: { result: { payloads: [defaultPayloadConverter.toPayload({ done: true })] } } }],
  failed: [failWith('Unexpected')],
  rejected: [
    {
      commandType: CommandType.COMMAND_TYPE_UPSERT_WORKFLOW_SEARCH_ATTRIBUTES,
      upsertWorkflowSearchAttributesCommandAttributes: { searchAttributes: { indexedFields: { Outcome: { metadata: { encoding: Buffer.from('json/plain'), type: Buffer.from('Keyword') }, data: Buffer.from('"rejected"') } } } },
    },
    failWith('Rejected'),
  ],
  cancelled: [{ commandType: CommandType.COMMAND_TYPE_CANCEL_WORKFLOW_EXECUTION, cancelWorkflowExecutionCommandAttributes: {} }],
  'nothing yet': [],
};

interface Call {
  readonly id: string;
  readonly asks: Pick<ActivityContract, 'name' | 'kind'>;
}

export interface HandWorker {
  readonly connection: Connection;
  /** Takes workflow tasks until that of this instance comes, and ends its run; other instances are left as they are. */
  end(id: string, how: Ending): Promise<void>;
  /** Takes an instance's call of an activity, and answers it in the name of the system. */
  answer(call: Call, result: unknown): Promise<void>;
  /** The same, with a failure that no retry mends. */
  refuse(call: Call, failure: { type: string; message: string; details?: readonly unknown[] }): Promise<void>;
  /** Starts a run of a process as something else than the API would, for example with open tasks in its memo. */
  start(run: { id: string; process: string; memo?: Readonly<Record<string, unknown>>; waitingFor?: readonly string[] }): Promise<string>;
  /** Waits until a visibility query finds so many runs: lists lag behind. */
  untilFound(query: string, count: number): Promise<void>;
  close(): Promise<void>;
}

/** Stands in for a worker where a test needs an instance in some state, and not the way to it. */
export async function workByHand({ address, namespace }: { address: string; namespace: string }): Promise<HandWorker> {
  // A whole history comes with each workflow task; gRPC's own limit is 4 MB.
  const connection = await Connection.connect({ address, channelArgs: { 'grpc.max_receive_message_length': 128 * 1024 * 1024 } });
  const { workflowService } = connection;
  const taskQueue = { name: taskQueues.workflows };
  const taken = new Map<string, Uint8Array>();

  /** The token of a call; calls of others that come before it are kept for later. */
  async function take({ id, asks }: Call): Promise<Uint8Array> {
    for (const wanted = `${asks.name} of ${id}`; ; ) {
      const token = taken.get(wanted);
      if (token !== undefined) {
        taken.delete(wanted);
        return token;
      }
      const task = await connection.withDeadline(Date.now() + 20_000, () => workflowService.pollActivityTaskQueue({ namespace, taskQueue: { name: taskQueues[asks.kind] }, identity: 'by hand' }));
      if (task.taskToken.length > 0) taken.set(`${task.activityType?.name} of ${task.workflowExecution?.workflowId}`, task.taskToken);
    }
  }

  return {
    connection,
    async answer(call, result) {
      const taskToken = await take(call);
      await workflowService.respondActivityTaskCompleted({ namespace, taskToken, identity: 'by hand', result: { payloads: [defaultPayloadConverter.toPayload(result)] } });
    },
    async refuse(call, { type, message, details = [] }) {
      const taskToken = await take(call);
      const applicationFailureInfo = { type, nonRetryable: true, details: { payloads: details.map((detail) => defaultPayloadConverter.toPayload(detail)) } };
      await workflowService.respondActivityTaskFailed({ namespace, taskToken, identity: 'by hand', failure: { message, applicationFailureInfo } });
    },
    async end(id, how) {
      for (;;) {
        const task = await connection.withDeadline(Date.now() + 20_000, () => workflowService.pollWorkflowTaskQueue({ namespace, taskQueue, identity: 'by hand' }));
        const mine = task.workflowExecution?.workflowId === id;
        await workflowService.respondWorkflowTaskCompleted({ namespace, taskToken: task.taskToken, identity: 'by hand', commands: mine ? [...commandsFor[how]] : [] });
        if (mine) return;
      }
    },
    async start({ id, process, memo = {}, waitingFor = [] }) {
      const fields = Object.fromEntries(Object.entries(memo).map(([key, value]) => [key, defaultPayloadConverter.toPayload(value)]));
      const keywords = { metadata: { encoding: Buffer.from('json/plain'), type: Buffer.from('KeywordList') }, data: Buffer.from(JSON.stringify(waitingFor)) };
      const { runId } = await workflowService.startWorkflowExecution({
        namespace,
        workflowId: id,
        requestId: randomUUID(),
        workflowType: { name: process },
        taskQueue,
        input: { payloads: [] },
        memo: { fields },
        searchAttributes: { indexedFields: waitingFor.length > 0 ? { WaitingFor: keywords } : {} },
      });
      return runId;
    },
    async untilFound(query, count) {
      while (Number((await workflowService.countWorkflowExecutions({ namespace, query })).count) < count) await new Promise((resolve) => setTimeout(resolve, 20));
    },
    close: () => connection.close(),
  };
}
