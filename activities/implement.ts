import type { z } from 'zod';
import type { ActivityContract, Compensated, CompensationContract, CompensationResult } from '../contracts/define/activity.ts';
import type { Evidence } from '../contracts/documents.ts';

/** What an implementation knows of the call that it answers. */
export interface Call {
  /** The same for every attempt of this step of this instance: pass it on with every outgoing call. Printable ASCII. */
  readonly idempotencyKey: string;
  readonly instanceId: string;
  /** The step and its visit, for example `reserveBudget` or `reserveBudget:2`; `undo:reserveBudget` in a compensation. */
  readonly step: string;
  /** From 1. */
  readonly attempt: number;
  /** Aborted when the step is cancelled, times out or the worker shuts down. */
  readonly signal: AbortSignal;
  /** Tells Temporal that this attempt lives; only an activity that heartbeats hears of a cancellation before it ends. */
  heartbeat(detail?: unknown): void;
  readonly log: Log;
  /** Keeps a file that shows what happened, for the instance's view. `name` is made unique with step and attempt. */
  evidence(file: { name: string; title: string; mediaType: string; bytes: Uint8Array }): Promise<Evidence>;
}

export interface Log {
  info(message: string, facts?: Record<string, unknown>): void;
  warn(message: string, facts?: Record<string, unknown>): void;
}

type Contract = ActivityContract | CompensationContract;

export type InputOf<C extends Contract> = C extends CompensationContract<infer I, infer O>
  ? Compensated<z.output<I>, z.output<O>>
  : z.output<C['input']>;

export type OutputOf<C extends Contract> = C extends CompensationContract ? CompensationResult : z.input<C['output']>;

/** A contract with the code that honours it. Every export of this shape under `activities/` is found by the worker. */
export interface Implementation<C extends Contract = Contract> {
  readonly implements: C;
  run(input: InputOf<C>, call: Call): Promise<OutputOf<C>>;
}

/**
 * Binds code to a contract. The code throws `rejected` when the business says no and nothing took effect, `unavailable` when asking again may
 * help, `unexpected` when a person must look; whatever else it throws counts as a bug in it and is tried again within the contract's bounds.
 */
export function implement<C extends Contract>(
  contract: C,
  run: (input: InputOf<C>, call: Call) => Promise<OutputOf<C>>,
): Implementation<C> {
  return { implements: contract, run };
}
