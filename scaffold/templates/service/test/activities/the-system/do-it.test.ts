import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { doIt } from '../../../activities/the-system/do-it.ts';
// <compensation>
import { undoDoIt } from '../../../activities/the-system/undo-do-it.ts';
// </compensation>
import { doIt as contract } from '../../../contracts/activities/the-system.ts';
import { callWith } from '../../stage/call.ts';
import { type StandIn, startStandIn } from '../../stage/stand-in.ts';

// Put in what is asked for, and what the system answers by its own documentation.
const input = { number: 'N-1' };
const answer = { receipt: 'R-1' };

let system: StandIn;

beforeAll(async () => {
  system = await startStandIn({
    'POST /do-it': { json: answer },
    // <compensation>
    'POST /do-it/undo': { json: { undone: true } },
    // </compensation>
  });
  process.env.THE_SYSTEM_URL = system.url;
});
afterAll(() => system.close());

describe('theSystem.doIt', () => {
  it('asks the system under the idempotency key, and answers what was agreed', async () => {
    expect(contract.output.parse(await doIt.run(input, callWith({ key: 'first' })))).toEqual(answer);
    expect(system.asked.filter(({ key }) => key === 'first')).toMatchObject([{ method: 'POST', path: '/do-it', body: input }]);
  });
  // <compensation>

  it('is undone by its key', async () => {
    expect(await undoDoIt.run({ input, forwardKey: 'first' }, callWith({ key: 'undo:first' }))).toEqual({ undone: true });
    expect(system.asked.filter(({ key }) => key === 'undo:first')).toMatchObject([{ method: 'POST', path: '/do-it/undo', body: { forwardKey: 'first' } }]);
  });
  // </compensation>

  it('is tried again later when the system is out of order', async () => {
    system.answer({ 'POST /do-it': { status: 503 } });
    await expect(doIt.run(input, callWith({ key: 'again' }))).rejects.toMatchObject({ type: 'Unavailable' });
  });
});
