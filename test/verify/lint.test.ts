import { beforeAll, describe, expect, it } from '@jest/globals';
import { spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { z } from 'zod';
import { programArgs, repository } from '../../platform/repository.ts';

const flow = 'workflows/supplier-invoice.ts';
const activity = 'activities/ledger/claim-number.ts';
const test = 'test/platform/ports.test.ts';

/** One line each that breaks a rule, as the content of an existing file: rules that need types know only files of the project. */
const wrong: readonly (readonly [sentence: string, file: string, rule: string, line: string])[] = [
  ['a flow imports nothing of Node', flow, 'no-restricted-imports', `export { randomUUID } from 'node:crypto';`],
  ['a flow imports no activity', flow, 'no-restricted-imports', `export { claimNumber } from '../activities/ledger/claim-number.ts';`],
  ['a flow imports no package but Temporal and zod', flow, 'no-restricted-imports', `export { fastify } from 'fastify';`],
  ['a flow reads no environment', flow, 'no-restricted-globals', `export const limit = process.env.LIMIT;`],
  ['a flow fetches nothing', flow, 'no-restricted-globals', `export const answer = await fetch('http://127.0.0.1');`],
  ['a flow sleeps by Temporal', flow, 'no-restricted-globals', `setTimeout(() => undefined, 1000);`],
  ['a module that instances share keeps no state', flow, 'no-restricted-syntax', `let seen = 0; export const count = (): number => (seen += 1);`],
  ['a promise is no condition', activity, '@typescript-eslint/no-misused-promises', `export const word = (free: () => Promise<boolean>) => (free() ? 'free' : 'taken');`],
  ['only promises are awaited', activity, '@typescript-eslint/await-thenable', `export const one = await 1;`],
  ['a switch knows every case', activity, '@typescript-eslint/switch-exhaustiveness-check', `export function go(state: 'ready' | 'reserved') { switch (state) { case 'ready': return 1; } return 0; }`],
  ['nothing is any', activity, '@typescript-eslint/no-explicit-any', `export const claim = (input: any): string => String(input);`],
  ['what is parsed is not trusted', activity, '@typescript-eslint/no-unsafe-member-access', `export const id = String(JSON.parse('{}').id);`],
  ['types are imported as types', activity, '@typescript-eslint/consistent-type-imports', `import { Call } from '../implement.ts'; export const step = (call: Call): string => call.step;`],
  ['the compiler is not silenced', activity, '@typescript-eslint/ban-ts-comment', `// @ts-expect-error: only type tests may`],
  ['no error is swallowed', activity, 'no-empty', `try { process.chdir('/'); }catch{}`],
  ['nothing is left to be done', activity, 'no-warning-comments', `// todo`],
  ['no path is lost in the build', activity, 'no-restricted-syntax', `export const file = new URL('./claim-number.ts', import.meta.url);`],
  ['all tests run', test, 'no-restricted-syntax', `it.todo('pays in advance');`],
];
const linesOf = (file: string): string[] => wrong.filter(([, where]) => where === file).map(([, , , line]) => line);

/** As `<line>: <rule>`, by file. */
const said = new Map<string, readonly string[]>();
let source: string;
let forgetful: string;

beforeAll(async () => {
  source = await readFile(join(repository, flow), 'utf8');
  forgetful = source.replaceAll(/await (?=(claimNumber|reserveBudget|notifySupplier)\()/g, '');
  const files = [flow, activity, test];
  const texts = [...files.map((file) => ({ file, text: linesOf(file).join('\n') })), { file: flow, text: source }, { file: flow, text: forgetful }];
  const answers = await lint(texts);
  [...files, 'as it is', 'forgetful'].forEach((name, at) => said.set(name, answers[at]?.map(({ line, rule }) => `${line}: ${rule}`) ?? []));
});

/** ESLint in a process of its own: its configuration is loaded by Node, whose modules are not Jest's. */
async function lint(texts: readonly { file: string; text: string }[]): Promise<{ line: number; rule: string }[][]> {
  const child = spawn(process.execPath, programArgs('test/verify/programs/lint-texts'), { cwd: repository, stdio: ['pipe', 'pipe', 'inherit'] });
  child.stdin.end(JSON.stringify(texts));
  return z.array(z.array(z.object({ line: z.int(), rule: z.string() }))).parse(JSON.parse(await text(child.stdout)));
}

describe('lint', () => {
  it.each(wrong)('%s', (_sentence, file, rule, line) => {
    expect(said.get(file)).toContain(`${linesOf(file).indexOf(line) + 1}: ${rule}`);
  });

  it('finds each step of a flow that is called and not awaited', () => {
    const before = source.split('\n');
    const changed = forgetful.split('\n').flatMap((line, at) => (line === before[at] ? [] : [at + 1]));
    expect(changed).toHaveLength(3);
    expect(said.get('forgetful')).toEqual(changed.map((line) => `${line}: @typescript-eslint/no-floating-promises`));
  });

  it('has nothing to say about the flow as it is', () => {
    expect(said.get('as it is')).toEqual([]);
  });
});
