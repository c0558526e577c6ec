import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface SeenRequest {
  readonly url: string | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly body: {
    readonly model: string;
    readonly messages: readonly { readonly role: string; readonly content: string }[];
    readonly response_format: { readonly json_schema: { readonly strict: boolean; readonly schema: { readonly required: readonly string[] } } };
  };
}

type Behaviour = (response: ServerResponse) => void;

/** An endpoint that speaks OpenAI's chat completions and behaves as badly as it is told to. */
export async function startModelStandIn() {
  const seen: SeenRequest[] = [];
  let behave: Behaviour = (response) => response.writeHead(500).end();
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      seen.push({ url: request.url, headers: request.headers, body: JSON.parse(Buffer.concat(chunks).toString()) as SeenRequest['body'] });
      behave(response);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`;

  return {
    url,
    seen,
    behaves(next: Behaviour): void {
      behave = next;
    },
    answers(status: number, body: unknown, headers: Record<string, string> = {}): void {
      behave = (response) => response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(typeof body === 'string' ? body : JSON.stringify(body));
    },
    /** A completion with this content, or with these parts of a choice. */
    says(content: unknown, choice: Record<string, unknown> = {}): void {
      this.answers(200, {
        id: 'chatcmpl-1',
        object: 'chat.completion',
        created: 1_790_000_000,
        model: 'stand-in',
        choices: [{ index: 0, finish_reason: 'stop', message: { role: 'assistant', content: typeof content === 'string' ? content : JSON.stringify(content), refusal: null }, ...choice }],
        usage: { prompt_tokens: 900, completion_tokens: 90, total_tokens: 990 },
      });
    },
    close(): Promise<void> {
      server.closeAllConnections();
      return new Promise((resolve) => void server.close(() => resolve()));
    },
  };
}
