import { definitionOf } from '../../contracts/define/definition.ts';
import type { ProcessContract } from '../../contracts/define/process.ts';

/**
 * What all instances of a worker's thread share: the bundle evaluates this module once per thread (`preloadModules` in workers/bundle.ts) and every other module
 * once per instance. Nothing here may depend on an instance.
 */

const digests = new Map<string, string>();

/** The digest of a process's definition. It depends on the bundle's code alone, so that computing it once is the same as computing it each time. */
export function definitionDigest(process: ProcessContract): string {
  const digest = digests.get(process.name) ?? definitionOf(process).digest;
  digests.set(process.name, digest);
  return digest;
}
