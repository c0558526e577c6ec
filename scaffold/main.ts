import { errorMessage } from '../platform/errors.ts';
import { repository } from '../platform/repository.ts';
import { command } from './command.ts';

/** `npm run new -- activity | process | task …`: writes the files of something new, with a test that fails until they are filled in. */
try {
  process.stdout.write(await command({ args: process.argv.slice(2), root: repository }));
} catch (error) {
  process.stderr.write(`${errorMessage(error)}\nSee npm run new -- --help\n`);
  process.exitCode = 1;
}
