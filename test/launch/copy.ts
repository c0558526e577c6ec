import { cp, mkdtemp, readdir, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { repository } from '../../platform/repository.ts';

const elsewhere = ['node_modules', '.git', '.throughline', 'test', 'dist', 'coverage'];

/** A copy of the product's source in a directory of its own, in which a test may change files as a developer would. */
export async function copyOfRepository(): Promise<string> {
  const copy = await mkdtemp(join(tmpdir(), 'throughline-copy-'));
  for (const name of await readdir(repository)) if (!elsewhere.includes(name)) await cp(join(repository, name), join(copy, name), { recursive: true });
  await symlink(join(repository, 'node_modules'), join(copy, 'node_modules'));
  return copy;
}
