import { join } from 'node:path';
import { parseArgs, type ParseArgsConfig } from 'node:util';
import { activityKinds } from '../contracts/define/activity.ts';
import { errorMessage } from '../platform/errors.ts';
import { tryLock } from '../platform/lock.ts';
import { newActivity } from './activity.ts';
import { newProcess } from './process.ts';
import { newTask } from './task.ts';
import type { Wish } from './wish.ts';
import { type Writing, writeAll } from './write.ts';

const usage = `Writes the files of something new: its contract, the code that is still to be filled in, and a test that fails until it is.

  npm run new -- activity <system>.<verb> --kind ${activityKinds.join('|')} [--title TEXT] [--read-only | --irreversible]
  npm run new -- process <name> [--title TEXT]
  npm run new -- task <name> [--title TEXT]

--kind          what is asked: a service with an interface, a robot at a user interface (bot), or a model (ai)
--title         what people read, for example 'Close the month'; without it, the name in words
--read-only     the activity changes nothing
--irreversible  what it does cannot be undone; without either of the two, a compensation is written too

Names are as in contracts: ledger.closeMonth, supplierInvoice, approveInvoice. Nothing that exists is overwritten. docs/adding.md shows how to go on.
`;

interface Command {
  readonly example: string;
  readonly options: NonNullable<ParseArgsConfig['options']>;
  readonly plan: (wish: Wish) => Promise<readonly Writing[]>;
}

const title = { title: { type: 'string' } } as const;

const commands: Readonly<Record<string, Command>> = {
  activity: {
    example: 'ledger.closeMonth',
    options: { ...title, kind: { type: 'string' }, 'read-only': { type: 'boolean' }, irreversible: { type: 'boolean' } },
    plan: newActivity,
  },
  process: { example: 'monthEnd', options: title, plan: newProcess },
  task: { example: 'approveClosing', options: title, plan: newTask },
};

/**
 * Does what `npm run new -- <args>` asks for, in the repository at `root`.
 *
 * @returns what to print
 * @throws Error that says what is wrong and what to do; then nothing was written
 */
export async function command({ args, root }: { args: readonly string[]; root: string }): Promise<string> {
  if (args.length === 0 || args.includes('--help') || args.includes('-h')) return usage;
  const [what = '', ...rest] = args;
  const known = Object.hasOwn(commands, what) ? commands[what] : undefined;
  if (!known) throw new Error(`"${what}" is nothing that can be written; there are ${Object.keys(commands).join(', ')}`);
  const { values, positionals } = parseArgs({ args: rest, options: known.options, allowPositionals: true });
  const [name, ...more] = positionals;
  if (name === undefined) throw new Error(`name the ${what}, for example: npm run new -- ${what} ${known.example}`);
  if (more.length > 0) throw new Error(`one ${what} at a time: "${more.join(' ')}" is too much. Put a title of several words in quotes`);
  const writings = await inTurn(root, async () => {
    const plan = await known.plan({ root, name, options: values });
    await writeAll({ root, writings: plan });
    return plan;
  });
  return report(writings);
}

/** Two that add to the same file at once would lose the one's part. */
async function inTurn<T>(root: string, work: () => Promise<T>): Promise<T> {
  const attempt = await tryLock(join(root, '.throughline', 'new.lock'));
  if (!('lock' in attempt)) throw new Error(`another npm run new is at work${attempt.heldBy ? ` (process ${attempt.heldBy.pid})` : ''}: try again when it has ended`);
  try {
    return await work();
  } catch (error) {
    throw new Error(`${errorMessage(error)}\nNothing was written.`, { cause: error });
  } finally {
    await attempt.lock.release();
  }
}

function report(writings: readonly Writing[]): string {
  const files = writings.map(({ file, before }) => `  ${file}${before === undefined ? '' : ' (added to)'}`);
  const test = writings.find(({ file }) => file.endsWith('.test.ts'))?.file;
  return `Written:\n${files.join('\n')}\n\nIt fails until all of it is filled in, and says what is missing:\n  npm test -- ${test}\ndocs/adding.md shows how to go on.\n`;
}
