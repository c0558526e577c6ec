import { unexpected } from '../contracts/failures.ts';
import { createDiskStore } from './disk-store.ts';
import type { DocumentStore } from './store.ts';

/**
 * The store that activities use: the directory that `DOCUMENTS_DIR` names.
 *
 * @throws Unexpected when the variable is missing
 */
export function documentsFromEnv(env: Readonly<Record<string, string | undefined>> = process.env): DocumentStore {
  const directory = env.DOCUMENTS_DIR;
  if (!directory) throw unexpected('the environment variable DOCUMENTS_DIR is missing: set it to the directory that keeps the documents');
  return createDiskStore({ directory });
}
