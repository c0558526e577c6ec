import { createHash } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { createOnce } from '../files.ts';

/** Numbers the restarts of an instance. */
export interface Generations {
  /** The first number after `after` that was never given out for this instance. */
  next(instance: { readonly id: string; readonly after: number }): Promise<number>;
}

/**
 * A generation is part of every idempotency key: if two runs had the same one, a ledger would answer the second with the reservation that was
 * released for the first. Reading the last run's number and adding one is not enough, since another restart may begin and end between the
 * reading and the start. So each number is taken by making a file, in a directory that all API processes share.
 */
export async function keepGenerations({ directory }: { directory: string }): Promise<Generations> {
  await mkdir(directory, { recursive: true });
  return {
    async next({ id, after }) {
      const name = createHash('sha256').update(id).digest('hex');
      for (let generation = after + 1; ; generation++) {
        if (await createOnce({ file: join(directory, `${name}.${generation}`), text: id })) return generation;
      }
    },
  };
}
