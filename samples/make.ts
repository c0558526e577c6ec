import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { closePages } from '../documents/pages.ts';
import { documents } from './documents.ts';
import { truth } from './truth.ts';

/** Makes the sample documents and the file that says what is in them: `npm run samples`. */
const here = fileURLToPath(new URL('.', import.meta.url));
await mkdir(join(here, 'documents'), { recursive: true });
for (const { file, make } of documents) {
  const bytes = await make();
  await writeFile(join(here, 'documents', file), bytes);
  process.stdout.write(`samples/documents/${file}: ${Math.ceil(bytes.length / 1024)} KiB\n`);
}
await writeFile(join(here, 'truth.json'), `${JSON.stringify(truth(), null, 2)}\n`);
await closePages();
