import { text } from 'node:stream/consumers';
import { z } from 'zod';
import { errorMessage } from '../../../platform/errors.ts';
import { repository } from '../../../platform/repository.ts';
import { command } from '../../../scaffold/command.ts';

// Reads lists of arguments from its input, does what each asks for, and prints what it was told.
const told: string[] = [];
for (const args of z.array(z.array(z.string())).parse(JSON.parse(await text(process.stdin)))) {
  told.push(await command({ args, root: repository }).catch(errorMessage));
}
process.stdout.write(JSON.stringify(told));
