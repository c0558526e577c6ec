import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { discoverActivities, discoverImplementations, discoverProcesses } from '../../platform/discover.ts';

/** Contracts as modules export them; only what discovery looks at. */
const activity = (name: string) => `Object.freeze({ contract: 'activity', name: '${name}' })`;
const process = (name: string) => `Object.freeze({ contract: 'process', name: '${name}' })`;

describe('discovery', () => {
  let root: string;
  let nth = 0;
  beforeAll(async () => {
    root = await mkdtemp(join(tmpdir(), 'throughline-discover-'));
  });
  afterAll(() => rm(root, { recursive: true, force: true }));

  /** A folder of its own, for modules are loaded once. */
  const folder = async (files: Record<string, string>): Promise<string> => {
    const directory = join(root, String(++nth));
    for (const [name, content] of Object.entries(files)) {
      await mkdir(dirname(join(directory, name)), { recursive: true });
      await writeFile(join(directory, name), content);
    }
    return directory;
  };
  const esm = { 'package.json': '{"type":"module"}' };

  it('finds what a folder and its subfolders export, by name, and nothing else', async () => {
    const directory = await folder({
      ...esm,
      'b.js': `export const b = ${activity('shop.b')}; export const limit = 5; export const nothing = null; export function help() {}`,
      'a/a.js': `export const a = ${activity('shop.a')}; export const undo = { contract: 'compensation', name: 'shop.undo' }; export const p = ${process('order')};`,
      'a/notes.md': 'not a module',
      'a/a.d.ts': 'export declare const x: number;',
    });
    expect((await discoverActivities(directory)).map(({ name }) => name)).toEqual(['shop.a', 'shop.undo', 'shop.b']);
    expect((await discoverProcesses(directory)).map(({ name }) => name)).toEqual(['order']);
  });

  it('takes the same thing exported twice for one', async () => {
    const directory = await folder({ ...esm, 'a.js': `export const a = ${activity('shop.a')};`, 'b.js': `export { a as b } from './a.js';` });
    expect(await discoverActivities(directory)).toHaveLength(1);
  });

  it('refuses two things of one name, and names both files', async () => {
    const directory = await folder({ ...esm, 'a.js': `export const a = ${activity('shop.a')};`, 'b.js': `export const b = ${activity('shop.a')};` });
    await expect(discoverActivities(directory)).rejects.toThrow(new RegExp(`"shop\\.a" is defined twice: in .*a\\.js and in .*b\\.js\\. Rename one`));
    const twins = await folder({ ...esm, 'a.js': `export const a = ${process('order')};`, 'b.js': `export const b = ${process('order')};` });
    await expect(discoverProcesses(twins)).rejects.toThrow(/"order" is defined twice/);
  });

  it('refuses two implementations of one contract', async () => {
    const directory = await folder({
      ...esm,
      'contract.js': `export const a = ${activity('shop.a')};`,
      'one.js': `import { a } from './contract.js'; export const one = { implements: a, run: async () => ({}) };`,
      'two.js': `import { a } from './contract.js'; export const two = { implements: a, run: async () => ({}) };`,
    });
    await expect(discoverImplementations(directory)).rejects.toThrow(/"shop\.a" is defined twice: in .*one\.js and in .*two\.js/);
  });
});
