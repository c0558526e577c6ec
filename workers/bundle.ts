import { bundleWorkflowCode, DefaultLogger, type WorkflowBundle } from '@temporalio/worker';
import { moduleFile, repository } from '../platform/repository.ts';
import { type BundlerPlugin, nameModules } from './builds/module-names.ts';
import { bundleOnce } from './bundle-cache.ts';
import { ours, preloadFile, sharedByInstances, zodFile } from './preload.ts';

export interface BundleOptions {
  /** The module whose exports are the flows. */
  readonly workflowsPath?: string;
  /** What is loaded once per thread (see preload.ts). */
  readonly shared?: readonly string[];
  /** Modules that see what passes between the flows and Temporal. */
  readonly interceptors?: readonly string[];
}

/**
 * Bundles the workflows once; every worker of this process gets the same code. Where `THROUGHLINE_BUNDLE_CACHE` names a directory, other processes get it
 * too, as long as no source has changed.
 */
export async function bundleWorkflows({ workflowsPath = moduleFile('workflows/index'), shared = sharedByInstances, interceptors = [] }: BundleOptions = {}): Promise<WorkflowBundle> {
  const { THROUGHLINE_BUNDLE_CACHE: directory } = process.env;
  const options: Entries = { workflowsPath, interceptors, preload: shared.length > 0 ? [await preloadFile(shared)] : [] };
  return directory ? bundleOnce({ directory, options, bundle: (watching) => bundle(options, [watching]) }) : bundle(options);
}

interface Entries extends Required<Pick<BundleOptions, 'workflowsPath' | 'interceptors'>> {
  readonly preload: readonly string[];
}

async function bundle({ workflowsPath, interceptors, preload }: Entries, plugins: readonly BundlerPlugin[] = []): Promise<WorkflowBundle> {
  const zod = await zodFile();
  return bundleWorkflowCode({
    workflowsPath,
    workflowInterceptorModules: [...interceptors],
    preloadModules: [...preload],
    logger: new DefaultLogger('WARN'),
    webpackConfigHook: (config) => {
      for (const rule of config.module?.rules ?? []) {
        if (!rule || typeof rule !== 'object' || !isLoaderWithOptions(rule.use)) continue;
        const { jsc, ...options } = rule.use.options ?? {};
        // A stray .swcrc in a parent folder must not change what runs. And what every Node.js here knows need not be rewritten for older ones, which is slower.
        rule.use.options = { ...options, swcrc: false, jsc: { ...jsc, target: 'es2022' } };
      }
      return {
        ...config,
        plugins: [...(config.plugins ?? []), nameModules, ...plugins],
        // Its comments would hold paths of this machine.
        output: { ...config.output, pathinfo: false },
        optimization: { ...config.optimization, moduleIds: false },
        resolve: { ...config.resolve, alias: { ...config.resolve?.alias, zod$: zod, [ours]: repository } },
      };
    },
  });
}

function isLoaderWithOptions(use: unknown): use is { loader: string; options?: { readonly jsc?: object; readonly swcrc?: boolean } } {
  return typeof use === 'object' && use !== null && 'loader' in use && String(use.loader).includes('swc-loader');
}
