import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { repository } from '../platform/repository.ts';
import { faultsIn, LockFile } from './lock-file.ts';

/** `npm run verify:versions`: see lock-file.ts for what it finds. */
const faults = faultsIn(LockFile.parse(JSON.parse(await readFile(join(repository, 'package-lock.json'), 'utf8'))));
if (faults.length > 0) {
  process.stderr.write(`${faults.join('\n')}\nSet one version of each in package.json and install anew.\n`);
  process.exitCode = 1;
}
