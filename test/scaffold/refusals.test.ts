import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { tryLock } from '../../platform/lock.ts';
import { copyOfRepository, runIn } from '../launch/copy.ts';
import { tryEach } from './try-each.ts';

const service = ['--kind', 'service'];

/** What somebody may type, and what they are told. */
const wrong: readonly (readonly [what: string, args: readonly string[], words: string])[] = [
  ['something that there is not', ['robot', 'x'], '"robot" is nothing that can be written; there are activity, process, task'],
  ['an object\'s own property', ['constructor', 'x'], '"constructor" is nothing that can be written'],
  ['no name', ['activity', ...service], 'name the activity, for example: npm run new -- activity ledger.closeMonth'],
  ['two names', ['process', 'monthEnd', 'yearEnd'], '"yearEnd" is too much'],
  ['an unknown option', ['activity', 'ledger.closeMonth', ...service, '--retry'], "Unknown option '--retry'"],
  ['an option of something else', ['process', 'monthEnd', ...service], "Unknown option '--kind'"],
  ['no kind', ['activity', 'ledger.closeMonth'], '--kind is missing: say service, bot, ai'],
  ['a kind that is none of an activity', ['activity', 'ledger.closeMonth', '--kind', 'human'], '--kind human: there is no such kind of activity'],
  ['two effects', ['activity', 'ledger.closeMonth', ...service, '--read-only', '--irreversible'], 'exclude each other'],
  ['an activity without a system', ['activity', 'closeMonth', ...service], 'activity name "closeMonth" must match'],
  ['a name with a dash', ['activity', 'ledger.close-month', ...service], 'must match'],
  ['a name that climbs out', ['task', '../../evil'], 'task name "../../evil" must match'],
  ['a name too long', ['process', 'p'.repeat(61)], 'has 61 characters; 60 are allowed'],
  ['a name whose compensation is too long', ['activity', `ledger.${'v'.repeat(52)}`, ...service], 'has 63 characters; 60 are allowed'],
  ['an empty title', ['task', 'approveClosing', '--title', ' '], 'task "approveClosing" has no title'],
  ['a title too long', ['process', 'monthEnd', '--title', 'ü'.repeat(101)], 'has 202 bytes; 200 are allowed'],
  ['a word of the language', ['activity', 'ledger.delete', ...service], '"delete" is a word of the language'],
  ['a word of modules', ['process', 'await'], '"await" is a word of the language'],
  ['what every module knows', ['activity', 'ledger.process', ...service], '"process" has a meaning of its own'],
  ['what makes a module a promise', ['process', 'then'], '"then" has a meaning of its own'],
  ['a name that the files need', ['activity', 'ledger.implement', ...service], 'the name "implement" is needed for something else in activities/ledger/implement.ts'],
  ['an activity that exists', ['activity', 'ledger.reserveBudget', ...service], 'activity "ledger.reserveBudget" exists already'],
  ['a process that exists', ['process', 'supplierInvoice'], 'process "supplierInvoice" exists already'],
  ['a task whose file exists', ['task', 'approveInvoice'], 'contracts/tasks/approve-invoice.ts is there already'],
];

let copy: string;
const told = new Map<readonly string[], string>();

beforeAll(async () => {
  copy = await copyOfRepository({ tests: true });
  const before = await contents();
  const answers = await tryEach({ copy, each: wrong.map(([, args]) => args) });
  wrong.forEach(([, args], at) => told.set(args, answers[at] ?? ''));
  expect(await contents()).toEqual(before);
});
afterAll(() => rm(copy, { recursive: true, force: true }));

const rooms = ['activities', 'contracts', 'test', 'workflows'];

/** Every file and folder that something new could touch, with what is in it. */
async function contents(): Promise<readonly string[]> {
  const listed = await Promise.all(rooms.map((room) => readdir(join(copy, room), { recursive: true, withFileTypes: true })));
  const lines = listed.flat().map(async (entry) => {
    const path = join(entry.parentPath, entry.name);
    return `${path} ${entry.isFile() ? createHash('sha256').update(await readFile(path)).digest('hex') : ''}`;
  });
  return (await Promise.all(lines)).sort();
}

