import { join } from 'node:path';
import { z } from 'zod';
import { defineProcess } from '../contracts/define/process.ts';
import { discoverProcesses } from '../platform/discover.ts';
import { found } from './found.ts';
import { assertFree, assertNoneTwice } from './names.ts';
import { parse } from './source.ts';
import { render } from './templates.ts';
import type { Wish } from './wish.ts';
import { dashed, quoted, spoken } from './words.ts';
import { readIfThere, type Writing } from './write.ts';

const entry = 'workflows/index.ts';

export async function newProcess({ root, name, options }: Wish): Promise<readonly Writing[]> {
  const title = options.title ?? spoken(name);
  // By the contracts' own rules, in their words.
  defineProcess({ name, title, input: z.object({}), output: z.object({}), steps: {} });
  assertFree(name);
  const names = await found({ what: 'process contracts', discover: () => discoverProcesses(join(root, 'contracts/processes')) });
  if (names.includes(name)) throw new Error(`process "${name}" exists already, under contracts/processes/: choose another name`);

  const files = await render({ root, template: 'process', words: { theProcess: name, 'the-process': dashed(name), "'The process'": quoted(title) } });
  assertNoneTwice(files);
  return [...files.map(({ file, text }) => ({ file, before: undefined, text })), await withExport({ root, name })];
}

/** Temporal's bundler is told of it in one line. */
async function withExport({ root, name }: { root: string; name: string }): Promise<Writing> {
  const before = await readIfThere(join(root, entry));
  if (before === undefined) throw new Error(`there is no ${entry}, from which the bundler learns of all processes`);
  if (parse({ file: entry, text: before }).names.includes(name)) throw new Error(`${entry} exports a "${name}" already: choose another name`);
  return { file: entry, before, text: `${before}${before === '' || before.endsWith('\n') ? '' : '\n'}export { ${name} } from './${dashed(name)}.ts';\n` };
}
