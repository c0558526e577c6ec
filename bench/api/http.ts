import { Agent, request } from 'node:http';

export interface Answer {
  readonly status: number;
  readonly text: string;
}

export interface HttpClient {
  /** @throws Error when the answer is not 2xx: a refusal is quick, and would pass for speed */
  ask(path: string, json?: unknown): Promise<Answer>;
  close(): void;
}

/** A client with a token that keeps its connections open, as those of systems do. */
export function createHttpClient({ url, token, connections }: { url: string; token: string; connections: number }): HttpClient {
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  return {
    ask: (path, json) =>
      new Promise((resolve, reject) => {
        const body = json === undefined ? undefined : JSON.stringify(json);
        const headers = { authorization: `Bearer ${token}`, ...(body === undefined ? {} : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) }) };
        const call = request(`${url}${path}`, { agent, method: body === undefined ? 'GET' : 'POST', headers }, (answer) => {
          const parts: string[] = [];
          answer.setEncoding('utf8').on('data', (part: string) => parts.push(part));
          answer.once('error', reject).once('end', () => {
            const [status, text] = [answer.statusCode ?? 0, parts.join('')];
            if (status >= 200 && status < 300) resolve({ status, text });
            else reject(new Error(`${path} was answered with ${status}: ${text.slice(0, 500)}`));
          });
        });
        call.once('error', reject).end(body);
      }),
    close: () => agent.destroy(),
  };
}
