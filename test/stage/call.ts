import type { Call } from '../../activities/implement.ts';

/** A call as the worker makes it, without Temporal around it: keys and signals are real, nothing is answered for anybody. */
export function callWith({ key, signal = new AbortController().signal }: { key: string; signal?: AbortSignal }): Call & { readonly heartbeats: number } {
  let heartbeats = 0;
  return {
    idempotencyKey: key,
    instanceId: 'supplierInvoice/test',
    step: 'aStep',
    attempt: 1,
    signal,
    heartbeat: () => void heartbeats++,
    log: { info: () => undefined, warn: () => undefined },
    evidence: () => Promise.reject(new Error('these activities keep no evidence')),
    get heartbeats() {
      return heartbeats;
    },
  };
}
