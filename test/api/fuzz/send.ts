import { type Agent, request } from 'node:http';

export interface Sent {
  readonly method: string;
  /** As it stands on the wire: already encoded, or wrongly so. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array | undefined;
}

export interface Received {
  readonly status: number;
  readonly contentType: string;
  readonly headers: Readonly<Record<string, unknown>>;
  /** Nothing of a stream of events, which has no end. */
  readonly body: string;
}

/** Sends what `fetch` would mend or refuse. Rejects when there is no answer at all. */
export function send({ url, agent, sent }: { url: string; agent: Agent; sent: Sent }): Promise<Received> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    const outgoing = request({ hostname, port, agent, method: sent.method, path: sent.path, headers: { ...sent.headers, ...(sent.body === undefined ? {} : { 'content-length': Buffer.byteLength(sent.body) }) } }, (answer) => {
      const contentType = String(answer.headers['content-type'] ?? '');
      const done = (body: string): void => resolve({ status: answer.statusCode ?? 0, contentType, headers: answer.headers, body });
      if (contentType.startsWith('text/event-stream')) {
        done('');
        answer.destroy();
        return;
      }
      let text = '';
      answer.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
      answer.once('end', () => done(text)).once('error', reject);
    });
    outgoing.once('error', (error) => reject(new Error(`${sent.method} ${sent.path.slice(0, 200)} got no answer: ${error.message}`, { cause: error })));
    outgoing.end(sent.body);
  });
}
