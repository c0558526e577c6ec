import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { idempotencyKey } from '../../contracts/ids.ts';
import { nothing, type Part, refusal, type RunningPlatform, startRunningPlatform, stepOf, undone } from './running-platform.ts';

let running: RunningPlatform;

beforeAll(async () => {
  running = await startRunningPlatform();
});
afterEach(() => running.fault('clear'));
afterAll(() => running.stop());

const standing = ['active', 'ordered', 'booked', 'sent'];
/** What is left in the books that should not be. */
const leftOf = async (personnelNumber: string): Promise<readonly string[]> => {
  const { accounts, memberships, orders, desks, contracts } = await running.books(personnelNumber);
  return [...accounts, ...memberships, ...orders, ...desks, ...contracts].filter((state) => standing.includes(state));
};

interface Case {
  readonly part: Part;
  readonly step: string;
  /** What keeps the instance in the step: the request is on its way, and would take effect minutes later, if the system had not been told better. */
  readonly hold?: string;
  readonly late?: 'identity' | 'equipment' | 'facilities' | 'signing';
  readonly bundle?: string;
  readonly lead?: (id: string) => Promise<void>;
}

const moments: readonly Case[] = [
  { part: 'accounts', step: 'findGroups', hold: "identity latency 5m --path 'GET /departments/*'" },
  { part: 'accounts', step: 'createAccount', hold: "identity latency 5m --path 'POST /accounts'", late: 'identity' },
  { part: 'accounts', step: 'addToGroup', hold: "identity latency 5m --path 'POST /memberships'", late: 'identity' },
  { part: 'equipment', step: 'orderEquipment', hold: "equipment latency 5m --path 'POST /orders'", late: 'equipment' },
  { part: 'equipment', step: 'lookAtOrder', hold: "equipment latency 5m --path 'GET /orders/*'" },
  { part: 'equipment', step: 'untilNextLook', bundle: 'developer' },
  { part: 'equipment', step: 'handOverDevice' },
  { part: 'workplace', step: 'bookDesk', hold: "facilities latency 5m --path 'POST /bookings'", late: 'facilities' },
  { part: 'workplace', step: 'setUpDesk' },
  { part: 'employment', step: 'approveTerms' },
  { part: 'employment', step: 'sendContract', hold: "signing latency 5m --path 'POST /envelopes'", late: 'signing', lead: (id) => running.approveTerms(id) },
  { part: 'employment', step: 'invite', hold: "mail latency 5m --path 'MAIL *'", lead: (id) => running.approveTerms(id) },
  { part: 'employment', step: 'signature', lead: (id) => running.approveTerms(id) },
];

describe('a candidate who withdraws', () => {
  it.each(moments)('during $step of the $part: all that exists is undone, in each sub-process', async ({ part, step, hold, late, bundle = 'standard', lead }) => {
    if (hold) await running.fault(`fault ${hold}`);
    const number = `W-${step}`;
    const id = await running.hire(number, { bundle });
    await lead?.(id);
    await running.until(id, ({ steps }) => steps.some((one) => one.step === part && one.state === 'running' && one.visits[0]?.startedAt !== null));
    const sub = running.partOf(id, part);
    await running.untilStep(sub, step);
    await running.withdraw(id);
    expect(await running.untilEnd(id)).toMatchObject({ status: 'rejected', failure: { message: `Ada ${number} withdrew: found something nearer` }, waitingFor: [], incidents: [] });
    const ended = await running.view(sub);
    expect(ended).toMatchObject({ status: 'cancelled', tasks: [], waitingFor: [] });
    expect(stepOf(ended, step).state).toBe('cancelled');
    expect(await leftOf(number)).toEqual([]);
    if (late) {
      const { revokedKeys } = (await (await fetch(`${running.sandbox.systems[late].url}/books`)).json()) as { revokedKeys: readonly string[] };
      expect(revokedKeys).toContain(idempotencyKey({ instanceId: sub, generation: '1.1', activityId: step }));
    }
  });

  it('before anything was begun: nothing ever is', async () => {
    await running.platform.parts.worker.stop();
    const id = await running.hire('W-0');
    await running.withdraw(id);
    await running.platform.parts.worker.start();
    expect(await running.untilEnd(id)).toMatchObject({ status: 'rejected', failure: { message: expect.stringContaining('withdrew') }, compensations: [] });
    expect(await running.books('W-0')).toEqual(nothing);
  });

  it('when only the signature is missing: what is ready is given back, newest first; what comes after is refused', async () => {
    const id = await running.hire('W-1');
    await Promise.all([running.approveTerms(id), running.layDeviceReady(id), running.setDeskUp(id)]);
    for (const part of ['accounts', 'equipment', 'workplace']) await running.untilStep(id, part, ['completed']);
    await running.untilStep(running.partOf(id, 'employment'), 'signature', ['waiting']);
    await running.withdraw(id);
    const ended = await running.untilEnd(id);
    expect(ended.status).toBe('rejected');
    expect(ended.compensations.map(({ step }) => step).sort()).toEqual(['accounts/addToGroup', 'accounts/addToGroup', 'accounts/addToGroup', 'accounts/createAccount', 'equipment/orderEquipment', 'workplace/bookDesk']);
    expect(await running.books('W-1')).toEqual({ ...undone, answers: [] });
    expect(await refusal(running.withdraw(id))).toMatchObject({ status: 409 });
  });
});
