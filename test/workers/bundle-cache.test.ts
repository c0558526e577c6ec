import { mkdir, mkdtemp, readdir, readFile, rename, rm, stat, symlink, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { repository } from '../../platform/repository.ts';
import { bundleWorkflows } from '../../workers/bundle.ts';

let directory: string;
let cache: string;
const before = process.env.THROUGHLINE_BUNDLE_CACHE;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'throughline-bundle-'));
  await symlink(join(repository, 'node_modules'), join(directory, 'node_modules'));
});
afterAll(() => rm(directory, { recursive: true, force: true }));

const write = (file: string, text: string): Promise<void> => writeFile(join(directory, file), text);
const bundle = async (): Promise<string> => (await bundleWorkflows({ workflowsPath: join(directory, 'flows.ts'), shared: [] })).code;
const kept = (): Promise<string[]> => readdir(cache).catch(() => []);
/** Longer than a file system's clock may be behind, so that what was written is older than what is made of it. */
const settle = (): Promise<void> => pause(200);

beforeEach(async () => {
  cache = await mkdtemp(join(directory, 'cache-'));
  process.env.THROUGHLINE_BUNDLE_CACHE = cache;
  await write('flows.ts', `import { word } from './part';\nexport const say = async (): Promise<string> => word;\n`);
  await write('part.js', `export const word = 'the first';\n`);
  await settle();
});
afterEach(async () => {
  if (before === undefined) delete process.env.THROUGHLINE_BUNDLE_CACHE;
  else process.env.THROUGHLINE_BUNDLE_CACHE = before;
  await rm(join(directory, 'part.ts'), { force: true });
});

/** As long and as old as before. */
async function changeUnseen(): Promise<void> {
  const { atime, mtime } = await stat(join(directory, 'part.js'));
  await write('part.js', `export const word = 'the FIRST';\n`);
  await utimes(join(directory, 'part.js'), atime, mtime);
}

/** Writes on the bundle that is kept, to know it again. */
async function mark(): Promise<void> {
  const [file = ''] = await kept();
  await writeFile(join(cache, file), (await readFile(join(cache, file), 'utf8')).replace('the first', 'the kept one'));
}

describe('where bundles are kept for others', () => {
  it('a bundle is made once, and another process gets what the first one kept', async () => {
    expect(await bundle()).toContain('the first');
    await mark();
    expect(await bundle()).toContain('the kept one');
  });

  it.each([
    ['a source has changed', () => write('part.js', `export const word = 'the second';\n`)],
    ['there is a file now that the bundler would take instead', () => write('part.ts', `export const word: string = 'the second';\n`)],
    ['a source has changed and looks as if it had not', changeUnseen],
  ])('it is made anew when %s', async (_, change) => {
    await bundle();
    await mark();
    await change();
    expect(await bundle()).toMatch(/the second|the FIRST/);
  });

  it('two options are two bundles', async () => {
    await write('others.ts', `export const say = async (): Promise<string> => 'another';\n`);
    await settle();
    await bundle();
    expect((await bundleWorkflows({ workflowsPath: join(directory, 'others.ts'), shared: [] })).code).toContain('another');
    expect(await kept()).toHaveLength(2);
  });

  it('of those who ask at once each gets a whole one', async () => {
    const [one, other] = await Promise.all([bundle(), bundle()]);
    expect(one).toBe(other);
    await mark();
    expect(await bundle()).toContain('the kept one');
    expect(await kept()).toHaveLength(1);
  });

  it('one is not kept when a source has changed while it was made', async () => {
    let made = false;
    const making = bundle().finally(() => (made = true));
    while (!made) {
      await write('part.js.new', `export const word = 'the second';\n`);
      await rename(join(directory, 'part.js.new'), join(directory, 'part.js'));
    }
    await making;
    expect(await kept()).toEqual([]);
    await settle();
    expect(await bundle()).toContain('the second');
    expect(await kept()).toHaveLength(1);
  });

  it('one that cannot be made is not kept either, and says why', async () => {
    await mkdir(join(directory, 'broken'), { recursive: true });
    await write('broken/flows.ts', `export const say = ;\n`);
    await settle();
    await expect(bundleWorkflows({ workflowsPath: join(directory, 'broken/flows.ts'), shared: [] })).rejects.toThrow('Webpack finished with errors');
    expect(await kept()).toEqual([]);
  });
});
