import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { historyFromJSON, historyToJSON } from '@temporalio/common/lib/proto-utils.js';
import { z } from 'zod';
import { repository } from '../../platform/repository.ts';
import type { ToReplay } from '../../workers/gate/replay.ts';

/** The histories of one process that a version of the product made: `test/histories/<process>/<version>.json`. */
const Kept = z.strictObject({ process: z.string(), version: z.string(), histories: z.array(z.strictObject({ id: z.string(), history: z.unknown() })) });

export interface KeptHistories {
  readonly process: string;
  readonly version: string;
  readonly histories: readonly ToReplay[];
}

const folder = join(repository, 'test/histories');

export async function readHistories(): Promise<readonly KeptHistories[]> {
  const files = (await readdir(folder, { recursive: true })).filter((name) => name.endsWith('.json')).sort();
  return Promise.all(
    files.map(async (name) => {
      const { process, version, histories } = Kept.parse(JSON.parse(await readFile(join(folder, name), 'utf8')));
      return { process, version, histories: histories.map(({ id, history }) => ({ id, history: historyFromJSON(history) })) };
    }),
  );
}

export async function writeHistories({ process, version, histories }: KeptHistories): Promise<string> {
  const file = join(folder, process, `${version}.json`);
  await mkdir(dirname(file), { recursive: true });
  const lines = histories.map(({ id, history }) => JSON.stringify({ id, history: JSON.parse(historyToJSON(history)) as unknown }));
  await writeFile(file, `{"process":${JSON.stringify(process)},"version":${JSON.stringify(version)},"histories":[\n${lines.join(',\n')}\n]}\n`);
  return file;
}
