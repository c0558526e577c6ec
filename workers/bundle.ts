import { bundleWorkflowCode, type WorkflowBundle } from '@temporalio/worker';
import { join } from 'node:path';
import { repository } from '../platform/repository.ts';

/** Bundles the workflows once; every worker of this process gets the same code. */
export async function bundleWorkflows(workflowsPath = join(repository, 'workflows/index.ts')): Promise<WorkflowBundle> {
  return bundleWorkflowCode({
    workflowsPath,
    // Evaluated once per thread instead of once per instance: libraries without any state of an instance's own.
    preloadModules: ['zod', '@noble/hashes/sha2.js'],
    webpackConfigHook: (config) => {
      for (const rule of config.module?.rules ?? []) {
        // A stray .swcrc in a parent folder must not change what runs.
        if (rule && typeof rule === 'object' && isLoaderWithOptions(rule.use)) rule.use.options = { ...rule.use.options, swcrc: false };
      }
      return config;
    },
  });
}

function isLoaderWithOptions(use: unknown): use is { loader: string; options?: Record<string, unknown> } {
  return typeof use === 'object' && use !== null && 'loader' in use && String(use.loader).includes('swc-loader');
}
