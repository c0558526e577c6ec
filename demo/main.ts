import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { unlessInterrupted, untilInterrupted } from '../launch/interrupt.ts';
import { demosDirectory } from '../launch/options.ts';
import { freshTokens, type SampleToken } from '../launch/people.ts';
import { type Platform, startPlatform } from '../launch/platform.ts';
import { errorCode, errorMessage } from '../platform/errors.ts';
import type { Demo, Row } from './demo.ts';
import { demoNamed, inWords } from './demos.ts';

const usage = `npm run demo [-- process] [-- options]

${inWords.map((line) => `  ${line}`).join('\n')}

  --stay   keep everything running afterwards, with links to each history
  --json   print the outcome as JSON on standard output, and nothing else there
  --open   bring up the last demo again with its data, instead of a new one
`;

/** Names the data directory of the last demo. */
const lastFile = join(demosDirectory(), 'last');

const began = performance.now();
const seconds = (): number => Math.round((performance.now() - began) / 100) / 10;
const tell = (line: string): void => void process.stderr.write(`${seconds().toFixed(1).padStart(6)} s  ${line}\n`);

try {
  process.exitCode = await demo();
} catch (error) {
  process.stderr.write(`${errorMessage(error)}\n`);
  process.exitCode = 1;
}
process.exit();

async function demo(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      stay: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
      open: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    process.stdout.write(usage);
    return 0;
  }
  if (positionals.length > 1) throw new Error(`name one demo, not ${positionals.length}: ${positionals.join(', ')}`);
  const wanted = demoNamed(positionals[0]);
  const interrupted = untilInterrupted();
  const dataDir = values.open ? await lastDemo() : await newDemo();
  // The last one need not be the one that runs when none is named.
  const shown = values.open ? demoNamed(await processOf(dataDir)) : wanted;
  // Ports are free ones: a demo never stands in the way of `npm start`, nor a TEMPORAL_ADDRESS in its own.
  const work = startPlatform({ dataDir, sandbox: true, ports: { api: 0, temporal: 0, ui: 0 }, progress: tell });
  const platform = await unlessInterrupted({ interrupted, work });
  try {
    const tokens = await freshTokens({ apiDataDir: platform.apiDataDir, users: shown.users });
    const stopped = Promise.race([platform.broken, interrupted.then(() => 'interrupted')]).then((why): never => { throw new Error(why); });
    const rows = values.open ? await readRows({ dataDir, uiUrl: platform.server.uiUrl }) : await Promise.race([run({ demo: shown, platform, tokens, dataDir }), stopped]);
    if (values.json) process.stdout.write(`${JSON.stringify({ instances: rows.map(({ differences: _, ...row }) => row), seconds: seconds() }, null, 2)}\n`);
    else process.stdout.write(`\n${shown.tableOf(rows)}\n${rows.filter(({ ok }) => ok).length} of ${rows.length} ended as expected${values.open ? '' : `, in ${seconds()} s`}. Data: ${dataDir}\n`);
    if (!values.stay && !values.open && !values.json) process.stdout.write('To look at each history: npm run demo -- --open\n');
    if (values.stay || values.open) {
      process.stderr.write(links({ demo: shown, platform, tokens, rows }));
      const broken = await Promise.race([interrupted, platform.broken]);
      if (broken) throw new Error(broken);
    }
    return rows.every(({ ok }) => ok) ? 0 : 1;
  } finally {
    await platform.stop();
  }
}

async function run({ demo, platform: { apiUrl, sandbox }, tokens, dataDir }: { demo: Demo; platform: Platform; tokens: readonly SampleToken[]; dataDir: string }): Promise<readonly Row[]> {
  if (!sandbox) throw new Error('the demo needs the sandbox');
  const rows = await demo.run({ apiUrls: [apiUrl], tokens, sandbox, sandboxDir: dataDir, tell });
  await writeFile(join(dataDir, 'demo.json'), JSON.stringify(rows, null, 2));
  return rows;
}

async function newDemo(): Promise<string> {
  const dataDir = join(demosDirectory(), new Date().toISOString().replaceAll(':', '-').slice(0, 19));
  await mkdir(dataDir, { recursive: true });
  await writeFile(lastFile, dataDir);
  return dataDir;
}

async function lastDemo(): Promise<string> {
  try {
    return await readFile(lastFile, 'utf8');
  } catch (error) {
    if (errorCode(error) === 'ENOENT') throw new Error('there is no demo to open yet: run "npm run demo" first', { cause: error });
    throw error;
  }
}

/** The process of an earlier demo; `undefined` when it did not come to its end. */
async function processOf(dataDir: string): Promise<string | undefined> {
  const [row] = await readRows({ dataDir, uiUrl: undefined });
  return row?.id.split('/')[0];
}

/** The rows of an earlier demo, with links to where the Web UI is now; none when it did not come to its end. */
async function readRows({ dataDir, uiUrl }: { dataDir: string; uiUrl: string | undefined }): Promise<readonly Row[]> {
  try {
    const rows = JSON.parse(await readFile(join(dataDir, 'demo.json'), 'utf8')) as Row[];
    return rows.map((row) => ({ ...row, history: row.history && uiUrl ? new URL(new URL(row.history).pathname, uiUrl).href : null }));
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return [];
    throw error;
  }
}

function links({ demo, platform: { apiUrl, server, sandbox }, tokens, rows }: { demo: Demo; platform: Platform; tokens: readonly SampleToken[]; rows: readonly Row[] }): string {
  return [
    '',
    `API docs       ${apiUrl}/api/docs`,
    `Temporal UI    ${server.uiUrl ?? ''}`,
    `Legacy ERP     ${sandbox?.systems.legacyErp.url ?? ''}`,
    `Mailbox        ${sandbox?.systems.mail.url ?? ''}`,
    '',
    ...rows.map((row) => `${demo.nameOf(row).padEnd(26)} ${row.history ?? ''}`),
    '',
    ...tokens.map(({ user, roles, groups, token }) => `${user.padEnd(6)} ${token}  ${roles.join(', ')}${groups.length > 0 ? ` in ${groups.join(', ')}` : ''}`),
    '',
    'Ctrl-C ends it.',
    '',
  ].join('\n');
}
