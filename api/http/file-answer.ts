import type { DocumentRef } from '../../contracts/documents.ts';
import { type Answer, answer } from './answer.ts';

/** What a browser may show in place: nothing that could run or fetch something. Everything else is offered for saving. */
const shownInPlace: ReadonlySet<string> = new Set(['application/pdf', 'image/png', 'image/jpeg', 'text/plain', 'application/json']);

/** A file as an answer. Its address is its content, so it may be kept as long as one likes, by the one who asked. */
export function fileAnswer({ ref, bytes, name }: { ref: DocumentRef; bytes: Uint8Array; name: string }): Answer {
  const disposition = shownInPlace.has(ref.mediaType) ? 'inline' : 'attachment';
  return answer({
    headers: {
      'content-type': ref.mediaType,
      'content-disposition': `${disposition}; filename="${name.replaceAll(/[^A-Za-z0-9._-]/g, '_')}"`,
      'cache-control': 'private, max-age=31536000, immutable',
      etag: `"${ref.sha256}"`,
    },
    body: Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength),
  });
}
