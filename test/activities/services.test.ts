import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { cancelOrder } from '../../activities/equipment/cancel-order.ts';
import { lookAtOrder } from '../../activities/equipment/look-at-order.ts';
import { orderEquipment } from '../../activities/equipment/order-equipment.ts';
import { bookDesk } from '../../activities/facilities/book-desk.ts';
import { cancelBooking } from '../../activities/facilities/cancel-booking.ts';
import { addToGroup } from '../../activities/identity/add-to-group.ts';
import { createAccount } from '../../activities/identity/create-account.ts';
import { disableAccount } from '../../activities/identity/disable-account.ts';
import { findGroups } from '../../activities/identity/find-groups.ts';
import { removeFromGroup } from '../../activities/identity/remove-from-group.ts';
import { claimNumber } from '../../activities/ledger/claim-number.ts';
import { probe as probeLedger } from '../../activities/ledger/probe.ts';
import { releaseBudget } from '../../activities/ledger/release-budget.ts';
import { releaseNumber } from '../../activities/ledger/release-number.ts';
import { reserveBudget } from '../../activities/ledger/reserve-budget.ts';
import { cancelPayment } from '../../activities/payments/cancel-payment.ts';
import { probe as probePayments } from '../../activities/payments/probe.ts';
import { schedulePayment } from '../../activities/payments/schedule-payment.ts';
import { findOrder } from '../../activities/purchasing/find-order.ts';
import { probe as probePurchasing } from '../../activities/purchasing/probe.ts';
import { sendContract } from '../../activities/signing/send-contract.ts';
import { voidContract } from '../../activities/signing/void-contract.ts';
import { findVendor } from '../../activities/vendors/find-vendor.ts';
import { probe as probeVendors } from '../../activities/vendors/probe.ts';
import { newDataDir, seed, startSystem, type System } from '../sandbox/system.ts';
import { callWith } from '../stage/call.ts';

const names = ['vendors', 'purchasing', 'ledger', 'payments', 'identity', 'equipment', 'facilities', 'signing'] as const;
type Name = (typeof names)[number];

const claim = (invoiceNumber: string) => ({ vendorId: 'V-1', invoiceNumber, document: 'd'.repeat(64) });
const reservation = { costCentre: 'works', amount: { minorUnits: 1_000, currency: 'EUR' } };
const payment = { vendorId: 'V-1', iban: seed.vendor.iban, amount: reservation.amount, reference: 'Invoice 1', dueDate: '2026-05-01' };

const person = (key: string) => ({ personnelNumber: `P-${key}`, name: 'Zoë Müller' });
const membership = { accountId: '', group: 'tools' };
const order = { personnelNumber: 'P-1', bundle: 'stocked' };
const booking = { personnelNumber: 'P-1', site: 'hut', from: '2026-10-01T09:00:00Z' };
const envelope = { title: 'Contract', signer: 'zoe@candidates.example' };

/** Each change with what undoes it and where its effect is seen. */
const changes = [
  {
    change: 'the claim of a number',
    system: 'ledger',
    book: 'claims',
    live: 'claimed',
    undone: 'released',
    forward: (key: string) => claimNumber.run(claim(`N-${key}`), callWith({ key })),
    undo: (key: string) => releaseNumber.run({ input: claim(`N-${key}`), forwardKey: key }, callWith({ key: `undo:${key}` })),
  },
  {
    change: 'the reservation of a budget',
    system: 'ledger',
    book: 'reservations',
    live: 'reserved',
    undone: 'released',
    forward: (key: string) => reserveBudget.run(reservation, callWith({ key })),
    undo: (key: string) => releaseBudget.run({ input: reservation, forwardKey: key }, callWith({ key: `undo:${key}` })),
  },
  {
    change: 'the scheduling of a payment',
    system: 'payments',
    book: 'payments',
    live: 'scheduled',
    undone: 'cancelled',
    forward: (key: string) => schedulePayment.run(payment, callWith({ key })),
    undo: (key: string) => cancelPayment.run({ input: payment, forwardKey: key }, callWith({ key: `undo:${key}` })),
  },
  {
    change: 'an account',
    system: 'identity',
    book: 'accounts',
    live: 'active',
    undone: 'disabled',
    forward: (key: string) => createAccount.run(person(key), callWith({ key })),
    undo: (key: string) => disableAccount.run({ input: person(key), forwardKey: key }, callWith({ key: `undo:${key}` })),
  },
  {
    change: 'being in a group',
    system: 'identity',
    book: 'memberships',
    live: 'active',
    undone: 'removed',
    forward: (key: string) => addToGroup.run(membership, callWith({ key })),
    undo: (key: string) => removeFromGroup.run({ input: membership, forwardKey: key }, callWith({ key: `undo:${key}` })),
  },
  {
    change: 'an order of equipment',
    system: 'equipment',
    book: 'orders',
    live: 'ordered',
    undone: 'cancelled',
    forward: (key: string) => orderEquipment.run(order, callWith({ key })),
    undo: (key: string) => cancelOrder.run({ input: order, forwardKey: key }, callWith({ key: `undo:${key}` })),
  },
  {
    change: 'the booking of a desk',
    system: 'facilities',
    book: 'bookings',
    live: 'booked',
    undone: 'cancelled',
    forward: (key: string) => bookDesk.run(booking, callWith({ key })),
    undo: (key: string) => cancelBooking.run({ input: booking, forwardKey: key }, callWith({ key: `undo:${key}` })),
  },
  {
    change: 'a contract to be signed',
    system: 'signing',
    book: 'envelopes',
    live: 'sent',
    undone: 'voided',
    forward: (key: string) => sendContract.run(envelope, callWith({ key })),
    undo: (key: string) => voidContract.run({ input: envelope, forwardKey: key }, callWith({ key: `undo:${key}` })),
  },
] as const;

