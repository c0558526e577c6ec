import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { z } from 'zod';

/** The systems of the sandbox, in the order in which they are shown. */
export const systemNames = ['vendors', 'purchasing', 'ledger', 'payments', 'legacyErp', 'mail', 'identity', 'equipment', 'facilities', 'signing'] as const;
export type SystemName = (typeof systemNames)[number];

const System = z.object({ url: z.url(), smtp: z.string().optional(), pid: z.int() });

/** Where the running systems are; in `<data directory>/sandbox.json`. */
export const Directory = z.object({ systems: z.partialRecord(z.enum(systemNames), System) });
export type Directory = z.infer<typeof Directory>;

const fileIn = (dataDir: string): string => `${dataDir}/sandbox.json`;

export async function writeDirectory({ dataDir, directory }: { dataDir: string; directory: Directory }): Promise<void> {
  const file = fileIn(dataDir);
  await mkdir(dirname(file), { recursive: true });
  // In one go, so that a command run meanwhile reads all of it or the old one.
  await writeFile(`${file}.new`, `${JSON.stringify(directory, null, 2)}\n`);
  await rename(`${file}.new`, file);
}

/** `undefined` when no sandbox was started there, or it was stopped in order. */
export async function readDirectory(dataDir: string): Promise<Directory | undefined> {
  const text = await readFile(fileIn(dataDir), 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw new Error(`cannot read ${fileIn(dataDir)}: ${error.message}`, { cause: error });
  });
  return text === undefined ? undefined : Directory.parse(JSON.parse(text));
}

export async function removeDirectory(dataDir: string): Promise<void> {
  await rm(fileIn(dataDir), { force: true });
}
