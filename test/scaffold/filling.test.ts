import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { copyOfRepository, runIn } from '../launch/copy.ts';
import { asksUnwritten, filled } from './filled.ts';
import { tryEach } from './try-each.ts';

/** What somebody asks for in a copy of the repository, and the test that comes with it. */
const asked: readonly (readonly [test: string, ...args: string[]])[] = [
  ['test/activities/ledger/close-month.test.ts', 'activity', 'ledger.closeMonth', '--kind', 'service', '--title', "Close Anna's month"],
  ['test/activities/ledger/find-month.test.ts', 'activity', 'ledger.findMonth', '--kind', 'service', '--read-only'],
  ['test/activities/gate-house/register-visitor.test.ts', 'activity', 'gateHouse.registerVisitor', '--kind', 'bot'],
  ['test/activities/helpdesk/sort-message.test.ts', 'activity', 'helpdesk.sortMessage', '--kind', 'ai', '--read-only'],
  ['test/activities/helpdesk/answer.test.ts', 'activity', 'helpdesk.answer', '--kind', 'ai', '--irreversible'],
  ['test/activities/helpdesk/tag.test.ts', 'activity', 'helpdesk.tag', '--kind', 'service'],
  ['test/month-end.test.ts', 'process', 'monthEnd'],
  ['test/tasks/approve-closing.test.ts', 'task', 'approveClosing'],
];
const tests = asked.map(([test]) => test);

/** Milliseconds for the compiler, the linter and tests inside of tests, also on a machine that has much else to do. */
const patience = 900_000;

let copy: string;
/** What was written or changed. */
let files: readonly string[];

beforeAll(async () => {
  copy = await copyOfRepository({ tests: true });
  const said = await tryEach({ copy, each: asked.map(([, ...args]) => args) });
  files = [...new Set([...said.join('').matchAll(/^ {2}(\S+\.ts)\b/gm)].map(([, file = '']) => file))];
});
afterAll(() => rm(copy, { recursive: true, force: true }));

const read = (file: string): Promise<string> => readFile(join(copy, file), 'utf8');

const Report = z.object({
  testResults: z.array(z.object({ name: z.string(), assertionResults: z.array(z.object({ title: z.string(), status: z.string(), failureMessages: z.array(z.string()) })) })),
});

/** Runs the written tests: each one's file, title, status and what it says. */
async function runTests(): Promise<readonly { readonly file: string; readonly title: string; readonly status: string; readonly says: string }[]> {
  const outputFile = join(copy, 'results.json');
  await runIn(copy, ['tests', '--json', `--outputFile=${outputFile}`, ...tests]);
  const { testResults } = Report.parse(JSON.parse(await readFile(outputFile, 'utf8')));
  return testResults.flatMap(({ name, assertionResults }) => assertionResults.map(({ title, status, failureMessages }) => ({ file: name.slice(copy.length + 1), title, status, says: failureMessages.join('\n') })));
}

describe('what npm run new writes', () => {
  it('stands where its like stands, with a test of its own', async () => {
    expect(files).toEqual(expect.arrayContaining([...tests, 'contracts/activities/gate-house.ts', 'activities/gate-house/undo-register-visitor.ts', 'workflows/month-end.ts', 'contracts/tasks/approve-closing.ts']));
    // Only what can be undone has a compensation.
    expect(await readdir(join(copy, 'activities/helpdesk'))).toEqual(['answer.ts', 'sort-message.ts', 'tag.ts', 'undo-tag.ts']);
    expect(await read('workflows/index.ts')).toMatch(/^export \{ monthEnd \} from '\.\/month-end\.ts';$/m);
  });

  it('adds to the contracts of a system that there is, and leaves the rest of them alone', async () => {
    const before = await readFile('contracts/activities/ledger.ts', 'utf8');
    expect(await read('contracts/activities/ledger.ts')).toContain(before.trimEnd());
    expect(await read('contracts/activities/ledger.ts')).toContain(`title: "Undo: close Anna's month"`);
    expect(await read('contracts/activities/helpdesk.ts')).toMatch(/^import \{ ai, compensation, service \} from '\.\.\/define\/activity\.ts';$/m);
  });

  it('passes types, lint and boundaries as it is', async () => {
    expect(await runIn(copy, ['types', '.'])).toEqual({ code: 0, said: '' });
    expect(await runIn(copy, ['lint', ...files])).toEqual({ code: 0, said: '' });
    expect(await runIn(copy, ['boundaries'])).toMatchObject({ code: 0, said: expect.stringContaining('no dependency violations') });
  }, patience);

  it('has tests that fail, each of which says what is missing', async () => {
    const results = await runTests();
    for (const test of tests) {
      const failed = results.filter(({ file, status }) => file === test && status === 'failed');
      expect({ test, says: failed.map(({ says }) => says).join('\n') }).toEqual({ test, says: expect.stringMatching(/is not written yet: (write it in|tell in|put its form)/) });
    }
    // Whatever they test in the activities' code, they test in earnest.
    expect(results.filter(({ file, status }) => file.startsWith('test/activities') && status === 'passed')).toEqual([]);
  }, patience);

  it('lets workers start, and opens an incident where an instance asks what is not written', async () => {
    await tryEach({ copy, each: [['process', 'yearEnd']] });
    for (const [file, text] of Object.entries(asksUnwritten)) await writeFile(join(copy, file), text);
    expect(await runIn(copy, ['tests', 'test/year-end.test.ts'])).toMatchObject({ code: 0, said: expect.stringContaining('1 passed, 0 failed') });
  }, patience);

  it('passes its tests once it is filled in', async () => {
    for (const [file, text] of Object.entries(filled)) {
      expect(files).toContain(file);
      await writeFile(join(copy, file), text);
    }
    const results = await runTests();
    expect(results.filter(({ status }) => status !== 'passed')).toEqual([]);
    expect(new Set(results.map(({ file }) => file))).toEqual(new Set(tests));
    expect(await runIn(copy, ['lint', ...Object.keys(filled)])).toEqual({ code: 0, said: '' });
  }, patience);
});
