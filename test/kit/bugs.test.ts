import { expect, it } from '@jest/globals';
import { type bugs, buggy } from './contracts.ts';
import { inBothModes } from './modes.ts';
import type { StartedInstance } from './started-instance.ts';

interface Case {
  readonly bug: (typeof bugs)[number];
  readonly says: RegExp;
  /** What is in flight when the flow breaks, in the order of the steps. */
  readonly meanwhile: readonly string[];
  readonly output: string | null;
}

const cases: readonly Case[] = [
  { bug: 'TypeError', says: /a bug in the flow/, meanwhile: ['placeOrder completed', 'pay notReached'], output: 'ordered' },
  { bug: 'in a branch', says: /a bug in the branch/, meanwhile: ['placeOrder completed', 'pay running'], output: 'joined' },
  { bug: 'beside a branch that fails', says: /a bug in the other branch/, meanwhile: ['placeOrder cancelled', 'pay rejected'], output: null },
  { bug: 'wrong result', says: /the result of process "buggy" breaks its contract: result: .*Mend the flow/, meanwhile: ['placeOrder completed', 'pay notReached'], output: 'ordered' },
  { bug: 'wrong result too early', says: /the result of process "buggy" breaks its contract: result/, meanwhile: ['placeOrder completed', 'pay running'], output: 'bank-in flight' },
  { bug: 'huge result', says: /the result of process "buggy" has 1000014 bytes as JSON, more than the 1000000/, meanwhile: ['placeOrder notReached', 'pay notReached'], output: 'small' },
];

inBothModes('a bug in the code of a flow', (kit) => {
  const stuck: { readonly instance: StartedInstance; readonly expected: Case }[] = [];

  it.each(cases)('leaves everything as it is: $bug', async (expected) => {
    const { bug, says, meanwhile } = expected;
    const instance = await kit().start(buggy, { bug });
    stuck.push({ instance, expected });
    if (bug === 'beside a branch that fails') {
      await instance.held(2);
      instance.release('pay');
    }
    const view = await instance.until(({ problem }) => problem !== null);
    expect(view.problem).toMatchObject({ message: expect.stringMatching(says), attempt: expect.any(Number) });
    expect(view).toMatchObject({ status: 'running', failure: null, incidents: [], compensations: [], waitingFor: [] });
    expect(view.steps.map(({ step, state }) => `${step} ${state}`)).toEqual(meanwhile);
    const events = await instance.history();
    if (bug !== 'beside a branch that fails') expect(events.filter((event) => event.activityTaskCancelRequestedEventAttributes)).toEqual([]);
  });

  it('is over when mended code is deployed: each instance goes on as if nothing had been', async () => {
    await kit().flows.stop();
    await kit().flows.start({ mended: true });
    for (const { instance, expected } of stuck) {
      instance.release();
      const view = await instance.ended();
      expect(view.problem).toBeNull();
      if (expected.output === null) expect(view).toMatchObject({ status: 'rejected', compensations: [{ step: 'placeOrder', undone: false }] });
      else expect(view).toMatchObject({ status: 'completed', output: { result: expected.output } });
    }
  });
});
