import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { ready, refusal, type RunningPlatform, startRunningPlatform, stepOf } from './running-platform.ts';

let running: RunningPlatform;

beforeAll(async () => {
  running = await startRunningPlatform();
});
afterEach(() => running.fault('clear'));
afterAll(() => running.stop());

describe('somebody who is to begin', () => {
  it('has account, device, desk and contract when all have done their part', async () => {
    const id = await running.hire('R-1');
    await Promise.all([running.approveTerms(id), running.layDeviceReady(id), running.setDeskUp(id), running.answer('R-1')]);
    const ended = await running.untilEnd(id);
    expect(ended).toMatchObject({ status: 'completed', output: { login: 'ada.r.1', device: expect.stringMatching(/^LAP-/), desk: expect.stringMatching(/^harbour-/), envelopeId: expect.any(String) }, waitingFor: [] });
    expect(stepOf(ended, 'withdrawal').state).toBe('cancelled');
    expect(await running.books('R-1')).toEqual(ready);
    expect(await running.view(running.partOf(id, 'employment'))).toMatchObject({ status: 'completed', output: { approvedBy: 'hanna', reminded: false } });
  });

  it('may sign before the invitation has left, and the signing service may say so three times', async () => {
    await running.fault("fault mail latency 3s --path 'MAIL *'");
    const id = await running.hire('R-2');
    await running.approveTerms(id);
    await running.answer('R-2', { outcome: 'signed', tellTimes: 3 });
    const employment = running.partOf(id, 'employment');
    expect(stepOf(await running.view(employment), 'signature').state).toBe('notReached');
    await running.untilEnd(employment);
    await Promise.all([running.layDeviceReady(id), running.setDeskUp(id)]);
    expect((await running.untilEnd(id)).status).toBe('completed');
    const { steps, story } = await running.view(employment);
    expect(steps.find(({ step }) => step === 'signature')).toMatchObject({ state: 'completed', visits: [{ visit: 1 }] });
    expect(story.map(({ text }) => text).join('\n')).toMatch(/contractSigned/);
    expect(await running.books('R-2')).toEqual(ready);
  });

  it('gets a device that is made to order, after several looks at how far it is', async () => {
    const id = await running.hire('R-3', { bundle: 'developer' });
    await Promise.all([running.approveTerms(id), running.setDeskUp(id), running.answer('R-3')]);
    const equipment = running.partOf(id, 'equipment');
    const waiting = await running.until(equipment, ({ waitingFor }) => waitingFor.some(({ kind }) => kind === 'timer'));
    expect(stepOf(waiting, 'handOverDevice').state).toBe('notReached');
    await running.layDeviceReady(id);
    expect((await running.untilEnd(id)).status).toBe('completed');
    const { steps } = await running.view(equipment);
    expect(steps.find(({ step }) => step === 'lookAtOrder')?.visits.map(({ output }) => (output as { state: string }).state)).toEqual(['underWay', 'underWay', 'delivered']);
    expect(await running.books('R-3')).toEqual(ready);
  });

  it('is not approved by whom they will work for', async () => {
    const id = await running.hire('R-4', { manager: 'hanna' });
    const employment = running.partOf(id, 'employment');
    await running.until(id, ({ steps }) => steps.some(({ step, state }) => step === 'employment' && state === 'running'));
    await running.untilStep(employment, 'approveTerms', ['waiting']);
    expect(await refusal(running.decide('hanna', { id: employment, task: 'approveTerms', decision: { outcome: 'approve' } }))).toMatchObject({ status: 403 });
    await running.cancel(id, 'the wrong manager');
    expect((await running.untilEnd(id)).status).toBe('cancelled');
  });
});
