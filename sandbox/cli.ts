import { command } from './command.ts';
import { isMistake } from './fault-words.ts';

// npm run sandbox -- fault | faults | clear …
try {
  process.stdout.write(await command({ args: process.argv.slice(2), dataDir: process.env.THROUGHLINE_DATA ?? '.throughline/data' }));
} catch (error) {
  // Anything else is a bug of this command, and shown as one.
  if (!isMistake(error)) throw error;
  console.error(`${error.message}\nSee npm run sandbox -- --help`);
  process.exitCode = 1;
}
