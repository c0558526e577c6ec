import { appendFile, mkdir, mkdtemp, readFile, rename, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { buildIdOf } from '../../workers/builds/build-id.ts';
import { keptBundlesIn } from '../../workers/builds/kept-bundles.ts';
import { copyOfRepository } from '../launch/copy.ts';

/** Bundles the source of a copy in a process of its own, started in some directory. */
const program = `
import { bundleWorkflows } from './workers/bundle.ts';
import { writeFile } from 'node:fs/promises';
await writeFile(process.argv[2], (await bundleWorkflows()).code);
`;
let nth = 0;
async function bundleOf(copy: string, from = copy): Promise<string> {
  const out = join(directory, `${(nth += 1)}.js`);
  await writeFile(join(copy, 'bundle-it.ts'), program);
  await promisify(execFile)(process.execPath, ['--import', join(copy, 'node_modules/tsx/dist/loader.mjs'), join(copy, 'bundle-it.ts'), out], { cwd: from, env: { ...process.env, NODE_OPTIONS: '' } });
  return readFile(out, 'utf8');
}

let directory: string;
let copies: readonly [string, string];
let code: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'throughline-builds-'));
  const [one, other] = await Promise.all([copyOfRepository(), copyOfRepository()]);
  const deeper = join(directory, 'somewhere/else/entirely');
  await mkdir(join(directory, 'somewhere/else'), { recursive: true });
  await rename(other, deeper);
  copies = [one, deeper];
  code = await bundleOf(one);
});
afterAll(async () => {
  await rm(copies[0], { recursive: true, force: true });
  await rm(directory, { recursive: true, force: true });
});

describe('a build id', () => {
  it('is the same for the same source, wherever it lies and wherever the process is started', async () => {
    const [, deeper] = copies;
    const [again, elsewhere] = [await bundleOf(deeper), await bundleOf(deeper, tmpdir())];
    expect(buildIdOf(code)).toMatch(/^[0-9a-f]{16}$/);
    expect(buildIdOf(again)).toBe(buildIdOf(code));
    expect(buildIdOf(elsewhere)).toBe(buildIdOf(code));
    // The paths of the machine stand in the source map only.
    expect(again).not.toBe(code);
    expect(code.slice(0, code.lastIndexOf('//# sourceMappingURL='))).not.toContain(copies[0]);
  });

  it.each([
    { what: 'a flow', file: 'workflows/supplier-invoice.ts' },
    { what: 'the kit', file: 'workflows/kit/flow.ts' },
    { what: 'a contract', file: 'contracts/processes/supplier-invoice.ts' },
  ])('is another when $what changes', async ({ file }) => {
    const [one] = copies;
    const before = buildIdOf(await bundleOf(one));
    await appendFile(join(one, file), `\nexport const added${nth} = ${nth};\n`);
    expect(buildIdOf(await bundleOf(one))).not.toBe(before);
  });

  it('is another when one statement changes place with the next', () => {
    const [one, other] = ['first();\n', 'second();\n'];
    const bundle = (...lines: readonly string[]): string => `start\n/***/ "a":\n${lines.join('')}\n/***/ "b":\nlast();\n`;
    expect(buildIdOf(bundle(one, other))).not.toBe(buildIdOf(bundle(other, one)));
  });
});

describe('kept bundles', () => {
  it('are found by build id, and kept once', async () => {
    const kept = keptBundlesIn(join(directory, 'kept/here'));
    expect(await kept.list()).toEqual([]);
    expect(await kept.read(buildIdOf(code))).toBeUndefined();
    await Promise.all([kept.keep(code), kept.keep(code)]);
    await utimes(join(kept.directory, `${buildIdOf(code)}.js`), new Date(0), new Date(0));
    await kept.keep(code);
    const [only, ...others] = await kept.list();
    expect(others).toEqual([]);
    expect(only?.buildId).toBe(buildIdOf(code));
    expect(only?.usedAt.getTime()).toBeGreaterThan(0);
    expect(await kept.read(buildIdOf(code))).toBe(code);
  });

  it('refuses a bundle that was changed or cut off', async () => {
    const kept = keptBundlesIn(join(directory, 'broken'));
    await kept.keep(code);
    await writeFile(join(kept.directory, `${buildIdOf(code)}.js`), code.slice(0, code.length / 3));
    await expect(kept.read(buildIdOf(code))).rejects.toThrow(/is not the bundle of build [0-9a-f]{16}: it was changed or cut off/);
  });

  it('says what to do when they cannot be kept', async () => {
    const file = join(directory, 'a-file');
    await writeFile(file, '');
    await expect(keptBundlesIn(join(file, 'bundles')).keep(code)).rejects.toThrow(/cannot be kept in .*WORKER_BUNDLES_DIR/);
  });
});
