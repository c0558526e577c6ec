import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { repository } from '../../platform/repository.ts';

export const readText = (file: string): Promise<string> => readFile(join(repository, file), 'utf8');

/** The code blocks of a language, in their order; `part` names the comments `<!-- part:begin -->` and `<!-- part:end -->` around them. */
export function blocksOf({ text, language, part }: { text: string; language: string; part?: string }): readonly string[] {
  const within = part === undefined ? text : (text.split(`<!-- ${part}:begin -->`)[1]?.split(`<!-- ${part}:end -->`)[0] ?? '');
  const blocks = [...within.matchAll(/^```(\w+)\n([^]*?)^```$/gm)].flatMap(([, found, code = '']) => (found === language ? [code] : []));
  if (blocks.length === 0) throw new Error(`there is no block of ${language}${part === undefined ? '' : ` between the comments ${part}:begin and ${part}:end`}`);
  return blocks;
}
