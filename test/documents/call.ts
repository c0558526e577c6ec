import { createHash } from 'node:crypto';
import type { Call } from '../../activities/implement.ts';

/** A call as a worker would make it, outside of Temporal: it counts heartbeats and keeps what was logged. */
export function aCall({ signal = new AbortController().signal, attempt = 1 }: { signal?: AbortSignal; attempt?: number } = {}): Call & { beats: unknown[]; logged: string[] } {
  const beats: unknown[] = [];
  const logged: string[] = [];
  return {
    idempotencyKey: 'supplierInvoice/test/0/readDocument',
    instanceId: 'supplierInvoice/test',
    step: 'readDocument',
    attempt,
    signal,
    beats,
    logged,
    heartbeat: (detail) => void beats.push(detail),
    log: { info: (message) => void logged.push(message), warn: (message) => void logged.push(message) },
    evidence: async ({ name, title, mediaType, bytes }) => ({ name, title, document: { sha256: createHash('sha256').update(bytes).digest('hex'), mediaType, size: bytes.length } }),
  };
}
