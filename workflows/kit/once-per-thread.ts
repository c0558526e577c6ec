import { z } from 'zod';
import { definitionOf } from '../../contracts/define/definition.ts';
import type { ProcessContract } from '../../contracts/define/process.ts';

/**
 * What all instances of a worker's thread share: the bundle evaluates this module once per thread (`preloadModules` in workers/bundle.ts) and every other module
 * once per instance. Nothing here may depend on an instance.
 */

// Compiling a schema pays off after hundreds of uses; an instance parses with each of its schemas a few times.
z.config({ jitless: true });
// zod completes its configuration when the first schema is made. That must happen here: Temporal freezes what is shared.
z.object({ first: z.string() });

const digests = new Map<string, string>();

/** The digest of a process's definition. It depends on the bundle's code alone, so that computing it once is the same as computing it each time. */
export function definitionDigest(process: ProcessContract): string {
  const digest = digests.get(process.name) ?? definitionOf(process).digest;
  digests.set(process.name, digest);
  return digest;
}
