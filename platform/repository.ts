import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The directory of the repository, or of its build. */
export const repository = dirname(dirname(fileURLToPath(import.meta.url)));
