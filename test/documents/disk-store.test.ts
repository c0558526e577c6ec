import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createHash } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createDiskStore } from '../../documents/disk-store.ts';
import { documentsFromEnv } from '../../documents/from-env.ts';

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');
const letter = Buffer.from('a letter');

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'throughline-documents-'));
});
afterEach(async () => {
  await rm(directory, { recursive: true });
});

const filesIn = async () => (await readdir(directory, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile()).map(({ name }) => name).sort();

describe('the document store on disk', () => {
  it('gives back what was put, under the SHA-256 of the bytes, with its media type', async () => {
    const store = createDiskStore({ directory });
    const ref = await store.put(letter, 'application/pdf');
    expect(ref).toEqual({ sha256: sha256(letter), mediaType: 'application/pdf', size: 8 });
    const kept = await createDiskStore({ directory }).get(ref.sha256);
    expect(kept?.ref).toEqual(ref);
    expect(Buffer.from(kept?.bytes ?? []).toString()).toBe('a letter');
  });

  it('keeps the same bytes once, with their first media type, when many put them at the same time', async () => {
    const stores = Array.from({ length: 20 }, () => createDiskStore({ directory }));
    const refs = await Promise.all(stores.map((store, index) => store.put(letter, index % 2 ? 'image/png' : 'image/jpeg')));
    expect(new Set(refs.map((ref) => JSON.stringify(ref))).size).toBe(1);
    expect((await createDiskStore({ directory }).get(sha256(letter)))?.ref).toEqual(refs[0]);
    expect(await filesIn()).toEqual([sha256(letter), `${sha256(letter)}.json`]);
  });

  it('knows nothing of a document that was never put', async () => {
    expect(await createDiskStore({ directory }).get('0'.repeat(64))).toBeUndefined();
  });

  it.each(['', 'x', '../../etc/passwd', 'A'.repeat(64), `${'a'.repeat(63)}/`, 'a'.repeat(65)])('refuses "%s" as an id', async (id) => {
    await expect(createDiskStore({ directory }).get(id)).rejects.toMatchObject({ type: 'InvalidInput' });
  });

  it('refuses an empty document', async () => {
    await expect(createDiskStore({ directory }).put(new Uint8Array(), 'application/pdf')).rejects.toMatchObject({ type: 'InvalidInput' });
  });

  it('does not hand out damaged bytes, and mends them when the document is put again', async () => {
    const store = createDiskStore({ directory });
    const { sha256: id } = await store.put(letter, 'application/pdf');
    const file = join(directory, id.slice(0, 2), id);
    await writeFile(file, 'another letter');
    await expect(store.get(id)).rejects.toMatchObject({ type: 'Unexpected', message: expect.stringContaining('damaged') });
    await store.put(letter, 'application/pdf');
    expect((await readFile(file)).toString()).toBe('a letter');
  });

  it('says which variable is missing when activities have no directory', () => {
    expect(() => documentsFromEnv({})).toThrow('DOCUMENTS_DIR');
  });
});
