import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { IncidentGroup } from '../../api/incidents/list.ts';
import { createTokenStore } from '../../api/tokens/store.ts';
import { repository } from '../../platform/repository.ts';
import { moewenblick } from '../../samples/companies.ts';
import { ordinary, pdf } from '../supplier-invoice/papers.ts';
import { type RunningPlatform, startRunningPlatform } from '../supplier-invoice/running-platform.ts';
import { inBash } from './shell.ts';
import { blocksOf, readText } from './snippets.ts';

/** Four ordinary invoices, then three of a vendor whose mail address in this sandbox is one that no server can deliver to. */
const numbers = ['W-1', 'W-2', 'W-3', 'W-4', 'W-5', 'W-6', 'W-7'];
const paper = (number: string) => (number > 'W-4' ? { ...ordinary(number), seller: moewenblick, orderNumber: '4500-1008' } : ordinary(number));

let running: RunningPlatform;
let seedDir: string;
let token: string;
let text: string;
const ids = new Map<string, string>();
const idOf = (number: string): string => ids.get(number) ?? '';

beforeAll(async () => {
  text = await readText('docs/operating.md');
  seedDir = await mkdtemp(join(tmpdir(), 'throughline-seed-'));
  await cp(join(repository, 'sandbox/data'), seedDir, { recursive: true });
  const file = join(seedDir, 'vendors.json');
  const vendors = JSON.parse(await readFile(file, 'utf8')) as { id: string }[];
  await writeFile(file, JSON.stringify(vendors.map((vendor) => (vendor.id === 'V-1005' ? { ...vendor, email: 'post@flaschenpost.invalid' } : vendor))));
  process.env.SEED_DIR = seedDir;
  running = await startRunningPlatform();
  delete process.env.SEED_DIR;
  ({ token } = await createTokenStore({ directory: running.platform.apiDataDir }).create({ user: 'olga', roles: ['operator'], groups: [] }));

  await running.restartWorker('stop', { THROUGHLINE_BROWSER: '/nowhere/chromium' });
  await running.fault('fault ledger outage');
  for (const number of numbers) ids.set(number, await running.handIn(await pdf(paper(number))));
});
afterAll(async () => {
  await running.stop();
  await rm(seedDir, { recursive: true, force: true });
});

/** Pastes what stands in the page between two comments; gives the answers, one after the other. */
async function paste({ part, id, other = id }: { part: string; id: string; other?: string }): Promise<readonly Record<string, unknown>[]> {
  const told = await pasted({ part, id, other });
  return told.split('\n').filter((line) => line.startsWith('{')).map((line) => JSON.parse(line) as Record<string, unknown>);
}
async function pasted({ part, id, other = id, refused = false }: { part: string; id: string; other?: string; refused?: boolean }): Promise<string> {
  const each = `curl() { command curl ${refused ? '' : '--fail-with-body'} -w '\\n' "$@"; }`;
  const env = { API: `${running.platform.apiUrl}/api`, OLGA: token, id: encodeURIComponent(id), other: encodeURIComponent(other) };
  const { code, out, err } = await inBash({ script: [each, ...blocksOf({ text, language: 'bash', part })].join('\n'), env, directory: repository });
  expect({ code, err, out: code === 0 ? '' : out }).toEqual({ code: 0, err: '', out: '' });
  return out;
}

async function untilHeldUp(group: string, count: number): Promise<void> {
  for (;;) {
    const { groups } = await running.as('olga').get<{ groups: readonly IncidentGroup[] }>('/incident-groups');
    if (groups.some((one) => one.group === group && one.incidents === count)) return;
    await pause(300);
  }
}
const story = async (number: string): Promise<string> => (await running.view(idOf(number))).story.map((line) => line.text).join('\n');

