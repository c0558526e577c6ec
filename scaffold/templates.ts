import { readdir, readFile } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { reworded } from './words.ts';

/** A file of something new, by its path in the repository. */
export interface Rendered {
  readonly file: string;
  readonly text: string;
}

interface Rendering {
  readonly root: string;
  /** A folder in `scaffold/templates`. It is laid out like the repository, and tsconfig's rootDirs let its files be checked as if they stood there. */
  readonly template: string;
  /** What stands in the place of the template's own names, in files and in their paths. */
  readonly words: Readonly<Record<string, string>>;
}

export async function render({ root, template, words }: Rendering): Promise<Rendered[]> {
  const folder = join(root, 'scaffold', 'templates', template);
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return Promise.all(
    paths.sort().map(async (path) => ({
      file: reworded(relative(folder, path).split(sep).join('/'), words),
      text: reworded(await readFile(path, 'utf8'), words),
    })),
  );
}

/** Takes what a template marks by the comments `<name>` and `</name>`, or leaves it out. The marks go either way. */
export function marked(text: string, { name, keep }: { name: string; keep: boolean }): string {
  return text.replaceAll(new RegExp(`^ *// <${name}>\\n([^]*?)^ *// </${name}>\\n`, 'gm'), keep ? '$1' : '');
}
