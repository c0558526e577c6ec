import type { ServerResponse } from 'node:http';
import { problemMediaType, problemOfKind } from '../problems/problem.ts';
import { securityHeaders } from './headers.ts';

/** What the router refuses before any hook runs: an address that cannot be decoded, or one part of it that is too long. */
export function answerUnreadable(error: Error, _request: unknown, { raw }: { readonly raw: ServerResponse }): void {
  const problem = problemOfKind({ kind: 'malformed-request', detail: `${error.message}. Percent-encode ids in paths, "%" itself as %25.` });
  raw.writeHead(problem.status, { ...securityHeaders, 'content-type': problemMediaType }).end(JSON.stringify(problem));
}
