import { get, type IncomingMessage } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';

/** A message as the specification of server-sent events has it dispatched. */
export interface EventMessage<Data = unknown> {
  readonly event: string;
  /** What `Last-Event-ID` is after it. */
  readonly lastEventId: string;
  /** Whether it brought an id of its own. */
  readonly hasId: boolean;
  readonly data: Data;
}

export interface EventStream {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  /** All that came so far. */
  readonly messages: readonly EventMessage[];
  /** What a client would send when it connects again. */
  lastEventId(): string;
  /** The text that came, comments and all. */
  text(): string;
  ended(): boolean;
  /** Waits for what has come to fit; the test's own time limit ends it. */
  until(holds: (messages: readonly EventMessage[]) => boolean): Promise<readonly EventMessage[]>;
  untilEnd(): Promise<readonly EventMessage[]>;
  /** Stops reading, as a listener that hangs does. */
  freeze(): void;
  thaw(): void;
  close(): void;
}

interface Where {
  readonly url: string;
  readonly token: string;
  readonly lastEventId?: string;
}

/** Listens to a stream as a client written by the specification would. Settles when the answer's head is there. */
export function openEventStream({ url, token, lastEventId }: Where): Promise<EventStream> {
  return new Promise((resolve, reject) => {
    const headers = { authorization: `Bearer ${token}`, accept: 'text/event-stream', ...(lastEventId === undefined ? {} : { 'last-event-id': lastEventId }) };
    const request = get(url, { headers, agent: false }, (response) => resolve(read(response)));
    request.once('error', reject);
  });

  function read(response: IncomingMessage): EventStream {
    const messages: EventMessage[] = [];
    const parser = createParser({ lastId: lastEventId ?? '', dispatch: (message) => messages.push(message) });
    let text = '';
    let over = false;
    response.setEncoding('utf8');
    response.on('data', (chunk: string) => {
      text += chunk;
      parser.take(chunk);
    });
    const end = (): void => void (over = true);
    response.once('close', end).once('error', end);
    return {
      status: response.statusCode ?? 0,
      headers: response.headers,
      messages,
      lastEventId: parser.lastId,
      text: () => text,
      ended: () => over,
      async until(holds) {
        while (!holds(messages)) {
          if (over) throw new Error(`the stream ended before that, with status ${response.statusCode}: ${text.slice(-500)}`);
          await pause(10);
        }
        return messages;
      },
      async untilEnd() {
        while (!over) await pause(10);
        return messages;
      },
      freeze: () => void response.pause(),
      thaw: () => void response.resume(),
      close: () => void response.destroy(),
    };
  }
}

function createParser({ lastId, dispatch }: { lastId: string; dispatch: (message: EventMessage) => void }) {
  let rest = '';
  let id = lastId;
  /** Of a message that has come whole. */
  let lastEventId = lastId;
  let [event, data, hasId] = ['', [] as string[], false];

  const line = (text: string): void => {
    if (text === '') {
      lastEventId = id;
      if (data.length > 0) dispatch({ event: event || 'message', lastEventId, hasId, data: JSON.parse(data.join('\n')) as unknown });
      [event, data, hasId] = ['', [], false];
      return;
    }
    const [, field = '', value = ''] = /^([^:]*):? ?(.*)$/.exec(text) ?? [];
    if (field === 'event') event = value;
    if (field === 'data') data.push(value);
    if (field === 'id') [id, hasId] = [value, true];
  };

  return {
    take(chunk: string): void {
      const lines = (rest + chunk).split('\n');
      rest = lines.pop() ?? '';
      lines.forEach(line);
    },
    lastId: () => lastEventId,
  };
}
