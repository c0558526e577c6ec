import { appendFile, readFile, writeFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { openJournal } from '../../sandbox/journal.ts';
import { newDataDir } from './system.ts';

describe('journal of a sandbox system', () => {
  let data: Awaited<ReturnType<typeof newDataDir>>;
  beforeAll(async () => void (data = await newDataDir()));
  afterAll(() => data.remove());

  const reread = async (name: string) => {
    const { journal, seen } = await open(name);
    await journal.close();
    return seen;
  };
  const open = async (name: string) => {
    const seen: number[] = [];
    const file = `${data.dataDir}/${name}`;
    return { file, seen, journal: await openJournal({ file, entry: z.number(), replay: (entry) => void seen.push(entry) }) };
  };

  it('gives back what was written, in order', async () => {
    const { journal } = await open('order');
    for (const entry of [1, 2, 3]) journal.append(entry);
    await journal.settled();
    await journal.close();
    expect(await reread('order')).toEqual([1, 2, 3]);
  });

  it('drops a last line that was cut off, and goes on after the one before', async () => {
    const { file, journal } = await open('torn');
    journal.append(1);
    await journal.close();
    await appendFile(file, '{"half');
    const second = await open('torn');
    second.journal.append(2);
    await second.journal.close();
    expect(await readFile(file, 'utf8')).toBe('1\n2\n');
    expect(await reread('torn')).toEqual([1, 2]);
  });

  it('refuses to start on a damaged line and names it', async () => {
    await writeFile(`${data.dataDir}/damaged`, '1\n"two"\n3\n');
    await expect(open('damaged')).rejects.toThrow(/damaged, line 2 is damaged/);
  });

  it('confirms nothing any more once it could not write', async () => {
    const { journal } = await open('closed');
    journal.append(1);
    await journal.close();
    journal.append(2);
    await expect(journal.settled()).rejects.toThrow(/cannot be written/);
    journal.append(3);
    await expect(journal.settled()).rejects.toThrow(/cannot be written/);
  });
});
