import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { execFile } from 'node:child_process';
import { copyFile, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { repository } from '../../platform/repository.ts';

/** A small product whose every file breaks one rule, or none. */
const files: Readonly<Record<string, string>> = {
  'contracts/invoice.ts': `import { z } from 'zod'; export const Invoice = z.string();`,
  'contracts/verbs.ts': `export const verbs = 1;`,
  'contracts/reads-files.ts': `import { readFileSync } from 'node:fs'; export const text = readFileSync('x');`,
  'contracts/failures.ts': `import { ApplicationFailure } from '@temporalio/common'; export const failure = ApplicationFailure;`,
  'contracts/raises.ts': `import { ApplicationFailure } from '@temporalio/common'; export const failure = ApplicationFailure;`,
  'contracts/processes/order.ts': `export const order = 1;`,
  'activities/implement.ts': `export interface Implementation { readonly name: string }; export const implement = 1;`,
  'activities/asks-the-api.ts': `import { app } from '../api/app.ts'; export const asked = app;`,
  'activities/knows-temporal.ts': `import { Context } from '@temporalio/activity'; export const context = Context;`,
  'workflows/kit/flow.ts': `import { sleep } from '@temporalio/workflow'; import { Invoice } from '../../contracts/invoice.ts'; export const flow = [sleep, Invoice];`,
  'workflows/kit/knows-one.ts': `import { order } from '../../contracts/processes/order.ts'; export const known = order;`,
  'workflows/order.ts': `import { flow } from './kit/flow.ts'; import { order } from '../contracts/processes/order.ts'; export const orders = [flow, order];`,
  'workflows/asks-node.ts': `import { randomUUID } from 'node:crypto'; export const id = randomUUID();`,
  'workflows/asks-an-activity.ts': `import { implement } from '../activities/implement.ts'; export const done = implement;`,
  'workers/imports-a-flow.ts': `export const flows = import('../workflows/order.ts');`,
  'api/app.ts': `import { Invoice } from '../contracts/invoice.ts'; export const app = Invoice;`,
  'api/temporal/client.ts': `import { Client } from '@temporalio/client'; export const client = Client;`,
  'api/own-client.ts': `import { Client } from '@temporalio/client'; export const client = Client;`,
  'api/runs-a-flow.ts': `import { orders } from '../workflows/order.ts'; export const run = orders;`,
  'visibility/reads-files.ts': `import { readFileSync } from 'node:fs'; export const text = readFileSync('x');`,
  'platform/discover.ts': `import type { Implementation } from '../activities/implement.ts'; export const found: Implementation[] = [];`,
  'platform/runs-it.ts': `import { implement } from '../activities/implement.ts'; export const done = implement;`,
  'sandbox/ledger.ts': `import { Invoice } from '../contracts/invoice.ts'; export const ledger = Invoice;`,
  'sandbox/agrees.ts': `import { verbs } from '../contracts/verbs.ts'; export const agreed = verbs;`,
  'demo/cheats.ts': `import { app } from '../api/app.ts'; export const cheat = app;`,
  'documents/chicken.ts': `import { egg } from './egg.ts'; export const chicken = [egg];`,
  'documents/egg.ts': `import { chicken } from './chicken.ts'; export const egg = [chicken];`,
  'documents/undeclared.ts': `import ms from 'ms'; export const time = ms;`,
  'documents/nowhere.ts': `import { nothing } from './nothing.ts'; export const none = nothing;`,
  'documents/draws.ts': `import PDFDocument from 'pdfkit'; export const pdf = PDFDocument;`,
  'documents/utils/odds-and-ends.ts': `import { join } from 'node:path'; export const ends = join;`,
};

const Report = z.object({ summary: z.object({ violations: z.array(z.object({ from: z.string(), rule: z.object({ name: z.string() }) })) }) });

let folder: string;
const broken = new Map<string, string[]>();

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'throughline-boundaries-'));
  await symlink(join(repository, 'node_modules'), join(folder, 'node_modules'));
  for (const file of ['package.json', 'tsconfig.json', '.dependency-cruiser.cjs']) await copyFile(join(repository, file), join(folder, file));
  for (const [file, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, file)), { recursive: true });
    await writeFile(join(folder, file), `${text}\n`);
  }
  for (const { from, rule } of Report.parse(JSON.parse(await cruise())).summary.violations) broken.set(from, [...(broken.get(from) ?? []), rule.name]);
});

afterAll(() => rm(folder, { recursive: true, force: true }));

/** As `npm run verify:boundaries` does; its exit code is the number of violations. */
function cruise(): Promise<string> {
  const program = join(repository, 'node_modules/dependency-cruiser/bin/dependency-cruise.mjs');
  return new Promise((resolve) => {
    execFile(process.execPath, [program, '--config', '.dependency-cruiser.cjs', '--output-type', 'json', '.'], { cwd: folder, maxBuffer: 2 ** 26 }, (_error, report) => resolve(report));
  });
}

describe('boundaries between the rooms', () => {
  it.each([
    ['contracts need nothing of Node', 'contracts/reads-files.ts', 'contracts imports only what it may'],
    ['of contracts only the failures know Temporal', 'contracts/raises.ts', 'contracts imports only what it may'],
    ['a workflow needs nothing of Node', 'workflows/asks-node.ts', 'workflows imports only what it may'],
    ['a workflow runs no activity itself', 'workflows/asks-an-activity.ts', 'workflows imports only what it may'],
    ['the kit knows no process', 'workflows/kit/knows-one.ts', 'the kit knows no process'],
    ['an activity does not reach into the API', 'activities/asks-the-api.ts', 'activities imports only what it may'],
    ['an activity could be run without Temporal', 'activities/knows-temporal.ts', 'activities never imports these'],
    ['a worker gets flows as a bundle', 'workers/imports-a-flow.ts', 'workers imports only what it may'],
    ['the API runs no flow', 'api/runs-a-flow.ts', 'api imports only what it may'],
    ['the API has one client of Temporal', 'api/own-client.ts', 'one client of Temporal'],
    ['a view is computed, not looked up', 'visibility/reads-files.ts', 'visibility imports only what it may'],
    ['the platform runs nothing of the rooms above it', 'platform/runs-it.ts', 'platform knows these by type only'],
    ['the sandbox shares words, not rules', 'sandbox/agrees.ts', 'sandbox imports only what it may'],
    ['the people of the demo use the public API', 'demo/cheats.ts', 'demo imports only what it may'],
    ['no file needs one that needs it', 'documents/chicken.ts', 'no cycle'],
    ['packages are declared', 'documents/undeclared.ts', 'declared packages only'],
    ['imports lead somewhere', 'documents/nowhere.ts', 'no import leads nowhere'],
    ['production needs no development package', 'documents/draws.ts', 'the product needs no development package'],
    ['no folder gathers odds and ends', 'documents/utils/odds-and-ends.ts', 'names say what is inside'],
  ])('%s', (_sentence, file, rule) => {
    expect(broken.get(file)).toContain(rule);
  });

  it('leave alone what keeps to them', () => {
    const right = ['contracts/invoice.ts', 'contracts/failures.ts', 'workflows/kit/flow.ts', 'workflows/order.ts', 'api/app.ts', 'api/temporal/client.ts', 'platform/discover.ts', 'sandbox/ledger.ts'];
    expect(right.filter((file) => broken.has(file))).toEqual([]);
  });
});
