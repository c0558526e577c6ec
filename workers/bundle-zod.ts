import { build } from 'esbuild';
import { mkdir, rename, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { repository } from '../platform/repository.ts';

/**
 * zod as one module whose insides cannot be reached from its exports. Temporal evaluates a bundle's modules anew for each instance unless they are preloaded, and zod alone
 * costs some 2 ms of that; but what is preloaded is frozen through and through, and zod writes to its own regular expressions and caches. The freezing follows
 * objects and stops at functions, so zod is handed out as the properties of a function.
 */
const contents = `
import { z as zod } from 'zod';
const z = () => undefined;
for (const [name, value] of Object.entries(zod)) Object.defineProperty(z, name, { value, enumerable: true });
// zod completes its global configuration when the first schema is made; afterwards that is frozen. Compiling schemas does not pay for the few uses of an instance.
zod.config({ jitless: true });
zod.object({ first: zod.string() });
export { z };
`;

/** Makes the file that stands for zod in workflow bundles, always at the same place with the same content. */
export async function zodFile(): Promise<string> {
  const file = join(repository, 'node_modules/.cache/throughline/zod.mjs');
  const { outputFiles } = await build({ stdin: { contents, resolveDir: repository }, bundle: true, write: false, format: 'esm', target: 'es2022', legalComments: 'none' });
  await mkdir(dirname(file), { recursive: true });
  // Renamed into place: another process may be reading it.
  const aside = `${file}.${process.pid}`;
  await writeFile(aside, outputFiles[0]?.contents ?? '');
  await rename(aside, file);
  return file;
}
