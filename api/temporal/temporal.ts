import { Connection, type WorkflowService } from '@temporalio/client';

/** The API's only way to Temporal. */
export interface Temporal {
  readonly address: string;
  readonly namespace: string;
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
  return {
    address,
    namespace,
    ask: (question, { within = 5_000 } = {}) => connection.withDeadline(Date.now() + within, () => question(connection.workflowService)),
    close: () => connection.close(),
  };
}
