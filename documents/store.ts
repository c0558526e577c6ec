import type { DocumentRef } from '../contracts/documents.ts';

/** Where documents live. Content-addressed: the same bytes are the same document, and what was put never changes. */
export interface DocumentStore {
  /** Keeps the bytes; putting the same bytes again is the same document. */
  put(bytes: Uint8Array, mediaType: string): Promise<DocumentRef>;
  /** `undefined` when there is no such document. */
  get(sha256: string): Promise<{ readonly ref: DocumentRef; readonly bytes: Uint8Array } | undefined>;
}
