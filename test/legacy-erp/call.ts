import { createHash, randomUUID } from 'node:crypto';
import type { InputOf, OutputOf } from '../../activities/implement.ts';
import type { Call } from '../../activities/implement.ts';
import type { enterInvoice } from '../../contracts/activities/legacy-erp.ts';
import { Evidence } from '../../contracts/documents.ts';
import type { FailureDetail } from '../../contracts/failures.ts';

export interface TestCall extends Call {
  /** All that was kept, by the name it was kept under. */
  readonly files: ReadonlyMap<string, Uint8Array>;
  readonly heartbeats: readonly unknown[];
  readonly messages: readonly string[];
  abort(reason: Error): void;
  /** The same step of the same instance once more. */
  next(): TestCall;
}

interface Options {
  key?: string;
  attempt?: number;
  /** Called with each heartbeat. */
  onHeartbeat?: (page: string, call: TestCall) => void;
}

/** A call as the worker makes it, with its evidence in memory. */
export function createCall({ key = `supplierInvoice/${randomUUID()}/0/enterInLegacyErp`, attempt = 1, onHeartbeat }: Options = {}): TestCall {
  const files = new Map<string, Uint8Array>();
  const heartbeats: unknown[] = [];
  const messages: string[] = [];
  const controller = new AbortController();
  const log = (message: string, facts?: Record<string, unknown>) => void messages.push(`${message} ${JSON.stringify(facts ?? {})}`);
  const call: TestCall = {
    idempotencyKey: key,
    instanceId: 'supplierInvoice/test',
    step: 'enterInLegacyErp',
    attempt,
    signal: controller.signal,
    heartbeat(detail) {
      heartbeats.push(detail);
      const { page } = detail as { page: string };
      onHeartbeat?.(page, call);
    },
    log: { info: log, warn: log },
    async evidence({ name, title, mediaType, bytes }) {
      const unique = `enterInLegacyErp-${attempt}-${name}`;
      files.set(unique, bytes);
      return Evidence.parse({ name: unique, title, document: { sha256: createHash('sha256').update(bytes).digest('hex'), mediaType, size: bytes.length } });
    },
    files,
    heartbeats,
    messages,
    abort: (reason) => controller.abort(reason),
    next: () => createCall({ key, attempt: attempt + 1, ...(onHeartbeat ? { onHeartbeat } : {}) }),
  };
  return call;
}

export type Invoice = InputOf<typeof enterInvoice>;
export type Entered = OutputOf<typeof enterInvoice>;

/** An invoice that nobody has entered yet. */
export function anInvoice(changes: Partial<Invoice> = {}): Invoice {
  const number = randomUUID().slice(0, 8).toUpperCase();
  const money = (minorUnits: number) => ({ minorUnits, currency: 'EUR' });
  return {
    vendorId: 'V-1001',
    vendorName: 'Muster & Söhne "Technik" <GmbH>',
    invoiceNumber: `RE-${number}`,
    invoiceDate: '2026-02-28',
    orderNumber: 'PO-7001',
    costCentre: 'CC-100',
    net: money(123_456),
    tax: money(23_457),
    total: money(146_913),
    ...changes,
  };
}

/** What went wrong, as the worker would tell it. */
export async function failureOf(work: Promise<unknown>): Promise<{ type: string; message: string; detail: FailureDetail }> {
  try {
    await work;
  } catch (error) {
    const { type, message, details } = error as { type?: string; message: string; details?: FailureDetail[] };
    return { type: type ?? 'none', message, detail: details?.[0] ?? {} };
  }
  throw new Error('it did not fail');
}
