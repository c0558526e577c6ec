import { bundleWorkflowCode, type WorkflowBundle } from '@temporalio/worker';
import { moduleFile, repository } from '../platform/repository.ts';
import { nameModules } from './builds/module-names.ts';
import { ours, preloadFile, sharedByInstances, zodFile } from './preload.ts';

/** Bundles the workflows once; every worker of this process gets the same code. `shared` names what is loaded once per thread (see preload.ts). */
export async function bundleWorkflows({ workflowsPath = moduleFile('workflows/index'), shared = sharedByInstances }: { workflowsPath?: string; shared?: readonly string[] } = {}): Promise<WorkflowBundle> {
  const zod = await zodFile();
  return bundleWorkflowCode({
    workflowsPath,
    preloadModules: shared.length > 0 ? [await preloadFile(shared)] : [],
    webpackConfigHook: (config) => {
      for (const rule of config.module?.rules ?? []) {
        // A stray .swcrc in a parent folder must not change what runs.
        if (rule && typeof rule === 'object' && isLoaderWithOptions(rule.use)) rule.use.options = { ...rule.use.options, swcrc: false };
      }
      return {
        ...config,
        plugins: [...(config.plugins ?? []), nameModules],
        // Its comments would hold paths of this machine.
        output: { ...config.output, pathinfo: false },
        optimization: { ...config.optimization, moduleIds: false },
        resolve: { ...config.resolve, alias: { ...config.resolve?.alias, zod$: zod, [ours]: repository } },
      };
    },
  });
}

function isLoaderWithOptions(use: unknown): use is { loader: string; options?: Record<string, unknown> } {
  return typeof use === 'object' && use !== null && 'loader' in use && String(use.loader).includes('swc-loader');
}
