import { expect, it } from '@jest/globals';
import type { StepView } from '../../visibility/instance-view.ts';
import { quickErrand } from '../steps/quick.ts';
import { laptop, stubborn, timely } from './contracts.ts';
import { inBothModes } from './modes.ts';

const wish = { item: 'x1', requestedBy: 'ada', ask: false };
const olga = { user: 'olga', groups: [] };
const time = expect.stringMatching(/^\d{4}-\d\d-\d\dT/);
const failedOf = (steps: readonly StepView[], step: string) => steps.find((one) => one.step === step)?.visits[0]?.failedAttempts;

inBothModes('the attempts of a step', (kit) => {
  it('are told with their errors: those that led to an incident, and those after its retry', async () => {
    const instance = await kit().start(laptop, { ...wish, pay: 'fails until told' });
    const { incidents, steps } = await instance.until((view) => view.incidents.length === 1);
    const three = [{ from: 1, to: 3, since: time, until: time, type: 'Unavailable', message: 'down' }];
    expect([incidents[0]?.failedAttempts, failedOf(steps, 'pay')]).toEqual([three, three]);
    await instance.verb('incident.retry', { incident: 'pay.1', actor: olga, input: { item: 'x1', trouble: 'fails twice' }, comment: 'perhaps now' });
    const ended = await instance.ended();
    expect(ended.incidents[0]?.failedAttempts).toEqual(three);
  });

  it('that failed before one succeeded are told too', async () => {
    const instance = await kit().start(laptop, { ...wish, order: 'fails twice' });
    const told = failedOf((await instance.ended()).steps, 'placeOrder');
    expect(told).toEqual([1, 2].map((nth) => ({ from: nth, to: nth, since: time, until: time, type: 'Unavailable', message: `not now (attempt ${nth})` })));
  });

  it('are told while the step is tried on', async () => {
    const instance = await kit().start(stubborn, { trouble: 'fails until told' });
    const { steps } = await instance.until((view) => (failedOf(view.steps, 'payStubbornly')?.[0]?.to ?? 0) > 4);
    expect(failedOf(steps, 'payStubbornly')).toEqual([{ from: 1, to: expect.any(Number), since: time, until: time, type: 'Unavailable', message: 'down' }]);
    const { incidents } = await instance.until((view) => (view.incidents[0]?.failedAttempts[0]?.to ?? 0) > 6);
    expect(incidents).toMatchObject([{ failedAttempts: [{ from: 1 }], resolution: null }]);
    instance.heal();
    await instance.ended();
  });

  it('that ended without a word are told by what Temporal says of them', async () => {
    const instance = await kit().start(timely, { trouble: 'waits' });
    const { incidents } = await instance.until((view) => view.incidents.length === 1);
    expect(incidents[0]?.failedAttempts).toEqual([{ from: 1, to: 1, since: null, until: null, type: 'Unavailable', message: expect.stringContaining('StartToClose') }]);
    await instance.verb('incident.fail', { incident: 'payAtOnce.1', actor: olga, reason: 'no money' });
    await instance.ended();
  });

  it('of a bug are told by the name of its error', async () => {
    const instance = await kit().start(laptop, { ...wish, look: 'crashes' });
    const { incidents } = await instance.until((view) => view.incidents.length === 1);
    expect(incidents[0]?.failedAttempts).toEqual([{ from: 1, to: 3, since: time, until: time, type: 'TypeError', message: 'cannot read properties of undefined' }]);
    await instance.verb('incident.fail', { incident: 'lookUp.1', actor: olga, reason: 'a bug' });
    await instance.ended();
  });

  it('of a quick step begin with the quick one', async () => {
    const instance = await kit().start(quickErrand, { look: 'fails twice' });
    const told = failedOf((await instance.ended()).steps, 'lookUp');
    expect(told).toEqual([1, 2].map((nth) => ({ from: nth, to: nth, since: time, until: time, type: 'Unavailable', message: `not now (attempt ${nth})` })));
  });
});
