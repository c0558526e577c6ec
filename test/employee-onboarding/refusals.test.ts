import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { inDays, refusal, type RunningPlatform, startRunningPlatform, undone } from './running-platform.ts';

let running: RunningPlatform;

beforeAll(async () => {
  running = await startRunningPlatform();
});
afterAll(() => running.stop());

const inDaysAnd = (days: number, seconds: number): string => inDays(days + seconds / 86_400);
const others = async (id: string): Promise<void> => {
  await Promise.all([running.layDeviceReady(id), running.setDeskUp(id)]);
  await running.untilStep(id, 'accounts', ['completed']);
};

describe('an onboarding', () => {
  it('of somebody who never signs: they are reminded, and refused on the day before their first; all that was ready is undone', async () => {
    const firstDay = inDaysAnd(1, 12);
    const id = await running.hire('N-1', { firstDay });
    await running.approveTerms(id);
    await others(id);
    const ended = await running.untilEnd(id);
    expect(ended).toMatchObject({ status: 'rejected', failure: { message: expect.stringContaining('has not signed by') }, waitingFor: [] });
    expect(Date.parse(ended.closedAt ?? '')).toBeGreaterThanOrEqual(Date.parse(firstDay) - 86_400_000);
    expect(await running.mailsTo('N-1')).toEqual(['Your contract is ready to be signed', 'Please sign your contract']);
    expect(await running.books('N-1')).toEqual({ ...undone, answers: [], mails: 2 });
  });

  it('of somebody whose first day is too near for it is refused at once', async () => {
    const id = await running.hire('N-2', { firstDay: inDaysAnd(1, -5) });
    await running.approveTerms(id);
    expect(await running.untilEnd(id)).toMatchObject({ status: 'rejected', failure: { message: expect.stringContaining('has not signed by') } });
    expect((await running.books('N-2')).contracts).toEqual(['voided']);
  });

  it('of somebody who signs when they are reminded, three days before their first: all is ready', async () => {
    const firstDay = inDaysAnd(3, 8);
    const id = await running.hire('N-3', { firstDay });
    await running.approveTerms(id);
    const employment = running.partOf(id, 'employment');
    await running.untilStep(employment, 'untilReminder', ['waiting']);
    expect(await running.mailsTo('N-3')).toEqual(['Your contract is ready to be signed']);
    await running.untilStep(employment, 'signatureAfterReminder', ['waiting']);
    expect(Date.now()).toBeGreaterThanOrEqual(Date.parse(firstDay) - 3 * 86_400_000);
    await Promise.all([running.answer('N-3'), others(id)]);
    expect((await running.untilEnd(id)).status).toBe('completed');
    const { output, steps } = await running.view(employment);
    expect(output).toMatchObject({ reminded: true });
    expect(['signature', 'untilDeadline'].map((step) => steps.find((one) => one.step === step)?.state)).toEqual(['cancelled', 'cancelled']);
    expect(await running.mailsTo('N-3')).toEqual(['Your contract is ready to be signed', 'Please sign your contract']);
  });

  it('of somebody who declines to sign is refused and undone', async () => {
    const id = await running.hire('N-4');
    await running.approveTerms(id);
    await others(id);
    await running.answer('N-4', { outcome: 'declined' });
    expect(await running.untilEnd(id)).toMatchObject({ status: 'rejected', failure: { message: expect.stringContaining('declined to sign') } });
    expect(await running.books('N-4')).toEqual({ ...undone, answers: ['declined'] });
  });

  it('whose terms are refused sends no contract, and undoes the rest', async () => {
    const id = await running.hire('N-5');
    await others(id);
    const employment = running.partOf(id, 'employment');
    await running.untilStep(employment, 'approveTerms', ['waiting']);
    await running.decide('hanna', { id: employment, task: 'approveTerms', decision: { outcome: 'reject', reason: 'no budget this year' } });
    expect(await running.untilEnd(id)).toMatchObject({ status: 'rejected', failure: { message: expect.stringContaining('no budget this year') } });
    expect(await running.books('N-5')).toEqual({ ...undone, contracts: [], answers: [], mails: 0 });
  });

  it('for which there is no desk is refused by the system, and undone', async () => {
    const first = await running.hire('N-6', { site: 'attic' });
    await running.setDeskUp(first);
    const second = await running.hire('N-7', { site: 'attic' });
    expect(await running.untilEnd(second)).toMatchObject({ status: 'rejected', failure: { message: expect.stringContaining('all 1 desks of attic are taken') } });
    const { desks, accounts, orders } = await running.books('N-7');
    expect([...desks, ...accounts, ...orders].filter((state) => !['disabled', 'cancelled'].includes(state))).toEqual([]);
    await running.cancel(first, 'the attic is closed');
    await running.untilEnd(first);
  });

  it('asks HR too for what is not ready on the day before the first one, and nobody else before', async () => {
    const early = await running.hire('N-8', { firstDay: inDays(30) });
    const late = await running.hire('N-9', { firstDay: inDaysAnd(1, 3) });
    const decision = { outcome: 'ready' };
    for (const id of [early, late]) await running.until(id, ({ steps }) => steps.some(({ step, state }) => step === 'workplace' && state === 'running'));
    const [earlyDesk, lateDesk] = [running.partOf(early, 'workplace'), running.partOf(late, 'workplace')];
    await running.untilStep(earlyDesk, 'setUpDesk', ['waiting']);
    expect(await refusal(running.decide('hanna', { id: earlyDesk, task: 'setUpDesk', decision }))).toMatchObject({ status: 403 });
    const { tasks } = await running.until(lateDesk, ({ tasks: [task] }) => task?.escalated === true);
    expect(tasks).toMatchObject([{ candidateGroups: ['facilities', 'hr'] }]);
    await running.decide('hanna', { id: lateDesk, task: 'setUpDesk', decision });
    expect((await running.untilEnd(lateDesk)).status).toBe('completed');
    for (const id of [early, late]) await running.cancel(id, 'that was the question');
    for (const id of [early, late]) await running.untilEnd(id);
  });
});
