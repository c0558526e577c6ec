import { Client, Connection } from '@temporalio/client';
import { Worker } from '@temporalio/worker';
import { bundleWorkflows } from '../../workers/bundle.ts';
import { quietRuntime } from '../../workers/runtime.ts';

/** Runs the code of the workflows once more over the histories of these instances; throws where it would do something else today. */
export async function replay({ address, namespace, ids }: { address: string; namespace: string; ids: readonly string[] }): Promise<void> {
  quietRuntime('ERROR');
  const connection = await Connection.connect({ address });
  try {
    const { workflow } = new Client({ connection, namespace });
    const histories = await Promise.all(ids.map(async (workflowId) => ({ workflowId, history: await workflow.getHandle(workflowId).fetchHistory() })));
    for await (const { workflowId, error } of Worker.runReplayHistories({ workflowBundle: await bundleWorkflows() }, histories)) {
      if (error) throw new Error(`${workflowId} does not replay: ${error.message}`, { cause: error });
    }
  } finally {
    await connection.close();
  }
}
