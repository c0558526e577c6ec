import { createHash } from 'node:crypto';
import type { Call } from '../../activities/implement.ts';

export interface TestCall extends Call {
  readonly heartbeats: number;
  /** The evidence that was kept, by name. */
  readonly kept: ReadonlyMap<string, Uint8Array>;
}

/** A call as the worker makes it, without Temporal around it: keys and signals are real, nothing is answered for anybody. */
export function callWith({ key, attempt = 1, signal = new AbortController().signal }: { key: string; attempt?: number; signal?: AbortSignal }): TestCall {
  let heartbeats = 0;
  const kept = new Map<string, Uint8Array>();
  return {
    idempotencyKey: key,
    instanceId: 'aProcess/test',
    step: 'aStep',
    attempt,
    signal,
    heartbeat: () => void heartbeats++,
    log: { info: () => undefined, warn: () => undefined },
    evidence({ name, title, mediaType, bytes }) {
      kept.set(name, bytes);
      return Promise.resolve({ name, title, document: { sha256: createHash('sha256').update(bytes).digest('hex'), mediaType, size: bytes.length } });
    },
    kept,
    get heartbeats() {
      return heartbeats;
    },
  };
}
