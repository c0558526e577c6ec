import { defaultPayloadConverter } from '@temporalio/common';
import { msNumberToTs } from '@temporalio/common/lib/time.js';
import type { temporal } from '@temporalio/proto';

type Payload = temporal.api.common.v1.IPayload;

export const encode = (value: unknown): Payload => defaultPayloadConverter.toPayload(value);

/** A map of payloads (a memo, search attributes) as plain values. What was unset, which comes as `null`, is left out. */
export function decodeMap(fields: Readonly<Record<string, Payload>> | null | undefined): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    Object.entries(fields ?? {})
      .map(([key, payload]) => [key, defaultPayloadConverter.fromPayload<unknown>(payload)] as const)
      .filter(([, value]) => value !== null && value !== undefined),
  );
}

export const encodeMap = (values: Readonly<Record<string, unknown>>): Record<string, Payload> =>
  Object.fromEntries(Object.entries(values).map(([key, value]) => [key, encode(value)]));

/** ISO 8601 of Temporal's timestamps, in milliseconds; `null` where there is none. */
export function isoOf(timestamp: { seconds?: { toString(): string } | null; nanos?: number | null } | null | undefined): string | null {
  if (!timestamp) return null;
  return new Date(Number(timestamp.seconds?.toString() ?? 0) * 1_000 + Math.floor((timestamp.nanos ?? 0) / 1e6)).toISOString();
}

/** Temporal's duration of so many seconds. */
export const durationOf = (seconds: number) => msNumberToTs(seconds * 1_000);

export const secondsIn = (duration: { seconds?: { toString(): string } | null } | null | undefined): number => Number(duration?.seconds?.toString() ?? 0);

/** Temporal's timestamp of a moment in ISO 8601, to the millisecond. */
export const timestampOf = (iso: string) => msNumberToTs(Date.parse(iso));
