import { defaultPayloadConverter } from '@temporalio/common';
import { unavailable } from '../contracts/failures.ts';
import { pathOf } from '../contracts/ids.ts';
import { describe } from './executions.ts';
import { isCode } from './grpc.ts';
import { encode } from './payloads.ts';
import { requirePoller } from './pollers.ts';
import type { Temporal } from './temporal.ts';
import { buildOf } from './verbs.ts';

interface Question {
  readonly id: string;
  readonly query: string;
  readonly argument: unknown;
}

/** Milliseconds. */
const patience = 8_000;

/** Asks an instance something that changes nothing, and leaves no event. @throws NotFound, and Unavailable where nobody answers */
export async function askInstance<R>(temporal: Temporal, { id, query, argument }: Question): Promise<R> {
  const description = await describe(temporal, id);
  await requirePoller(temporal, { taskQueue: description.executionConfig?.taskQueue?.name ?? '', build: buildOf(description) });
  const { namespace } = temporal;
  try {
    const { queryResult } = await temporal.ask(
      (service) => service.queryWorkflow({ namespace, execution: { workflowId: id }, query: { queryType: query, queryArgs: { payloads: [encode(argument)] } } }),
      { within: patience },
    );
    return defaultPayloadConverter.fromPayload<R>(queryResult?.payloads?.[0] ?? encode(null));
  } catch (error) {
    if (isCode(error, 'deadlineExceeded')) throw unavailable(`instance "${id}" did not answer within ${patience / 1_000} s: start a worker, or look at GET ${pathOf(id)} for a problem in the instance itself`);
    throw error;
  }
}
