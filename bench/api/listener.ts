import { get } from 'node:http';

export interface Heard {
  readonly event: string;
  readonly data: string;
  /** By `performance.now()`. */
  readonly at: number;
}

export interface Listener {
  /** All that came, in its order. */
  readonly heard: readonly Heard[];
  close(): void;
}

/** Listens to a stream of server-sent events on a connection of its own. Settles when the answer's head is there. */
export function listen({ url, token, onHeard }: { url: string; token: string; onHeard: () => void }): Promise<Listener> {
  return new Promise((resolve, reject) => {
    const call = get(url, { agent: false, headers: { authorization: `Bearer ${token}`, accept: 'text/event-stream' } }, (answer) => {
      if (answer.statusCode !== 200) return reject(new Error(`${url} was answered with ${answer.statusCode}`));
      const heard: Heard[] = [];
      let rest = '';
      answer.setEncoding('utf8').on('data', (text: string) => {
        const messages = (rest + text).split('\n\n');
        rest = messages.pop() ?? '';
        const at = performance.now();
        for (const message of messages) {
          const [event, data] = [fieldOf(message, 'event'), fieldOf(message, 'data')];
          if (event !== undefined && data !== undefined) heard.push({ event, data, at });
        }
        onHeard();
      });
      // Cut off by ourselves, in the end.
      answer.once('error', () => undefined);
      resolve({ heard, close: () => void answer.destroy() });
    });
    call.once('error', reject);
  });
}

const fieldOf = (message: string, name: string): string | undefined => new RegExp(`^${name}: (.*)$`, 'm').exec(message)?.[1];

export interface Crowd {
  readonly listeners: readonly Listener[];
  /** Settles when this holds of every listener. */
  until(holds: (listener: Listener) => boolean): Promise<void>;
  close(): void;
}

/** So many listeners to one stream. */
export async function gather({ count, ...stream }: { count: number; url: string; token: string }): Promise<Crowd> {
  let look = (): void => undefined;
  const listeners = await Promise.all(Array.from({ length: count }, () => listen({ ...stream, onHeard: () => look() })));
  return {
    listeners,
    until: (holds) =>
      new Promise((resolve) => {
        look = () => {
          if (!listeners.every(holds)) return;
          look = () => undefined;
          resolve();
        };
        look();
      }),
    close: () => listeners.forEach((listener) => listener.close()),
  };
}