describe('activities of the services', () => {
  let data: Awaited<ReturnType<typeof newDataDir>>;
  let systems: Record<Name, System>;

  beforeAll(async () => {
    data = await newDataDir();
    const started = await Promise.all(names.map(async (name) => [name, await startSystem({ name, dataDir: data.dataDir })] as const));
    systems = Object.fromEntries(started) as Record<Name, System>;
    for (const name of names) process.env[`${name.toUpperCase()}_URL`] = systems[name].url;
    membership.accountId = (await createAccount.run(person('member'), callWith({ key: 'member' }))).accountId;
  });
  afterEach(() => Promise.all(names.map((name) => systems[name].clearFaults())));
  afterAll(async () => {
    for (const name of names) delete process.env[`${name.toUpperCase()}_URL`];
    await Promise.all(names.map((name) => systems[name].child.stop()));
    await data.remove();
  });

  it('find the vendor and the order, and reject what is unknown', async () => {
    expect(await findVendor.run({ taxId: seed.vendor.taxId }, callWith({ key: 'v' }))).toEqual(seed.vendor);
    expect(await findOrder.run({ number: seed.order.number }, callWith({ key: 'o' }))).toEqual(seed.order);
    await expect(findVendor.run({ taxId: 'DE000000000' }, callWith({ key: 'v' }))).rejects.toMatchObject({ type: 'Rejected', message: 'there is no vendor with the tax id DE000000000' });
    await expect(findOrder.run({ number: 'PO/0' }, callWith({ key: 'o' }))).rejects.toMatchObject({ type: 'Rejected' });
  });

  it('reject a claimed number, an exceeded budget and a wrong account', async () => {
    await claimNumber.run(claim('TWICE'), callWith({ key: 'twice-1' }));
    await expect(claimNumber.run(claim('TWICE'), callWith({ key: 'twice-2' }))).rejects.toMatchObject({ type: 'Rejected' });
    const tooMuch = { costCentre: 'office', amount: { minorUnits: 100_001, currency: 'EUR' } };
    await expect(reserveBudget.run(tooMuch, callWith({ key: 'too-much' }))).rejects.toMatchObject({ type: 'Rejected' });
    const wrong = { ...payment, iban: 'DE75512108001245126190' };
    await expect(schedulePayment.run(wrong, callWith({ key: 'wrong' }))).rejects.toMatchObject({ type: 'Rejected' });
  });

  it.each([
    { system: 'vendors', probe: probeVendors },
    { system: 'purchasing', probe: probePurchasing },
    { system: 'ledger', probe: probeLedger },
    { system: 'payments', probe: probePayments },
  ] as const)('tell by the probe whether $system answers', async ({ system, probe }) => {
    const ask = () => probe.run({}, callWith({ key: 'probe' }));
    expect(await ask()).toEqual({ status: 'up' });
    await systems[system].fault({ kind: 'outage' });
    await expect(ask()).rejects.toMatchObject({ type: 'Unavailable' });
    await systems[system].clearFaults();
    expect(await ask()).toEqual({ status: 'up' });
  });

  it('find the groups of a department, and reject what is unknown, had already or taken', async () => {
    expect(await findGroups.run({ department: 'works' }, callWith({ key: 'g' }))).toEqual({ groups: ['staff', 'tools'] });
    await expect(findGroups.run({ department: 'circus' }, callWith({ key: 'g' }))).rejects.toMatchObject({ type: 'Rejected', message: 'there is no department circus; there are works' });
    await createAccount.run(person('known'), callWith({ key: 'known-1' }));
    await expect(createAccount.run(person('known'), callWith({ key: 'known-2' }))).rejects.toMatchObject({ type: 'Rejected', message: expect.stringContaining('has the account zoe.muller') });
    await expect(orderEquipment.run({ ...order, bundle: 'throne' }, callWith({ key: 'throne' }))).rejects.toMatchObject({ type: 'Rejected' });
    await bookDesk.run({ ...booking, site: 'box' }, callWith({ key: 'box-1' }));
    await expect(bookDesk.run({ ...booking, site: 'box' }, callWith({ key: 'box-2' }))).rejects.toMatchObject({ type: 'Rejected', message: 'all 1 desks of box are taken' });
  });

  it('ask how far an order is, which says when to ask again', async () => {
    const stocked = await orderEquipment.run(order, callWith({ key: 'far-1' }));
    expect(await lookAtOrder.run(stocked, callWith({ key: 'far' }))).toEqual({ state: 'delivered', device: expect.stringMatching(/^LAP-/) });
    const built = await orderEquipment.run({ ...order, bundle: 'built' }, callWith({ key: 'far-2' }));
    expect(await lookAtOrder.run(built, callWith({ key: 'far' }))).toEqual({ state: 'underWay', lookAgainAt: expect.any(String) });
    await cancelOrder.run({ input: order, forwardKey: 'far-2' }, callWith({ key: 'undo:far-2' }));
    expect(await lookAtOrder.run(built, callWith({ key: 'far' }))).toEqual({ state: 'cancelled' });
    await expect(lookAtOrder.run({ orderId: 'lost' }, callWith({ key: 'far' }))).rejects.toMatchObject({ type: 'Unexpected' });
  });

  it('call an operator when a key comes back with another request', async () => {
    await claimNumber.run(claim('ONE'), callWith({ key: 'mixed-up' }));
    await expect(claimNumber.run(claim('OTHER'), callWith({ key: 'mixed-up' }))).rejects.toMatchObject({ type: 'Unexpected', details: [{ facts: { code: 'key-reused' } }] });
  });

  it('have one effect when the answer never comes', async () => {
    const schedule = () => schedulePayment.run(payment, callWith({ key: 'silent' }));
    await systems.payments.fault({ kind: 'did-it-but-timeout', silent: true, times: 1 });
    await expect(schedule()).rejects.toMatchObject({ type: 'Unavailable', message: expect.stringContaining('did not answer within') });
    await schedule();
    const { payments } = (await systems.payments.get('/books')).body as { payments: { idempotencyKey: string }[] };
    expect(payments.filter(({ idempotencyKey }) => idempotencyKey === 'silent')).toHaveLength(1);
  });

  describe.each(changes)('$change', ({ system, book, live, undone, forward, undo }) => {
    const entriesUnder = async (key: string) => {
      const books = (await systems[system].get('/books')).body as Record<string, { idempotencyKey: string; state: string }[]>;
      return (books[book] ?? []).filter(({ idempotencyKey }) => idempotencyKey === key).map(({ state }) => state);
    };

    it.each([
      { fault: { kind: 'outage', times: 1 }, firstTime: [] },
      { fault: { kind: 'error-500', times: 1 }, firstTime: [] },
      { fault: { kind: 'did-it-but-timeout', times: 1 }, firstTime: [live] },
    ])('has one effect when it is tried again after $fault.kind', async ({ fault, firstTime }) => {
      const key = `${book}-${fault.kind}`;
      await systems[system].fault(fault);
      await expect(forward(key)).rejects.toMatchObject({ type: 'Unavailable', nonRetryable: false });
      expect(await entriesUnder(key)).toEqual(firstTime);
      await forward(key);
      expect(await entriesUnder(key)).toEqual([live]);
    });

    it('waits for a slow system', async () => {
      await systems[system].fault({ kind: 'latency', delay: 500, times: 1 });
      await forward(`${book}-slow`);
      expect(await entriesUnder(`${book}-slow`)).toEqual([live]);
    });

    it('is undone by its key, without its answer, even when the answer to that is lost', async () => {
      const key = `${book}-undone`;
      await forward(key);
      await systems[system].fault({ kind: 'did-it-but-timeout', times: 1 });
      await expect(undo(key)).rejects.toMatchObject({ type: 'Unavailable' });
      expect(await undo(key)).toEqual({ undone: true });
      expect(await entriesUnder(key)).toEqual([undone]);
    });

    it('does not take effect any more once it was undone', async () => {
      const key = `${book}-late`;
      expect(await undo(key)).toEqual({ undone: false });
      await expect(forward(key)).rejects.toMatchObject({ type: 'Unexpected', details: [{ facts: { code: 'revoked' } }] });
      expect(await entriesUnder(key)).toEqual([]);
    });
  });
});
