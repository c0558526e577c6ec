import { defaultPayloadConverter } from '@temporalio/common';
import type { temporal } from '@temporalio/proto';
import { type FailedAttempts, failedAttemptsIn, joined, silent } from '../contracts/attempts.ts';
import { Evidence } from '../contracts/documents.ts';
import { isQuickAnswer, type QuickAnswer, quickMarker } from '../contracts/quick.ts';
import type { FailureView } from './instance-view.ts';

type Event = temporal.api.history.v1.IHistoryEvent;
type Payload = temporal.api.common.v1.IPayload;
type Payloads = temporal.api.common.v1.IPayloads;
type Failure = temporal.api.failure.v1.IFailure;
type Timestamp = { seconds?: unknown; nanos?: number | null };

/** ISO 8601 in UTC; `null` where Temporal says nothing. */
export function timeOf(timestamp: Timestamp | null | undefined): string | null {
  if (timestamp?.seconds == null) return null;
  return new Date(Number(timestamp.seconds) * 1000 + Math.floor((timestamp.nanos ?? 0) / 1e6)).toISOString();
}

/** The value in a payload. One that cannot be read (a codec's, a foreign encoding) is said so, not guessed. */
export function valueOf(payload: Payload | null | undefined): unknown {
  if (!payload) return undefined;
  try {
    return defaultPayloadConverter.fromPayload(payload);
  } catch (error) {
    return { unreadable: error instanceof Error ? error.message : String(error) };
  }
}

export const firstOf = (payloads: Payloads | null | undefined): unknown => valueOf(payloads?.payloads?.[0]);

export const fieldsOf = (fields: Record<string, Payload> | null | undefined): Record<string, unknown> =>
  Object.fromEntries(Object.entries(fields ?? {}).map(([key, payload]) => [key, valueOf(payload)]));

/** The first attempt of a quick step, which the marker of its local activity tells of. */
export function quickAnswerIn({ markerRecordedEventAttributes: marker }: Event): QuickAnswer | undefined {
  const answer = marker?.markerName === quickMarker ? firstOf(marker.details?.result) : undefined;
  return isQuickAnswer(answer) ? answer : undefined;
}

/** The telling part of a failure: the application's own words, or the timeout that stands for the silence of a system. */
export function failureOf(failure: Failure | null | undefined): FailureView | null {
  if (!failure) return null;
  const { applicationFailureInfo: application, timeoutFailureInfo: timeout, cause, message } = failure;
  if (application) {
    return { type: application.type ?? 'Error', message: message ?? '', evidence: evidenceIn(firstOf(application.details)) };
  }
  if (cause) return failureOf(cause);
  if (timeout) return { type: 'Unavailable', message: message ?? 'no answer in time', evidence: [] };
  return { type: failure.canceledFailureInfo ? 'Cancelled' : 'Unexpected', message: message ?? '', evidence: [] };
}

interface Counted {
  /** Where counting began. */
  readonly first: number;
  /** Those after the last that is listed, and up to this one, failed without a word. */
  readonly upTo: number;
  /** Of the attempt after them, where it has not ended. */
  readonly heartbeat?: Payloads | null | undefined;
}

/** Which attempts a failure stands for. */
export function attemptsIn(failure: Failure | null | undefined, { first, upTo, heartbeat }: Counted): readonly FailedAttempts[] {
  const handedOn = failedAttemptsIn(firstOf(heartbeat), 'failed');
  const told = handedOn.length > 0 ? handedOn : listedIn(failure);
  const next = (told.at(-1)?.to ?? first - 1) + 1;
  if (next > upTo) return told;
  const { type, message } = failureOf(failure) ?? silent({ from: next, to: upTo });
  return joined(told, { ...silent({ from: next, to: upTo }), type, message });
}

function listedIn(failure: Failure | null | undefined): readonly FailedAttempts[] {
  const { applicationFailureInfo: application, timeoutFailureInfo: timeout, cause } = failure ?? {};
  if (application) return failedAttemptsIn(firstOf(application.details), 'attempts');
  if (timeout?.lastHeartbeatDetails) return failedAttemptsIn(firstOf(timeout.lastHeartbeatDetails), 'failed');
  return cause ? listedIn(cause) : [];
}

/** Evidence as failures' details and outputs carry it, under the key `evidence`. */
export function evidenceIn(value: unknown): readonly Evidence[] {
  if (typeof value !== 'object' || value === null || !('evidence' in value) || !Array.isArray(value.evidence)) return [];
  return value.evidence.flatMap((item) => {
    const parsed = Evidence.safeParse(item);
    return parsed.success ? [parsed.data] : [];
  });
}
