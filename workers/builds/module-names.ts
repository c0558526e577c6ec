import { relative, sep } from 'node:path';
import type { BundleOptions } from '@temporalio/worker';
import { repository } from '../../platform/repository.ts';

type BundlerConfig = ReturnType<NonNullable<BundleOptions['webpackConfigHook']>>;
export type BundlerPlugin = Extract<NonNullable<BundlerConfig['plugins']>[number], { apply: unknown }>;

/**
 * Names the modules of a bundle by what they are, wherever the repository lies and wherever its node_modules really are: the bundler's own names
 * are paths from the directory that the process was started in.
 */
export const nameModules: BundlerPlugin = {
  apply(compiler) {
    compiler.hooks.compilation.tap('names of modules', (compilation) => {
      compilation.hooks.moduleIds.tap('names of modules', (modules) => {
        const taken = new Set<string>();
        for (const module of modules) {
          if (!module.needId) continue;
          const name = placeless(module.nameForCondition() ?? module.identifier());
          // The same file may be read in two ways.
          const id = taken.has(name) ? placeless(module.identifier()) : name;
          taken.add(id);
          compilation.chunkGraph.setModuleId(module, id);
        }
      });
    });
  },
};

function placeless(path: string): string {
  const packages = path.indexOf(`${sep}node_modules${sep}`);
  const place = packages >= 0 ? path.slice(packages + 1) : path.startsWith(repository + sep) ? relative(repository, path) : path;
  return place.split(sep).join('/');
}
