import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { InstanceView } from '../../visibility/instance-view.ts';
import { ordinary, pdf } from './papers.ts';
import { type RunningPlatform, startRunningPlatform, stepOf } from './running-platform.ts';

let running: RunningPlatform;

beforeAll(async () => {
  running = await startRunningPlatform();
});
afterEach(() => running.fault('clear'));
afterAll(() => running.stop());

const paid = { claim: 'claimed', reservation: 'reserved', erpEntry: 'posted', payment: 'scheduled', mails: 1 };
const undone = { claim: 'released', reservation: 'released', erpEntry: 'cancelled', payment: 'cancelled', mails: 0 };

/** The steps that change something, with the request that does. */
const effects = [
  { step: 'claimNumber', system: 'ledger', request: 'POST /claims' },
  { step: 'reserveBudget', system: 'ledger', request: 'POST /reservations' },
  { step: 'enterInLegacyErp', system: 'legacy-erp', request: 'POST /ap/entry/post' },
  { step: 'schedulePayment', system: 'payments', request: 'POST /payments' },
  { step: 'notifySupplier', system: 'mail', request: 'MAIL *' },
];

describe('a service that did what it was told, but answered with a timeout', () => {
  let ended: InstanceView;
  let id: string;

  beforeAll(async () => {
    for (const { system, request } of effects) await running.fault(`fault ${system} did-it-but-timeout --times 1 --path '${request}'`);
    id = await running.handIn(await pdf(ordinary('E-1')));
    ended = await running.untilEnd(id);
  });

  it('does not keep the invoice from being paid', () => {
    expect(ended.status).toBe('completed');
  });

  it.each(effects)('$step: is asked again, and there is one effect', async ({ step }) => {
    expect(stepOf(ended, step).visits).toMatchObject([{ attempts: 2, state: 'completed', failure: { type: 'Unavailable' } }]);
    // A second effect of any step would show as a list of two.
    expect(await running.books(id)).toEqual(paid);
  });
});

describe('a service that did what it was told, but never answered', () => {
  it('is given up, asked again, and there is one effect', async () => {
    const silent = effects.filter(({ system }) => system !== 'legacy-erp');
    for (const { system, request } of silent) await running.fault(`fault ${system} did-it-but-timeout --times 1 --silent --path '${request}'`);
    const id = await running.handIn(await pdf(ordinary('E-2')));
    const ended = await running.untilEnd(id);
    expect(silent.map(({ step }) => stepOf(ended, step).visits[0]?.attempts)).toEqual([2, 2, 2, 2]);
    expect(await running.books(id)).toEqual(paid);
  });
});

describe('a compensation that did what it was told, but answered with a timeout', () => {
  it('is asked again, and everything is undone once', async () => {
    await running.fault("fault mail latency 5m --path 'MAIL *'");
    for (const path of ['/claims/release', '/reservations/release']) await running.fault(`fault ledger did-it-but-timeout --times 1 --path 'POST ${path}'`);
    await running.fault("fault payments did-it-but-timeout --times 1 --path 'POST /payments/cancel'");
    await running.fault("fault legacy-erp did-it-but-timeout --times 1 --path 'POST /ap/documents/*'");
    const id = await running.handIn(await pdf(ordinary('E-3')));
    await running.untilStep(id, 'notifySupplier');
    await running.cancel(id, 'ordered twice');
    const { status, compensations } = await running.untilEnd(id);
    expect(status).toBe('cancelled');
    expect(compensations.map(({ step, attempts, state }) => ({ step, attempts, state }))).toEqual(
      ['schedulePayment', 'enterInLegacyErp', 'reserveBudget', 'claimNumber'].map((step) => ({ step, attempts: 2, state: 'completed' })),
    );
    expect(await running.books(id)).toEqual(undone);
  });
});

describe('two invoices with one number', () => {
  it('at the same moment: one is paid, the other is refused, and the claim of the first stands', async () => {
    const twins = await Promise.all([running.handIn(await pdf(ordinary('E-4'))), running.handIn(await pdf({ ...ordinary('E-4'), date: '2026-10-07' }))]);
    const ends = await Promise.all(twins.map((id) => running.untilEnd(id)));
    expect(ends.map(({ status }) => status).sort()).toEqual(['completed', 'rejected']);
    const [first, second] = [...ends].sort((one, other) => one.status.localeCompare(other.status));
    expect(await running.books(first?.id ?? '')).toEqual(paid);
    expect(await running.books(second?.id ?? '')).toEqual({ claim: null, reservation: null, erpEntry: null, payment: null, mails: 0 });
    expect(second?.failure?.message).toContain('E-4');
  });
});
