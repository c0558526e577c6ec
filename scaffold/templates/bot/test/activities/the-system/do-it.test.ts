import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { closeAll } from '../../../activities/lifetime.ts';
import { doIt } from '../../../activities/the-system/do-it.ts';
// <compensation>
import { undoDoIt } from '../../../activities/the-system/undo-do-it.ts';
// </compensation>
import { doIt as contract } from '../../../contracts/activities/the-system.ts';
import { callWith } from '../../stage/call.ts';
import { type Answer, type StandIn, startStandIn } from '../../stage/stand-in.ts';

const input = { number: 'N-1' };

/** What was entered at the site, by the reference that the robot gives: its idempotency key. */
const entered = new Map<string, string>();

let site: StandIn;

// Put in the site's own pages, as a person sees them.
const home = (): Answer => ({
  html: `<!doctype html><title>The site</title><h1>Entries</h1>
<table aria-label="Entries"><tr><th>Reference<th>Number<th>Receipt</tr>
${[...entered].map(([reference, number]) => `<tr><td>${reference}<td>${number}<td>R-${number}<td><form method="post" action="/remove"><input type="hidden" name="reference" value="${reference}"><button>Remove</button></form></tr>`).join('\n')}
</table>
<form method="post" action="/enter"><label>Reference <input name="reference"></label> <label>Number <input name="number"></label> <button>Enter</button></form>`,
});

beforeAll(async () => {
  site = await startStandIn({
    'GET /': home,
    'POST /enter'({ body }) {
      const { reference = '', number = '' } = body as Record<string, string>;
      entered.set(`${reference}${entered.has(reference) ? ' twice' : ''}`, number);
      return home();
    },
    'POST /remove'({ body }) {
      entered.delete((body as Record<string, string>).reference ?? '');
      return home();
    },
  });
  process.env.THE_SYSTEM_URL = site.url;
});
afterAll(async () => {
  await closeAll();
  await site.close();
});

describe('theSystem.doIt', () => {
  it('enters it once, also when it is tried again, and reads the receipt back', async () => {
    for (const attempt of [1, 2]) {
      const output = await doIt.run(input, callWith({ key: 'first', attempt }));
      expect(contract.output.parse(output)).toMatchObject({ receipt: 'R-N-1' });
    }
    expect([...entered]).toEqual([['first', 'N-1']]);
  });
  // <compensation>

  it('is undone by its key, and takes nothing there as success', async () => {
    for (const undone of [true, false]) {
      expect(await undoDoIt.run({ input, forwardKey: 'first' }, callWith({ key: 'undo:first' }))).toEqual({ undone });
    }
    expect([...entered]).toEqual([]);
  });
  // </compensation>

  it('calls a person, with a picture, when the pages have changed', async () => {
    site.answer({ 'GET /': { html: '<h1>Welcome to our new portal</h1>' } });
    const failure = doIt.run(input, callWith({ key: 'lost' }));
    await expect(failure).rejects.toMatchObject({ type: 'Unexpected', details: [{ evidence: [{ name: 'failure.jpg' }, { name: 'failure-page.yaml' }] }] });
  });
});
