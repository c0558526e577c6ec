import { build } from 'esbuild';
import { createHash, randomUUID } from 'node:crypto';
import { mkdir, readdir, readFile, rename, stat, writeFile } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';
import { repository } from '../platform/repository.ts';

/**
 * Temporal evaluates a bundle's modules anew for each instance, but for those that are preloaded: they are evaluated once per thread, and all its
 * instances share them. Contracts, zod and the kit cost some 4 ms an instance, several times what running a step does, so they are preloaded.
 *
 * What is preloaded Temporal freezes through and through, so that no instance can reach another by it; and zod writes to its own schemas, to their
 * regular expressions and caches. The freezing passes over what is frozen already, so the exports of these modules are frozen here, each list of exports
 * by itself, and what stands behind them stays as it is. That makes it a rule that contracts and kit keep nothing of an instance in a module.
 */
export const sharedByInstances: readonly string[] = ['contracts', 'workflows/kit'];

const cache = join(repository, 'node_modules/.cache/throughline');

/** The whole of zod as one module, so that there is one list of exports. It completes its global configuration, which is frozen too, when the first schema is made. */
const zod = `
import { z } from 'zod';
z.config({ jitless: true });
z.object({ first: z.string() });
export { z };
`;

/** Makes the file that stands for zod in workflow bundles, the same content always at the same place. Compiling schemas does not pay in a thread that checks few values. */
export async function zodFile(): Promise<string> {
  const { outputFiles } = await build({
    stdin: { contents: zod, resolveDir: repository },
    bundle: true,
    write: false,
    format: 'esm',
    target: 'es2022',
    legalComments: 'none',
    // Without the comments that name each file's path on this machine.
    minifyWhitespace: true,
  });
  return placeByContent({ name: 'zod', text: outputFiles[0]?.text ?? '' });
}

/** How the preload file names the repository: the same wherever it lies, and whether or not `node_modules` is a link. */
export const ours = 'throughline';

/** Makes the file that loads and protects what instances share: the modules named, and those in the folders named, relative to the repository. */
export async function preloadFile(shared: readonly string[]): Promise<string> {
  const modules = (await Promise.all(shared.map(modulesOf))).flat();
  const files = ['zod', ...modules.map((file) => [ours, ...relative(repository, file).split(sep)].join('/'))];
  const imports = files.map((file, at) => `import * as module${at} from ${JSON.stringify(file)};`);
  const text = `${imports.join('\n')}\nfor (const shared of [${files.map((_, at) => `module${at}`).join(', ')}]) Object.freeze(shared);\n`;
  return placeByContent({ name: 'preload', text });
}

async function modulesOf(name: string): Promise<string[]> {
  const path = join(repository, name);
  if ((await stat(path)).isFile()) return [path];
  const entries = await readdir(path, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile() && /\.[jt]s$/.test(entry.name) && !entry.name.endsWith('.d.ts'))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

/** Named by its content, for two versions of the source may share their node_modules; renamed into place, for another process may be reading it. */
async function placeByContent({ name, text }: { name: string; text: string }): Promise<string> {
  const digest = createHash('sha256').update(text).digest('hex').slice(0, 12);
  const file = join(cache, `${name}-${digest}.mjs`);
  // One that is new to the disk would make every bundle look as if its sources were changing (bundle-cache.ts).
  if ((await readFile(file, 'utf8').catch(() => undefined)) === text) return file;
  await mkdir(dirname(file), { recursive: true });
  const aside = `${file}.${randomUUID()}`;
  await writeFile(aside, text);
  await rename(aside, file);
  return file;
}
