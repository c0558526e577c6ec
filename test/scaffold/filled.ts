const service = (verb: string, path: string) => `import { ${verb} as contract } from '../../contracts/activities/ledger.ts';
import { askHttp } from '../http.ts';
import { implement } from '../implement.ts';

export const ${verb} = implement(contract, (input, call) => askHttp(call, { system: 'LEDGER_URL', method: 'POST', path: ['${path}'], body: input, answer: contract.output }));
`;

const undo = (system: string, verb: string) => `import { undo${verb} as contract } from '../../contracts/activities/${system}.ts';
import { CompensationResult } from '../../contracts/define/activity.ts';
import { askHttp } from '../http.ts';
import { implement } from '../implement.ts';

export const undo${verb} = implement(contract, ({ forwardKey }, call) =>
  askHttp(call, { system: '${system.toUpperCase()}_URL', method: 'POST', path: ['${verb.replace(/(?<!^)([A-Z])/g, '-$1').toLowerCase()}', 'undo'], body: { forwardKey }, answer: CompensationResult }),
);
`;

const judged = (verb: string) => `import { z } from 'zod';
import { ${verb} as contract } from '../../contracts/activities/helpdesk.ts';
import { implement } from '../implement.ts';
import { requireModel } from '../model/access.ts';
import { askModel } from '../model/ask-model.ts';

const Answer = z.strictObject({ answer: z.string().max(100).nullable(), quote: z.string().max(300) });

export const ${verb} = implement(contract, async ({ text }, call) => {
  const reply = await askModel(call, { access: requireModel({ prefix: 'HELPDESK' }), name: 'answer', answer: Answer, task: 'Say whether the gate was open or closed, and quote the words that say so.', data: { text } });
  if ('refusal' in reply) return { answer: null, confidence: 0, evidence: [reply.refusal.slice(0, 300)] };
  const { answer, quote } = reply.answer;
  return text.includes(quote) ? { answer, confidence: 0.9, evidence: [quote] } : { answer, confidence: 0.2, evidence: [] };
});
`;

/** What a developer would write in the files that they were given, as the pages under docs/steps show it. */
export const filled: Readonly<Record<string, string>> = {
  'activities/ledger/close-month.ts': service('closeMonth', 'close-month'),
  'activities/ledger/find-month.ts': service('findMonth', 'find-month'),
  'activities/ledger/undo-close-month.ts': undo('ledger', 'CloseMonth'),
  'activities/helpdesk/tag.ts': service('tag', 'tag').replaceAll('ledger', 'helpdesk').replaceAll('LEDGER', 'HELPDESK'),
  'activities/helpdesk/undo-tag.ts': undo('helpdesk', 'Tag'),
  'activities/helpdesk/sort-message.ts': judged('sortMessage'),
  'activities/helpdesk/answer.ts': judged('answer'),
  'activities/gate-house/register-visitor.ts': `import { registerVisitor as contract } from '../../contracts/activities/gate-house.ts';
import { unexpected } from '../../contracts/failures.ts';
import { atSite } from '../browser/attempt.ts';
import { keepPicture } from '../browser/evidence.ts';
import { implement } from '../implement.ts';

export const registerVisitor = implement(contract, ({ number }, call) => {
  const url = new URL(process.env.GATE_HOUSE_URL ?? '');
  return atSite(call, {
    url,
    site: 'the gatehouse',
    async work(page) {
      call.heartbeat({ page: 'entries' });
      await page.goto(url.href);
      const own = page.getByRole('row').filter({ has: page.getByRole('cell', { name: call.idempotencyKey, exact: true }) });
      await page.getByLabel('Reference').waitFor();
      if ((await own.count()) === 0) {
        await page.getByLabel('Reference').fill(call.idempotencyKey);
        await page.getByLabel('Number').fill(number);
        await page.getByRole('button', { name: 'Enter', exact: true }).click();
      }
      const receipt = await own.getByRole('cell', { name: /^R-/ }).innerText();
      if (!receipt.endsWith(number)) throw unexpected(\`the gatehouse shows the receipt \${receipt}\`);
      return { receipt, evidence: [await keepPicture({ page, call, name: 'entry', title: 'The entry' })] };
    },
  });
});
`,
  'activities/gate-house/undo-register-visitor.ts': `import { undoRegisterVisitor as contract } from '../../contracts/activities/gate-house.ts';
import { atSite } from '../browser/attempt.ts';
import { implement } from '../implement.ts';

export const undoRegisterVisitor = implement(contract, ({ forwardKey }, call) => {
  const url = new URL(process.env.GATE_HOUSE_URL ?? '');
  return atSite(call, {
    url,
    site: 'the gatehouse',
    async work(page) {
      await page.goto(url.href);
      await page.getByLabel('Reference').waitFor();
      const own = page.getByRole('row').filter({ has: page.getByRole('cell', { name: forwardKey, exact: true }) });
      if ((await own.count()) === 0) return { undone: false };
      await own.getByRole('button', { name: 'Remove' }).click();
      await own.waitFor({ state: 'detached' });
      return { undone: true };
    },
  });
});
`,
  'workflows/month-end.ts': `import { monthEnd as contract } from '../contracts/processes/month-end.ts';
import { flow } from './kit/flow.ts';

export const monthEnd = flow(contract, async ({ number }) => ({ result: number }));
`,
  'contracts/tasks/approve-closing.ts': `import { z } from 'zod';
import { humanTask } from '../define/task.ts';

export const approveClosing = humanTask({
  name: 'approveClosing',
  title: 'Approve closing',
  input: z.strictObject({ number: z.string().min(1).max(40) }),
  form: z.discriminatedUnion('outcome', [
    z.strictObject({ outcome: z.literal('approve') }),
    z.strictObject({ outcome: z.literal('reject'), reason: z.string().min(3).max(500) }),
  ]),
  candidateGroups: ['finance'],
});
`,
};

/** A process that asks an activity which nobody has written yet, and what becomes of its instance. */
export const asksUnwritten: Readonly<Record<string, string>> = {
  'contracts/processes/year-end.ts': `import { z } from 'zod';
import { closeMonth } from '../activities/ledger.ts';
import { defineProcess } from '../define/process.ts';

export const yearEnd = defineProcess({ name: 'yearEnd', title: 'Year end', input: z.strictObject({ number: z.string() }), output: z.strictObject({ receipt: z.string() }), steps: { closeMonth } });
`,
  'workflows/year-end.ts': `import { yearEnd as contract } from '../contracts/processes/year-end.ts';
import { flow } from './kit/flow.ts';

export const yearEnd = flow(contract, ({ number }, { closeMonth }) => closeMonth({ number }));
`,
  'test/year-end.test.ts': `import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { type RunningPlatform, startRunningPlatform } from './stage/platform.ts';

let running: RunningPlatform;
beforeAll(async () => {
  running = await startRunningPlatform();
});
afterAll(() => running.stop());

it('waits for an operator, who is told what is missing', async () => {
  const id = await running.start('yearEnd', { number: 'N-1' });
  const { incidents } = await running.until(id, (view) => view.incidents.length > 0);
  expect(incidents).toMatchObject([{ step: 'closeMonth', failure: { type: 'Unexpected', message: expect.stringContaining('activity "ledger.closeMonth" is not written yet: write it in activities/ledger/close-month.ts') } }]);
});
`,
};
