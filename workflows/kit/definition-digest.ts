import { definitionOf } from '../../contracts/define/definition.ts';
import type { ProcessContract } from '../../contracts/define/process.ts';

/** Of processes whose instances this thread has run: the kit's modules are shared by all instances of a thread (workers/preload.ts). */
const digests = new WeakMap<ProcessContract, string>();

/** The digest of a process's definition. It depends on the bundle's code alone, so that computing it once is the same as computing it each time. */
export function definitionDigest(process: ProcessContract): string {
  const digest = digests.get(process) ?? definitionOf(process).digest;
  digests.set(process, digest);
  return digest;
}
