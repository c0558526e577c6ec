import { Client, Connection, isGrpcServiceError, type WorkflowService } from '@temporalio/client';

/** The API's only way to Temporal. */
export interface Temporal {
  readonly address: string;
  readonly namespace: string;
  readonly client: Client;
  /**
   * Asks within a time; gRPC's own error says what went wrong.
   *
   * @param within milliseconds, 5,000 by default
   */
  ask<R>(question: (service: WorkflowService) => Promise<R>, options?: { within?: number }): Promise<R>;
  close(): Promise<void>;
}

/** Does not connect yet: the API lives before Temporal does, and finds it again after a restart. */
export function connectTemporal({ address, namespace }: { address: string; namespace: string }): Temporal {
  const connection = Connection.lazy({
    address,
    // gRPC's own pauses between attempts to connect grow to two minutes; for so long a Temporal that is back would not be found.
    channelArgs: { 'grpc.initial_reconnect_backoff_ms': 100, 'grpc.max_reconnect_backoff_ms': 1_000 },
  });
  const client = new Client({ connection, namespace });
  return {
    address,
    namespace,
    client,
    ask: (question, { within = 5_000 } = {}) => connection.withDeadline(Date.now() + within, () => question(connection.workflowService)),
    close: () => connection.close(),
  };
}

const codes = { cancelled: 1, deadlineExceeded: 4, notFound: 5, alreadyExists: 6 } as const;

/** Whether an answer of Temporal is this refusal. */
export function isCode(error: unknown, code: keyof typeof codes): boolean {
  return isGrpcServiceError(error) && error.code === codes[code];
}
