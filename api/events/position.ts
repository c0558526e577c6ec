import { refusal } from '../problems/problem.ts';

/** A place in what is told of an instance. */
export interface Position {
  readonly runId: string;
  /** The event of the run's history after which it stands. */
  readonly event: number;
  /** The digest of the instance as it was told there, or `end` after the last message: a patch fits what it was made for, and nothing else. */
  readonly mark: string;
}

/** The mark of the place after the message `end`. */
export const endMark = 'end';

export const idOf = ({ runId, event, mark }: Position): string => `${runId}.${event}.${mark}`;

const pattern = /^([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\.([1-9]\d{0,8})\.([0-9a-f]{12}|end)$/;

/**
 * The position that `Last-Event-ID` names; `undefined` where the header is missing or empty.
 *
 * @throws a malformed request when it is no id of an instance's events
 */
export function positionOf(lastEventId: string | undefined): Position | undefined {
  if (lastEventId === undefined || lastEventId === '') return undefined;
  const [, runId, event, mark] = pattern.exec(lastEventId) ?? [];
  if (runId === undefined || event === undefined || mark === undefined) throw badEventId('is not the id of an event of this stream');
  return { runId, event: Number(event), mark };
}

export function badEventId(what: string) {
  const message = `${what}. Send the "id" of the last event that you got as it was, or leave the header out to begin anew`;
  return refusal({ kind: 'malformed-request', detail: `Last-Event-ID: ${message}.`, errors: [{ path: 'Last-Event-ID', message }] });
}