describe('the walk through an outage', () => {
  it('finds one group, says whose it is, tells all who look at its members, and holds the release back as long as need be', async () => {
    await untilHeldUp('ledger/Unavailable', numbers.length);
    const answers = await paste({ part: 'outage', id: idOf('W-1'), other: idOf('W-2') });
    const [groups, members, edited, mine, preview, bulk, results, pausedBulk, resumedBulk, cancelled, paused, resumed, watching, heldBack, letGo, ...more] = answers;
    expect(more).toEqual([]);
    expect(groups).toMatchObject({ groups: [{ group: 'ledger/Unavailable', incidents: numbers.length, instances: numbers.length, activities: ['ledger.claimNumber'] }] });
    expect(members?.incidents).toHaveLength(5);
    expect(edited).toMatchObject({ incident: 'claimNumber.1', assignee: 'olga' });
    expect(mine).toMatchObject({ incidents: expect.any(Array) });
    expect(preview).toMatchObject({ count: numbers.length });
    expect(bulk).toMatchObject({ verb: 'note', status: 'running', perSecond: 0.5 });
    expect(results).toHaveProperty('results');
    expect([pausedBulk, resumedBulk, paused, resumed, heldBack, letGo].map((answer) => answer?.paused)).toEqual([true, false, true, false, true, false]);
    expect(cancelled).toMatchObject({ ending: 'cancel' });
    expect(watching).toMatchObject({ status: 'running', startedBy: 'throughline', input: { group: 'ledger/Unavailable', probe: 'ledger.probe', perSecond: 10 } });
    expect(await story('W-1')).toContain('olga commented on incident claimNumber.1: the provider knows: ticket 4711');
  });

  it('needs nothing more: all go on when the ledger answers again, and stop where the robot has no browser', async () => {
    await running.fault('clear ledger');
    await untilHeldUp('legacyErp.enterInvoice/Unexpected', numbers.length);
    expect(await story('W-2')).toContain('throughline resolved incident claimNumber.1 with retry: the system answers again.');
  });

  it('gives one up, and says by hand that what it did is undone', async () => {
    const id = idOf('W-3');
    await paste({ part: 'fail', id });
    await running.until(id, ({ incidents }) => incidents.some((one) => one.id === 'undo:enterInLegacyErp.1' && one.resolution === null));
    await paste({ part: 'undo', id });
    const ended = await running.untilEnd(id);
    expect(ended).toMatchObject({ status: 'failed', failure: { message: expect.stringContaining('the vendor was closed down') } });
    expect(ended.compensations.map(({ undone }) => undone)).toEqual([true, true, true]);
    expect(await running.books(id)).toMatchObject({ claim: 'released', reservation: 'released', payment: null });
  });

  it('lets single ones go, then the group, when the cause is mended', async () => {
    await running.restartWorker('stop', { THROUGHLINE_BROWSER: undefined });
    expect(await paste({ part: 'one', id: idOf('W-1'), other: idOf('W-2') })).toMatchObject([{ incidents: ['enterInLegacyErp.1'], resolution: 'retry' }, { incident: 'enterInLegacyErp.1', resolution: 'retry' }]);
    expect(await paste({ part: 'group', id: '' })).toMatchObject([{ verb: 'retry', status: 'running' }]);
    for (const number of ['W-1', 'W-2', 'W-4']) expect((await running.untilEnd(idOf(number))).status).toBe('completed');
    expect(await story('W-4')).toContain('olga resolved incident enterInLegacyErp.1 with retry: the browser is there again.');
  });

  it('mends what is left: with another input, by hand, and back to an earlier step', async () => {
    for (const number of ['W-5', 'W-6', 'W-7']) await running.until(idOf(number), ({ incidents }) => incidents.some((one) => one.id === 'notifySupplier.1' && one.resolution === null));
    expect(await paste({ part: 'mend', id: idOf('W-5') })).toMatchObject([{ resolution: 'retry', resolvedBy: 'olga' }]);
    expect(await paste({ part: 'supply', id: idOf('W-6') })).toMatchObject([{ resolution: 'supply' }]);
    for (const number of ['W-5', 'W-6']) expect((await running.untilEnd(idOf(number))).status).toBe('completed');
    expect(await (await fetch(`${running.sandbox.systems.mail.url}/messages`)).text()).toContain('office@moewenblick.example');

    const id = idOf('W-7');
    expect(await pasted({ part: 'skip', id, refused: true })).toContain('is not optional');
    const [plan, back] = await paste({ part: 'rewind', id });
    expect(plan).toMatchObject({ to: 'schedulePayment', undoes: ['schedulePayment'], cannot: ['notifySupplier'] });
    expect(back).toMatchObject({ to: 'schedulePayment', by: 'olga' });
    await running.until(id, ({ incidents, steps }) => steps.some(({ step, state }) => step === 'notifySupplier' && state === 'incident') && incidents.filter(({ resolution }) => resolution === null).length === 1);
    expect(await paste({ part: 'word', id })).toMatchObject([{ priority: 1 }, { text: 'promised for today' }]);
  });

  it('leaves all of it in the story', async () => {
    const told = await pasted({ part: 'story', id: idOf('W-7') });
    for (const line of [
      'Incident claimNumber.1:',
      'throughline resolved incident claimNumber.1 with retry: the system answers again.',
      'olga resolved incident enterInLegacyErp.1 with retry: the browser is there again.',
      'Incident notifySupplier.1:',
      'olga took the instance back to before',
      'olga set the priority to 1: the vendor stops delivering.',
      'olga noted: promised for today',
    ]) expect(told).toContain(line);
  });
});
