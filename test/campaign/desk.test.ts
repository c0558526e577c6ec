import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type Asked, type Desk, startDesk, Told } from '../../campaign/desk.ts';
import type { PlannedFault } from '../../campaign/faults.ts';

const instance = 'supplierInvoice/one';

let desk: Desk;
beforeEach(async () => void (desk = await startDesk()));
afterEach(() => desk.close());

const plan = (...faults: readonly PlannedFault[]): void => desk.plan({ instance, faults, onStrike: () => undefined });

/** As a worker asks. */
async function ask(place: string, moment: Asked['moment'], { signal = null }: { signal?: AbortSignal | null } = {}): Promise<string> {
  const answer = await fetch(desk.url, { method: 'POST', body: JSON.stringify({ instance, place, moment } satisfies Asked), signal });
  return Told.parse(await answer.json()).order;
}

describe("the campaign's desk", () => {
  it('lets an activity act too late once its instance has ended, and waits until it has', async () => {
    plan({ place: 'reserveBudget', fault: 'actsLate' });
    expect(await ask('reserveBudget', 'before')).toBe('act late');
    const turn = ask('reserveBudget', 'late');
    desk.end(instance);
    expect(await turn).toBe('go');
    expect(desk.actedLate(instance)).toBe(false);
    await ask('reserveBudget', 'acted late');
    expect(desk.actedLate(instance)).toBe(true);
  });

  it('waits for nobody who was to act too late and has died with the worker', async () => {
    plan({ place: 'reserveBudget', fault: 'actsLate' }, { place: 'schedulePayment', fault: 'diesBefore' });
    expect(await ask('reserveBudget', 'before')).toBe('act late');
    expect(await ask('schedulePayment', 'before')).toBe('wait');
    desk.deaths.openGate();
    desk.deaths.bury();
    desk.end(instance);
    expect(desk.actedLate(instance)).toBe(true);
  });

  it('forgets nobody who came to the gate when it had been opened for others', async () => {
    plan({ place: 'approveInvoice', fault: 'diesBefore' });
    desk.deaths.openGate();
    const gate = desk.untilGate(instance, 'approveInvoice');
    desk.deaths.bury();
    expect(desk.deaths.isReady(instance)).toBe(true);
    desk.deaths.openGate();
    await gate;
    const killed = desk.untilKilled(instance, 'approveInvoice');
    desk.deaths.bury();
    await killed;
    expect(desk.struck(instance)).toHaveLength(1);
  });

  it('lets no instance go on that waits for the kill after a decision, and every instance after it', async () => {
    plan({ place: 'approveInvoice', fault: 'diesAfter' });
    const gate = desk.untilGate(instance, 'approveInvoice');
    desk.deaths.openGate();
    await gate;
    const killed = desk.untilKilled(instance, 'approveInvoice');
    const held = new AbortController();
    const answered = ask('reserveBudget', 'before', held).then(() => 'answered');
    while (desk.trace(instance).length === 0) await new Promise(setImmediate);
    // The one that came later is answered first, on a connection of its own.
    expect(await Promise.race([answered, ask('reserveBudget', 'after')])).toBe('go');
    desk.deaths.bury();
    await killed;
    held.abort();
    await expect(answered).rejects.toThrow('abort');
    expect(await ask('reserveBudget', 'before')).toBe('go');
    expect(desk.struck(instance)).toHaveLength(1);
  });

  it('lets nobody wait for a kill whose instance has ended otherwise', async () => {
    plan({ place: 'approveInvoice', fault: 'diesBefore' });
    const gate = desk.untilGate(instance, 'approveInvoice');
    expect(desk.deaths.ahead()).toEqual([instance]);
    desk.end(instance);
    await gate;
    await desk.untilKilled(instance, 'approveInvoice');
    expect(desk.deaths.ahead()).toEqual([]);
    expect(desk.deaths.isReady(instance)).toBe(false);
  });

  it('has an activity stay where it is until the operator has done what was to be done meanwhile', async () => {
    let tellReady = (): void => undefined;
    const ready = new Promise<void>((resolve) => (tellReady = resolve));
    desk.plan({ instance, faults: [{ place: 'reserveBudget', fault: 'pausedThere' }], onStrike: () => ({ ready }) });
    const stayed = ask('reserveBudget', 'before').then((order) => `${order} after all`);
    // One of another instance is answered first.
    expect(await Promise.race([stayed, ask('reserveBudget', 'after')])).toBe('go');
    tellReady();
    expect(await stayed).toBe('go after all');
  });

  it('lets an instance ask for nothing further that is to go back to a step that has ended', async () => {
    let hasEnded = false;
    let tellOver = (): void => undefined;
    const over = new Promise<void>((resolve) => (tellOver = resolve));
    desk.plan({ instance, faults: [{ place: 'claimNumber', fault: 'rewoundPast' }], onStrike: () => ({ ready: Promise.resolve(), holds: { isDue: () => Promise.resolve(hasEnded), over } }) });
    expect(await ask('claimNumber', 'after')).toBe('go');
    expect(await ask('findOrder', 'before')).toBe('go');
    hasEnded = true;
    const held = ask('reserveBudget', 'before');
    expect(await ask('undo:claimNumber', 'before')).toBe('go');
    tellOver();
    expect(await held).toBe('wait');
    // The step has ended once more, but nobody goes back again.
    expect(await ask('reserveBudget', 'before')).toBe('go');
  });

  it('keeps what an activity would have answered that breaks its contract', async () => {
    plan({ place: 'reserveBudget', fault: 'breaksSupplied' });
    expect(await ask('reserveBudget', 'after')).toBe('break');
    await fetch(desk.url, { method: 'POST', body: JSON.stringify({ instance, place: 'reserveBudget', moment: 'broken', answer: { reservationId: 'R-1' } } satisfies Asked) });
    expect(desk.answer(instance, 'reserveBudget')).toEqual({ reservationId: 'R-1' });
  });
});
