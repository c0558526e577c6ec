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
  /**
   * Asks without the client's own repetitions, for those who look again anyway and want to know at once that Temporal does not answer.
   *
   * @param within milliseconds
   * @param signal gives the question up
   */
  askOnce<R>(question: (service: WorkflowService) => Promise<R>, options: { within: number; signal: AbortSignal }): Promise<R>;
  close(): Promise<void>;
}

/** Does not connect yet: the API lives before Temporal does, and finds it again after a restart. */
export function connectTemporal({ address, namespace }: { address: string; namespace: string }): Temporal {
  const channelArgs = {
    // gRPC's own pauses between attempts to connect grow to two minutes; for so long a Temporal that is back would not be found.
    'grpc.initial_reconnect_backoff_ms': 100,
    'grpc.max_reconnect_backoff_ms': 1_000,
    // Bytes. The client means to allow as much, but misspells the option (1.24): a page of a history or of a list over 4 MB would be refused.
    'grpc.max_receive_message_length': 128 * 1024 * 1024,
  };
  const connection = Connection.lazy({ address, channelArgs });
  // Without the interceptor that repeats. It connects when it is first used.
  const plain = Connection.lazy({ address, channelArgs, interceptors: [] });
  return {
    address,
    namespace,
    ask: (question, { within = 5_000 } = {}) => connection.withDeadline(Date.now() + within, () => question(connection.workflowService)),
    async askOnce(question, { within, signal }) {
      signal.throwIfAborted();
      // The client listens to a signal for ever, so each call gets one of its own.
      const call = new AbortController();
      const abort = (): void => call.abort();
      signal.addEventListener('abort', abort);
      try {
        return await plain.withAbortSignal(call.signal, () => plain.withDeadline(Date.now() + within, () => question(plain.workflowService)));
      } finally {
        signal.removeEventListener('abort', abort);
      }
    },
    async close() {
      await Promise.all([connection.close(), plain.close()]);
    },
  };
}
