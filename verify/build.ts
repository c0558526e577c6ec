import { spawnSync } from 'node:child_process';
import { cp, readdir, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { repository } from '../platform/repository.ts';

/**
 * Builds the product into `dist/`, which plain Node runs without tsx: `npm run build`, which checks the types first; here they are only taken away.
 * What the rooms hold beside TypeScript (pages, data) is copied. Packages are found in the repository's node_modules.
 */
const dist = join(repository, 'dist');
await rm(dist, { recursive: true, force: true });
const tsc = join(dirname(createRequire(import.meta.url).resolve('typescript/package.json')), 'bin/tsc');
const { status } = spawnSync(process.execPath, [tsc, '-p', join(repository, 'tsconfig.build.json')], { stdio: 'inherit' });
if (status === 0) {
  const rooms = await readdir(dist);
  for (const room of rooms) await cp(join(repository, room), join(dist, room), { recursive: true, filter: (path) => !path.endsWith('.ts') });
  process.stdout.write(`built ${rooms.join(', ')} into dist/\n`);
} else {
  process.exitCode = 1;
}
