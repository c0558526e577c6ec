import { execFile } from 'node:child_process';
import { cp, mkdtemp, readdir, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { repository } from '../../platform/repository.ts';

const elsewhere = ['node_modules', '.git', '.throughline', 'dist', 'coverage'];

/** A copy of the product's source in a directory of its own, in which a test may change files as a developer would. `tests` copies these too. */
export async function copyOfRepository({ tests = false }: { tests?: boolean } = {}): Promise<string> {
  const copy = await mkdtemp(join(tmpdir(), 'throughline-copy-'));
  const left = tests ? elsewhere : [...elsewhere, 'test'];
  for (const name of await readdir(repository)) if (!left.includes(name)) await cp(join(repository, name), join(copy, name), { recursive: true });
  await symlink(join(repository, 'node_modules'), join(copy, 'node_modules'));
  return copy;
}

export interface Ended {
  readonly code: number;
  /** Output and errors. */
  readonly said: string;
}

/** What a developer would run in a copy. */
export const programs = {
  /** `npm run new -- <args>` */
  new: ['--import', 'tsx', 'scaffold/main.ts'],
  types: ['node_modules/typescript/bin/tsc', '-p'],
  lint: ['node_modules/eslint/bin/eslint.js', '--max-warnings', '0'],
  boundaries: ['node_modules/dependency-cruiser/bin/dependency-cruise.mjs', '--config', '.dependency-cruiser.cjs', '--output-type', 'err-long', '.'],
  tests: ['--experimental-vm-modules', 'node_modules/jest/bin/jest.js', '--runInBand', '--colors=false'],
} as const;

export function runIn(copy: string, [program, ...args]: readonly [keyof typeof programs, ...string[]]): Promise<Ended> {
  return new Promise((resolve) => {
    execFile(process.execPath, [...programs[program], ...args], { cwd: copy, env: { ...process.env, NODE_OPTIONS: '' }, maxBuffer: 2 ** 26 }, (error, out, err) =>
      resolve({ code: typeof error?.code === 'number' ? error.code : error ? -1 : 0, said: out + err }),
    );
  });
}
