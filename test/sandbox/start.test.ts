import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { command } from '../../sandbox/command.ts';
import { startSandbox, type Sandbox } from '../../sandbox/start.ts';
import { newDataDir } from './system.ts';

const run = promisify(execFile);
const root = join(import.meta.dirname, '../..');

describe('the running sandbox', () => {
  let data: Awaited<ReturnType<typeof newDataDir>>;
  let sandbox: Sandbox;
  const say = (words: string) => command({ args: words.match(/'[^']*'|\S+/g)?.map((word) => word.replaceAll("'", '')) ?? [], dataDir: data.dataDir });

  beforeAll(async () => {
    data = await newDataDir();
    sandbox = await startSandbox({ dataDir: data.dataDir });
  });
  afterEach(async () => void (await say('clear')));
  afterAll(async () => {
    await sandbox.stop();
    await data.remove();
  });

  it('has ten systems, and says how the activities reach them', async () => {
    expect(Object.keys(sandbox.systems)).toEqual(['vendors', 'purchasing', 'ledger', 'payments', 'legacyErp', 'mail', 'identity', 'equipment', 'facilities', 'signing']);
    for (const { url } of Object.values(sandbox.systems)) expect((await fetch(`${url}/books`)).status).toBe(200);
    expect(sandbox.env).toMatchObject({ LEDGER_URL: sandbox.systems.ledger.url, SMTP_URL: sandbox.systems.mail.smtp, LEGACY_ERP_USER: expect.any(String) });
  });

  it('fails on command, tells what is on, and works again when cleared', async () => {
    const { url } = sandbox.systems.payments;
    expect(await say('fault payments outage 30s')).toBe('payments: outage for 30 s is on\n');
    await expect(fetch(`${url}/payments`, { method: 'POST' })).rejects.toThrow('fetch failed');
    expect(await say('faults')).toMatch(/payments .* outage for 30 s .* 1 /);
    expect(await say('clear payments')).toContain('cleared');
    expect((await fetch(`${url}/payments`, { method: 'POST' })).status).toBe(400);
    expect(await say('faults')).toBe('no fault is on\n');
  });

  it('takes delays, counts and operations', async () => {
    const answer = await say("fault legacy-erp latency 2s for 1m --times 3 --path 'POST /entries/*'");
    expect(answer).toBe('legacyErp: latency of 2 s on POST /entries/* for 60 s 3 times is on\n');
  });

  it.each([
    { words: 'fault bakery outage', says: 'unknown system "bakery"; there are vendors, purchasing' },
    { words: 'fault payments gremlins', says: 'unknown fault "gremlins"; this system knows latency, outage' },
    { words: 'fault payments session-expiry', says: 'unknown fault "session-expiry"' },
    { words: 'fault payments', says: 'name the fault' },
    { words: 'fault payments outage soon', says: '"soon" is no time; write 500ms, 30s or 2m' },
    { words: 'fault payments outage 5s 5s', says: 'outage takes one time' },
    { words: 'fault payments latency', says: 'latency takes a delay' },
    { words: 'fault payments outage --times x', says: '--times takes a whole number' },
    { words: 'fault payments outage --tmies 2', says: "Unknown option '--tmies'" },
    { words: 'break payments', says: 'unknown command "break"' },
  ])('says what is wrong with "$words"', async ({ words, says }) => {
    await expect(say(words)).rejects.toMatchObject({ mistake: true, message: expect.stringContaining(says) });
  });

  it('is commanded from the shell, which exits with 1 and a hint on a mistake', async () => {
    const env = { ...process.env, NODE_OPTIONS: '', THROUGHLINE_DATA: data.dataDir };
    const shell = (...words: string[]) => run(process.execPath, ['--import', 'tsx', 'sandbox/cli.ts', ...words], { cwd: root, env });
    expect(await shell('fault', 'mail', 'error-500', '--times', '1')).toMatchObject({ stdout: 'mail: error-500 1 times is on\n' });
    await expect(shell('fault', 'bakery', 'outage')).rejects.toMatchObject({ code: 1, stderr: expect.stringMatching(/^unknown system "bakery".*\nSee npm run sandbox -- --help\n$/) });
  });

  it('once stopped, is missed with a hint how to start it; its books are there at the next start', async () => {
    const body = JSON.stringify({ vendorId: 'V-1', invoiceNumber: 'KEPT', document: 'c'.repeat(64) });
    await fetch(`${sandbox.systems.ledger.url}/claims`, { method: 'POST', headers: { 'content-type': 'application/json', 'idempotency-key': 'kept' }, body });
    await sandbox.stop();
    await expect(say('faults')).rejects.toMatchObject({ mistake: true, message: expect.stringMatching(/no sandbox runs on .* start one with npm start/) });
    sandbox = await startSandbox({ dataDir: data.dataDir });
    const books = (await (await fetch(`${sandbox.systems.ledger.url}/books`)).json()) as { claims: unknown[] };
    expect(books.claims).toEqual([expect.objectContaining({ invoiceNumber: 'KEPT', state: 'claimed' })]);
  });

  it('leaves nothing running when one system does not come up', async () => {
    const other = await newDataDir();
    const taken = Number(new URL(sandbox.systems.mail.url).port);
    await expect(startSandbox({ dataDir: other.dataDir, ports: { payments: taken } })).rejects.toThrow(`port ${taken} is in use`);
    const { stdout } = await run('ps', ['-eo', 'args']);
    expect(stdout).not.toContain(other.dataDir);
    await other.remove();
  });
});
