import { readFile } from 'node:fs/promises';
import type { z } from 'zod';

/**
 * Reads a seed file: what a system knows without having been told.
 *
 * @throws Error that names the file and the field when it is missing or not what the schema says
 */
export async function readSeed<S extends z.ZodType>({ seedDir, name, schema }: { seedDir: string; name: string; schema: S }): Promise<z.output<S>> {
  const file = `${seedDir}/${name}`;
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw new Error(`cannot read the seed file ${file}: put it there, or name another folder with SEED_DIR`, { cause });
  });
  const seed = schema.safeParse(JSON.parse(text));
  if (seed.success) return seed.data;
  const { path, message } = seed.error.issues[0] ?? { path: [], message: 'not valid' };
  throw new Error(`the seed file ${file} is wrong at ${path.join('.')}: ${message}`, { cause: seed.error });
}
