import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { doIt } from '../../../activities/the-system/do-it.ts';
// <compensation>
import { undoDoIt } from '../../../activities/the-system/undo-do-it.ts';
// </compensation>
import { doIt as contract } from '../../../contracts/activities/the-system.ts';
import { callWith } from '../../stage/call.ts';
import { startModelStandIn } from '../../stage/model-stand-in.ts';

/** Below it a person is asked. */
const trusted = 0.85;

const input = { text: 'The gate was closed when the driver came.' };

let model: Awaited<ReturnType<typeof startModelStandIn>>;

beforeAll(async () => {
  model = await startModelStandIn();
  process.env.THE_SYSTEM_MODEL_URL = model.url;
  process.env.THE_SYSTEM_MODEL = 'stand-in';
});
afterAll(() => model.close());

describe('theSystem.doIt', () => {
  it('believes the model where the text bears it out', async () => {
    model.says({ answer: 'closed', quote: 'The gate was closed' });
    const output = contract.output.parse(await doIt.run(input, callWith({ key: 'first' })));
    expect(output.answer).toBe('closed');
    expect(output.confidence).toBeGreaterThanOrEqual(trusted);
  });

  it('doubts what does not stand in the text, however sure the model is', async () => {
    model.says({ answer: 'open', quote: 'The gate was wide open' });
    expect((await doIt.run(input, callWith({ key: 'second' }))).confidence).toBeLessThan(trusted);
  });

  it('gives the text as data, apart from what is asked', async () => {
    model.says({ answer: 'closed', quote: 'The gate was closed' });
    await doIt.run(input, callWith({ key: 'third' }));
    const [task, data] = model.seen.at(-1)?.body.messages ?? [];
    expect(task?.content).not.toContain(input.text);
    expect(data?.content).toContain(input.text);
  });
  // <compensation>

  it('is undone by its key', async () => {
    expect(await undoDoIt.run({ input, forwardKey: 'first' }, callWith({ key: 'undo:first' }))).toEqual({ undone: false });
  });
  // </compensation>
});
