import { payloadLimit } from '../../contracts/define/limits.ts';
import { refusal } from '../problems/problem.ts';
import { documentLimit, documentMediaTypes } from '../documents/limits.ts';
import { type BodyKind, type Fastify, factsOf, type HttpRequest } from './fastify.ts';

/** Bytes of JSON that a request may have: the largest input, and room for what is around it. */
export const jsonLimit = payloadLimit + 20_000;

const bodies: Readonly<Record<BodyKind, { readonly mediaTypes: readonly string[]; readonly limit: number; readonly what: string }>> = {
  json: { mediaTypes: ['application/json'], limit: jsonLimit, what: 'JSON body' },
  document: { mediaTypes: documentMediaTypes, limit: documentLimit, what: 'document' },
};

/** Each route takes one kind of body; what is of another kind or too large is refused before it is read. */
export function takeBodies(fastify: Fastify): void {
  fastify.removeAllContentTypeParsers();
  fastify.addContentTypeParser<string>(bodies.json.mediaTypes.slice(), { parseAs: 'string', bodyLimit: bodies.json.limit }, async (_request: unknown, text: string) => parseJson(text));
  fastify.addContentTypeParser<Buffer>(bodies.document.mediaTypes.slice(), { parseAs: 'buffer', bodyLimit: bodies.document.limit }, async (_request: unknown, bytes: Buffer) => bytes);
  fastify.addHook('preParsing', async (request: HttpRequest) => {
    const facts = factsOf(request);
    // What comes with a GET means nothing, and is never read.
    if (facts === undefined || request.method === 'GET' || request.method === 'HEAD') return;
    const { mediaTypes, limit, what } = bodies[facts.body];
    const { 'content-type': type, 'content-length': length, 'transfer-encoding': encoding } = request.headers;
    if ((length === undefined || length === '0') && encoding === undefined) return;
    const mediaType = String(type ?? '').split(';')[0]?.trim().toLowerCase() ?? '';
    if (!mediaTypes.includes(mediaType)) {
      throw refusal({ kind: 'unsupported-media-type', detail: `This route takes ${mediaTypes.join(', ')}, not "${mediaType}". Set the header Content-Type to what you send.` });
    }
    if (Number(length) > limit) throw tooLarge({ what, size: `${Number(length)} bytes`, limit });
  });
}

export const tooLarge = ({ what, size, limit }: { what: string; size: string; limit: number }) =>
  refusal({ kind: 'too-large', detail: `The ${what} has ${size}; at most ${limit} bytes are taken.${what === 'document' ? '' : ' Upload large content as a document and pass its reference.'}` });

/** The problem of a body without a length that grew over the limit while it was read. */
export function grewTooLarge(request: Pick<HttpRequest, 'routeOptions'>) {
  const { what, limit } = bodies[factsOf(request)?.body ?? 'json'];
  return tooLarge({ what, size: `more than ${limit} bytes`, limit });
}

function parseJson(text: string): unknown {
  if (text === '') return undefined;
  try {
    return JSON.parse(text, (key, value: unknown) => {
      if (key === '__proto__') throw new SyntaxError('the key "__proto__" is not taken');
      return value;
    });
  } catch (error) {
    throw refusal({ kind: 'malformed-request', detail: `The body is not JSON: ${whereIn({ text, message: error instanceof Error ? error.message : String(error) })}.` });
  }
}

/** The engine tells the position in characters; people look for line and column. */
function whereIn({ text, message }: { text: string; message: string }): string {
  const position = /position (\d+)/.exec(message)?.[1];
  if (position === undefined) return message;
  const before = text.slice(0, Number(position)).split('\n');
  return `${message.replace(/ \(line .*\)$/, '')} (line ${before.length}, column ${(before.at(-1)?.length ?? 0) + 1})`;
}