/** What it says; it must have written nothing. */
async function refused(...args: string[]): Promise<string> {
  const before = await contents();
  const { code, said } = await runIn(copy, ['new', ...args]);
  expect({ code, said }).toEqual({ code: 1, said: expect.stringContaining('See npm run new -- --help') });
  expect(await contents()).toEqual(before);
  return said;
}

describe('npm run new', () => {
  it('says how it is used', async () => {
    const { code, said } = await runIn(copy, ['new', '--help']);
    expect(code).toBe(0);
    for (const form of ['new -- activity <system>.<verb> --kind service|bot|ai', 'new -- process <name>', 'new -- task <name>']) expect(said).toContain(form);
    expect(await refused('activity')).toContain('name the activity');
  });

  it.each(wrong)('refuses %s', (_what, args, words) => {
    expect(told.get(args)).toContain(words);
  });

  it('refuses the same a second time, and names a file that is in the way', async () => {
    expect((await runIn(copy, ['new', 'process', 'monthEnd'])).code).toBe(0);
    expect(await refused('process', 'monthEnd')).toContain('process "monthEnd" exists already');
    await rm(join(copy, 'contracts/processes/month-end.ts'));
    expect(await refused('process', 'monthEnd')).toContain('workflows/index.ts exports a "monthEnd" already');
    await writeFile(join(copy, 'activities/vendors/block-vendor.ts'), '// mine');
    expect(await refused('activity', 'vendors.blockVendor', ...service)).toContain('activities/vendors/block-vendor.ts is there already: choose another name, or go on with what is there');
  });

  it('refuses names that the system\'s file uses otherwise', async () => {
    const file = join(copy, 'contracts/activities/archive.ts');
    await writeFile(file, `import { service as plain } from '../define/activity.ts';\nexport const service = plain;\nexport const putAway = 1;\n`);
    expect(await refused('activity', 'archive.store', ...service)).toContain('contracts/activities/archive.ts uses the name "service" for something of its own');
    expect(await refused('activity', 'archive.putAway', '--kind', 'bot')).toContain('contracts/activities/archive.ts has a "putAway" already');
    await rm(file);
  });

  it('refuses to add to a file that cannot be read, and to contracts that do not load', async () => {
    const file = join(copy, 'contracts/activities/archive.ts');
    await writeFile(file, 'export const half = {');
    expect(await refused('activity', 'archive.store', ...service)).toMatch(/archive\.ts|cannot be loaded/);
    await writeFile(file, `throw new Error('not today');`);
    expect(await refused('activity', 'archive.store', ...service)).toContain('cannot be loaded: not today. Mend that first');
    await rm(file);
  });

  it('takes everything back when it fails halfway', async () => {
    // A file where the test's folder would be: seen only when it is to be made, after the rest was written.
    await writeFile(join(copy, 'test/activities/shipping'), '');
    expect(await refused('activity', 'shipping.send', ...service)).toMatch(/it could not be written: .*test\/activities\/shipping.*\nNothing was written/s);
    await rm(join(copy, 'test/activities/shipping'));
    await mkdir(join(copy, 'test/activities/customs'), { recursive: true });
    await symlink('/nowhere/to/be/seen', join(copy, 'test/activities/customs/declare.test.ts'));
    expect(await refused('activity', 'customs.declare', ...service)).toContain('test/activities/customs/declare.test.ts is there already');
  });

  it('lets one at a time add to a file', async () => {
    const attempt = await tryLock(join(copy, '.throughline', 'new.lock'));
    if (!('lock' in attempt)) throw new Error('nobody else is here');
    expect(await refused('task', 'approveClosing')).toContain(`another npm run new is at work (process ${process.pid})`);
    await attempt.lock.release();
    expect((await runIn(copy, ['new', 'task', 'approveClosing'])).code).toBe(0);
  });
});
