import { createHash } from 'node:crypto';

/** Before each module in the bundler's output. */
const beforeModule = /^\/\*{3}\/ (?=")/m;

/**
 * The id of a build: a digest of its bundle's code, without the source map, which holds the paths of the machine, and without the order of the
 * modules, which follows from those paths. The same source has the same id on every machine.
 */
export function buildIdOf(code: string): string {
  const map = code.lastIndexOf('//# sourceMappingURL=');
  const modules = (map < 0 ? code : code.slice(0, map)).split(beforeModule).sort();
  const hash = createHash('sha256');
  for (const module of modules) hash.update(module).update('\0');
  return hash.digest('hex').slice(0, 16);
}
