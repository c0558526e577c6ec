import { homedir } from 'node:os';
import { join } from 'node:path';

/**
 * Where programs are kept that are downloaded or built once per machine: outside the work tree, so that a fresh clone finds them.
 * `THROUGHLINE_CACHE` decides; else it is the system's place for caches.
 */
export function cacheDirectory(): string {
  const { THROUGHLINE_CACHE, XDG_CACHE_HOME } = process.env;
  if (THROUGHLINE_CACHE) return THROUGHLINE_CACHE;
  if (XDG_CACHE_HOME) return join(XDG_CACHE_HOME, 'throughline');
  if (process.platform === 'darwin') return join(homedir(), 'Library', 'Caches', 'throughline');
  return join(homedir(), '.cache', 'throughline');
}
