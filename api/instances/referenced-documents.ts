import { DocumentRef } from '../../contracts/documents.ts';
import { invalidInput } from '../../contracts/failures.ts';
import type { DocumentStore } from '../../documents/store.ts';

/**
 * Refuses an input that refers to a document which is not in the store, or is another than it says: the instance would only find out later.
 *
 * @throws InvalidInput that names the field
 */
export async function requireDocuments({ store, input }: { store: DocumentStore; input: unknown }): Promise<void> {
  const issues = [];
  for (const { path, ref } of referencesIn(input, ['input'])) {
    const kept = (await store.get(ref.sha256))?.ref;
    const wrong = kept === undefined ? 'sha256' : kept.size !== ref.size ? 'size' : kept.mediaType !== ref.mediaType ? 'mediaType' : undefined;
    if (wrong === undefined) continue;
    const message =
      kept === undefined
        ? `there is no document ${ref.sha256}; hand it in with POST /api/documents, and pass the reference that is answered`
        : `the document has ${kept.size} bytes of ${kept.mediaType}, not ${ref.size} of ${ref.mediaType}; pass the reference as POST /api/documents answered it`;
    issues.push({ path: [...path, wrong].join('.'), message });
  }
  if (issues.length > 0) throw invalidInput(`the input refers to a document that cannot be used: ${issues.map(({ path, message }) => `${path}: ${message}`).join('; ')}`, { issues });
}

interface Reference {
  readonly path: readonly string[];
  readonly ref: DocumentRef;
}

/** A reference is known by its shape, wherever in the input it is. */
function referencesIn(value: unknown, path: readonly string[]): readonly Reference[] {
  if (typeof value !== 'object' || value === null) return [];
  const parsed = DocumentRef.safeParse(value);
  if (parsed.success) return [{ path, ref: parsed.data }];
  return Object.entries(value).flatMap(([key, inner]) => referencesIn(inner, [...path, key]));
}
