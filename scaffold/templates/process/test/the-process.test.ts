import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type RunningPlatform, startRunningPlatform } from './stage/platform.ts';

let running: RunningPlatform;

beforeAll(async () => {
  // Systems that the steps ask are to be there before: a stand-in of each (stage/stand-in.ts), its address in process.env.
  running = await startRunningPlatform();
});
afterAll(() => running.stop());

describe('theProcess', () => {
  it('comes to its end', async () => {
    const id = await running.start('theProcess', { number: 'N-1' });
    // People decide with running.decide, once running.untilStep has seen that they are waited for.
    const { status, failure, output } = await running.untilEnd(id);
    expect({ status, failure, output }).toEqual({ status: 'completed', failure: null, output: { result: 'N-1' } });
  });
});
