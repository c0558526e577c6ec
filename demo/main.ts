import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { unlessInterrupted, untilInterrupted } from '../launch/interrupt.ts';
import { demosDirectory } from '../launch/options.ts';
import { freshTokens, type SampleToken } from '../launch/people.ts';
import { type Platform, startPlatform } from '../launch/platform.ts';
import { errorCode, errorMessage } from '../platform/errors.ts';
import { switchFaultsOn } from './faults.ts';
import { type Row, runInvoices } from './run.ts';
import { tableOf } from './table.ts';

const usage = `npm run demo [-- options]: twelve invoices from scan to outcome

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
  const { values } = parseArgs({
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
  const interrupted = untilInterrupted();
  const dataDir = values.open ? await lastDemo() : await newDemo();
  // Ports are free ones: a demo never stands in the way of `npm start`, nor a TEMPORAL_ADDRESS in its own.
  const work = startPlatform({ dataDir, sandbox: true, ports: { api: 0, temporal: 0, ui: 0 }, progress: tell });
  const platform = await unlessInterrupted({ interrupted, work });
  try {
    const tokens = await freshTokens({ apiDataDir: platform.apiDataDir, users: ['olga', 'petra', 'felix', 'tara'] });
    const stopped = Promise.race([platform.broken, interrupted.then(() => 'interrupted')]).then((why): never => { throw new Error(why); });
    const rows = values.open ? await readRows({ dataDir, uiUrl: platform.server.uiUrl }) : await Promise.race([run({ platform, tokens, dataDir }), stopped]);
    if (values.json) process.stdout.write(`${JSON.stringify({ instances: rows.map(({ differences: _, ...row }) => row), seconds: seconds() }, null, 2)}\n`);
    else process.stdout.write(`\n${tableOf(rows)}\n${rows.filter(({ ok }) => ok).length} of ${rows.length} ended as expected${values.open ? '' : `, in ${seconds()} s`}. Data: ${dataDir}\n`);
    if (!values.stay && !values.open && !values.json) process.stdout.write('To look at each history: npm run demo -- --open\n');
    if (values.stay || values.open) {
      process.stderr.write(links({ platform, tokens, rows }));
      const broken = await Promise.race([interrupted, platform.broken]);
      if (broken) throw new Error(broken);
    }
    return rows.every(({ ok }) => ok) ? 0 : 1;
  } finally {
    await platform.stop();
  }
}

async function run({ platform, tokens, dataDir }: { platform: Platform; tokens: readonly SampleToken[]; dataDir: string }): Promise<readonly Row[]> {
  if (!platform.sandbox) throw new Error('the demo needs the sandbox');
  await switchFaultsOn({ dataDir, tell });
  const rows = await runInvoices({ apiUrls: [platform.apiUrl], tokens, sandbox: platform.sandbox, tell });
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

function links({ platform: { apiUrl, server, sandbox }, tokens, rows }: { platform: Platform; tokens: readonly SampleToken[]; rows: readonly Row[] }): string {
  return [
    '',
    `API docs       ${apiUrl}/api/docs`,
    `Temporal UI    ${server.uiUrl ?? ''}`,
    `Legacy ERP     ${sandbox?.systems.legacyErp.url ?? ''}`,
    `Mailbox        ${sandbox?.systems.mail.url ?? ''}`,
    '',
    ...rows.map(({ document, history }) => `${document.padEnd(26)} ${history ?? ''}`),
    '',
    ...tokens.map(({ user, roles, groups, token }) => `${user.padEnd(6)} ${token}  ${roles.join(', ')}${groups.length > 0 ? ` in ${groups.join(', ')}` : ''}`),
    '',
    'Ctrl-C ends it.',
    '',
  ].join('\n');
}
