import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { repository } from '../../platform/repository.ts';
import { moewenblick } from '../../samples/companies.ts';
import { changedAccount, ordinary, pdf } from './papers.ts';
import { type RunningPlatform, refusal, startRunningPlatform, stepOf } from './running-platform.ts';

/** A vendor whose mail address, in this sandbox, is one that no server can deliver to. */
const unreachable = 'post@flaschenpost.invalid';

let running: RunningPlatform;
let seedDir: string;

beforeAll(async () => {
  seedDir = await mkdtemp(join(tmpdir(), 'throughline-seed-'));
  await cp(join(repository, 'sandbox/data'), seedDir, { recursive: true });
  const file = join(seedDir, 'vendors.json');
  const vendors = JSON.parse(await readFile(file, 'utf8')) as { id: string }[];
  await writeFile(file, JSON.stringify(vendors.map((vendor) => (vendor.id === 'V-1005' ? { ...vendor, email: unreachable } : vendor))));
  process.env.SEED_DIR = seedDir;
  running = await startRunningPlatform();
  delete process.env.SEED_DIR;
});
afterAll(async () => {
  await running.stop();
  await rm(seedDir, { recursive: true, force: true });
});

describe('a robot without a browser', () => {
  it('calls an operator, who mends it and tries again; the invoice is paid', async () => {
    await running.restartWorker('stop', { THROUGHLINE_BROWSER: '/nowhere/chromium' });
    const id = await running.handIn(await pdf(ordinary('I-1')));
    const stuck = await running.until(id, ({ incidents }) => incidents.length === 1);
    expect(stuck.waitingFor).toMatchObject([{ kind: 'system', name: 'legacyErp' }]);
    expect(stuck.incidents).toMatchObject([{ id: 'enterInLegacyErp.1', failure: { type: 'Unexpected', message: expect.stringContaining('/nowhere/chromium') } }]);
    await running.restartWorker('stop', { THROUGHLINE_BROWSER: undefined });
    expect(await running.resolve({ id, incident: 'enterInLegacyErp.1', verb: 'retry', body: { comment: 'a browser is there again' } })).toEqual({
      incident: 'enterInLegacyErp.1',
      resolution: 'retry',
      resolvedBy: 'olga',
    });
    const ended = await running.untilEnd(id);
    expect(ended.status).toBe('completed');
    expect(stepOf(ended, 'enterInLegacyErp')).toMatchObject({ state: 'completed', visits: [{ attempts: 2 }] });
    expect(await running.books(id)).toEqual({ claim: 'claimed', reservation: 'reserved', erpEntry: 'posted', payment: 'scheduled', mails: 1 });
  });
});

describe('a mail that can never be delivered', () => {
  it('does not undo the payment; when an operator gives up, everything is undone', async () => {
    const id = await running.handIn(await pdf({ ...ordinary('I-2'), seller: moewenblick, orderNumber: '4500-1008' }));
    const stuck = await running.until(id, ({ incidents }) => incidents.length === 1);
    expect(stuck).toMatchObject({ status: 'running', incidents: [{ id: 'notifySupplier.1', failure: { message: expect.stringContaining(unreachable) } }] });
    expect(await running.books(id)).toMatchObject({ payment: 'scheduled', erpEntry: 'posted' });

    const byPetra = running.as('petra').post(`/instances/${encodeURIComponent(id)}/incidents/notifySupplier.1/retry`);
    expect(await refusal(byPetra)).toMatchObject({ status: 403 });
    await running.resolve({ id, incident: 'notifySupplier.1', verb: 'retry' });
    await running.until(id, ({ incidents }) => incidents.length === 2);
    expect(await refusal(running.resolve({ id, incident: 'notifySupplier.1', verb: 'retry' }))).toMatchObject({ status: 409 });
    expect(await refusal(running.resolve({ id, incident: 'notifySupplier.2', verb: 'fail', body: {} }))).toMatchObject({ status: 422, errors: [{ path: 'reason' }] });

    await running.resolve({ id, incident: 'notifySupplier.2', verb: 'fail', body: { reason: 'the supplier does not exist any more' } });
    const ended = await running.untilEnd(id);
    expect(ended).toMatchObject({ status: 'failed', failure: { message: expect.stringContaining('does not exist any more') } });
    expect(ended.incidents.map(({ resolution }) => resolution?.verb)).toEqual(['retry', 'fail']);
    expect(await running.books(id)).toEqual({ claim: 'released', reservation: 'released', erpEntry: 'cancelled', payment: 'cancelled', mails: 0 });
  });
});

describe('an account that the bank refuses', () => {
  it('is a refusal, no incident: everything before it is undone', async () => {
    const id = await running.handIn(await pdf({ ...changedAccount('I-3'), changedIban: 'DE07900000990099551200' }));
    await running.untilStep(id, 'checkFields', ['waiting']);
    await running.decide('petra', { id, task: 'checkFields', decision: { outcome: 'confirm', invoice: { ...(await shownFields(id)), iban: 'DE07900000990099551200' } } });
    await running.untilStep(id, 'confirmBankAccount', ['waiting']);
    await running.decide('tara', { id, task: 'confirmBankAccount', decision: { outcome: 'confirm', note: 'they insist on it' } });
    const ended = await running.untilEnd(id);
    expect(ended).toMatchObject({ status: 'rejected', incidents: [], failure: { message: expect.stringContaining('DE07900000990099551200') } });
    expect(await running.books(id)).toEqual({ claim: 'released', reservation: 'released', erpEntry: 'cancelled', payment: null, mails: 0 });
  });
});

/** The values that were read, as the person sees them. */
async function shownFields(id: string): Promise<Record<string, unknown>> {
  const { shown } = await running.as('petra').get<{ shown: { fields: Record<string, { value: unknown }> } }>(`/tasks/${encodeURIComponent(`${id}/checkFields`)}`);
  return Object.fromEntries(Object.entries(shown.fields).map(([name, { value }]) => [name, value]));
}
