import type { Deployment } from './deployment.ts';
import type { KeptBundles } from './kept-bundles.ts';

/** Milliseconds without a worker that runs it. */
const unusedFor = 24 * 3_600_000;

interface Options {
  readonly kept: KeptBundles;
  readonly deployment: Deployment;
  /** The builds that run in this process. */
  readonly inUse: readonly string[];
  /** The own build's. */
  readonly code: string;
}

/**
 * Deletes the bundles that nothing can need any more: no worker has run them for a day, and Temporal holds no instance of them, open or closed (a
 * closed one may still be reset, until the namespace's retention ends).
 */
export async function forgetBundles({ kept, deployment, inUse, code }: Options): Promise<void> {
  await kept.keep(code);
  const current = await deployment.currentBuild();
  for (const { buildId, usedAt } of await kept.list()) {
    if (inUse.includes(buildId) || buildId === current || Date.now() - usedAt.getTime() < unusedFor) continue;
    if (!(await deployment.hasInstances(buildId))) await kept.remove(buildId);
  }
}
