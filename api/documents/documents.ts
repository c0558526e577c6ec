import type { DocumentRef } from '../../contracts/documents.ts';
import { invalidInput, notFound } from '../../contracts/failures.ts';
import { inspectDocument } from '../../documents/inspect.ts';
import type { DocumentStore } from '../../documents/store.ts';
import { type Answer, answer } from '../http/answer.ts';
import { fileAnswer } from '../http/file-answer.ts';
import { documentLimit } from './limits.ts';

export interface Documents {
  /** Takes a document after a look at its content; `claimed` is the media type that the sender says it has. */
  upload(sent: { readonly bytes: Uint8Array | undefined; readonly claimed: string }): Promise<Answer>;
  /** @throws NotFound */
  read(sha256: string): Promise<Answer>;
}

const endings: Readonly<Record<string, string>> = { 'application/pdf': 'pdf', 'image/png': 'png', 'image/jpeg': 'jpg', 'application/json': 'json', 'text/plain': 'txt' };

export function createDocuments({ store }: { store: DocumentStore }): Documents {
  return {
    async upload({ bytes, claimed }) {
      if (bytes === undefined || bytes.length === 0) throw invalidInput('the document is empty: send its bytes as the body, for example with curl --data-binary @invoice.pdf');
      const { mediaType } = await inspectDocument(bytes, { maxBytes: documentLimit });
      const said = claimed.split(';')[0]?.trim().toLowerCase() ?? '';
      if (said !== 'application/octet-stream' && said !== mediaType) {
        throw invalidInput(`the document is ${mediaType} by its content, but was sent as ${said}. Send it with "Content-Type: ${mediaType}", after a look at whether it is the right file.`);
      }
      const ref = await store.put(bytes, mediaType);
      const path = `/api/documents/${ref.sha256}`;
      return answer({ status: 201, headers: { location: path }, body: ref });
    },
    async read(sha256) {
      const { ref, bytes } = await found({ store, sha256 });
      const ending = endings[ref.mediaType];
      return fileAnswer({ ref, bytes, name: `${sha256.slice(0, 16)}${ending === undefined ? '' : `.${ending}`}` });
    },
  };
}

/** @throws NotFound */
export async function found({ store, sha256 }: { store: DocumentStore; sha256: string }): Promise<{ readonly ref: DocumentRef; readonly bytes: Uint8Array }> {
  const document = await store.get(sha256);
  if (!document) throw notFound(`there is no document ${sha256}. POST /api/documents answers with the id of each document it has taken.`);
  return document;
}
