import { type ServerResponse, STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import { errorCode } from '../../platform/errors.ts';
import { type Problem, problemMediaType, problemOfKind } from '../problems/problem.ts';
import { securityHeaders } from './headers.ts';

/** What the router refuses before any hook runs: an address that cannot be decoded, or one part of it that is too long. */
export function answerUnreadable(error: Error, _request: unknown, { raw }: { readonly raw: ServerResponse }): void {
  const problem = problemOfKind({ kind: 'malformed-request', detail: `${error.message}. Percent-encode ids in paths, "%" itself as %25.` });
  raw.writeHead(problem.status, { ...securityHeaders, 'content-type': problemMediaType }).end(JSON.stringify(problem));
}

/** What does not even become a request is answered on the bare connection, which then ends. */
export function answerBroken(error: Error, socket: Socket): void {
  if (!socket.writable || errorCode(error) === 'ECONNRESET') {
    socket.destroy();
    return;
  }
  const problem = brokenBy(error);
  const body = JSON.stringify(problem);
  const headers = { ...securityHeaders, 'content-type': problemMediaType, 'content-length': String(Buffer.byteLength(body)), connection: 'close' };
  const lines = [`HTTP/1.1 ${problem.status} ${STATUS_CODES[problem.status] ?? ''}`, ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`)];
  socket.end(`${lines.join('\r\n')}\r\n\r\n${body}`);
}

function brokenBy(error: Error): Problem {
  const code = errorCode(error);
  if (code === 'HPE_HEADER_OVERFLOW') return problemOfKind({ kind: 'head-too-large', detail: 'Address and headers together have more than 16 kB. What is long belongs into the body.' });
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') return problemOfKind({ kind: 'too-slow', detail: 'The request did not come in whole in time. Send it again, over a faster connection if it is large.' });
  return problemOfKind({ kind: 'malformed-request', detail: `This is not HTTP/1.1 as it should be: ${error.message}.` });
}
