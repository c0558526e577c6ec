/** A user of the public API. All that the demo knows of the platform comes through here. */
export interface ApiUser {
  get<T>(path: string): Promise<T>;
  post<T>(path: string, body?: unknown): Promise<T>;
  upload<T>(path: string, bytes: Uint8Array): Promise<T>;
}

/** What the API refuses, as RFC 9457 tells it. */
export interface Problem {
  readonly status: number;
  readonly title?: string;
  readonly detail?: string;
}

export class Refused extends Error {
  override readonly name = 'Refused';
  readonly problem: Problem;
  constructor(what: string, problem: Problem) {
    super(`${what}: ${problem.status} ${problem.detail ?? problem.title ?? ''}`);
    this.problem = problem;
  }
}

/** Milliseconds; the API answers well before. */
const patience = 30_000;

export function createApiUser({ apiUrl, token }: { apiUrl: string; token: string }): ApiUser {
  const call = async <T>(method: string, path: string, { type, body }: { type?: string; body?: string | Uint8Array<ArrayBuffer> } = {}): Promise<T> => {
    const answer = await fetch(`${apiUrl}/api${path}`, {
      method,
      headers: { authorization: `Bearer ${token}`, ...(type === undefined ? {} : { 'content-type': type }) },
      ...(body === undefined ? {} : { body }),
      signal: AbortSignal.timeout(patience),
    });
    const content: unknown = await answer.json();
    if (!answer.ok) throw new Refused(`${method} ${path}`, { ...(content as object), status: answer.status });
    return content as T;
  };
  return {
    get: (path) => call('GET', path),
    post: (path, body) => call('POST', path, body === undefined ? {} : { type: 'application/json', body: JSON.stringify(body) }),
    upload: (path, bytes) => call('POST', path, { type: 'application/octet-stream', body: new Uint8Array(bytes) }),
  };
}
