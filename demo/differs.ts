import { isDeepStrictEqual } from 'node:util';

/** What was expected and what was found, in words, where they differ. */
export const differs = (what: string, expected: unknown, found: unknown): string | null =>
  isDeepStrictEqual(expected, found) ? null : `${what}: expected ${JSON.stringify(expected)}, found ${JSON.stringify(found)}`;
