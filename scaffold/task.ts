import { z } from 'zod';
import { humanTask } from '../contracts/define/task.ts';
import { assertFree, assertNoneTwice } from './names.ts';
import { render } from './templates.ts';
import type { Wish } from './wish.ts';
import { dashed, quoted, spoken } from './words.ts';
import type { Writing } from './write.ts';

export async function newTask({ root, name, options }: Wish): Promise<readonly Writing[]> {
  const title = options.title ?? spoken(name);
  // By the contracts' own rules, in their words.
  humanTask({ name, title, input: z.object({}), form: z.object({}), candidateGroups: ['anybody'] });
  assertFree(name);
  const files = await render({ root, template: 'task', words: { theTask: name, 'the-task': dashed(name), "'The task'": quoted(title) } });
  assertNoneTwice(files);
  return files.map(({ file, text }) => ({ file, before: undefined, text }));
}
