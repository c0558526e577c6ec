/** What goes over the wire of server-sent events (https://html.spec.whatwg.org/multipage/server-sent-events.html). */

interface Message {
  readonly event: string;
  /** What `Last-Event-ID` says after this message; without one, it says what it said before. */
  readonly id?: string;
  readonly data: unknown;
}

/**
 * JSON has no line breaks of its own, so the data are one line. The id comes last, so that of a message that is cut off in the middle it is not there
 * yet, also for clients that take note of it too early.
 */
export const messageOf = ({ event, id, data }: Message): Buffer => Buffer.from(`event: ${event}\ndata: ${JSON.stringify(data)}\n${id === undefined ? '' : `id: ${id}\n`}\n`);

/** Moves `Last-Event-ID` on, and tells nobody: clients drop a message without data. */
export const placeOf = (id: string): Buffer => Buffer.from(`id: ${id}\n\n`);

/** Shows that the stream lives. Clients drop comments. */
export const heartbeat = Buffer.from(': still here\n\n');

/** How long a client is to wait before it connects again, in milliseconds. */
export const retryAfter = Buffer.from('retry: 2000\n\n');

/** What both streams say when Temporal stops answering, and when it answers again. */
export const temporalMessage = ({ answers }: { answers: boolean }): Buffer => messageOf({ event: 'temporal', data: { answers } });
