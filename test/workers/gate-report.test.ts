import { expect, it } from '@jest/globals';
import type { Instance } from '../../workers/gate/instances.ts';
import { inWords, summaryOf } from '../../workers/gate/report.ts';

const at = (step: string | undefined) => ({ step, why: 'another activity is scheduled', instance: { id: 'supplierInvoice/1', runId: 'r', process: 'supplierInvoice', running: true, build: 'b1' } satisfies Instance });
const steps = (count: number, step: string | undefined) => Array.from({ length: count }, () => at(step));

it.each([
  [409, [], '409 safe'],
  [409, steps(3, 'approveInvoice'), '409 safe, 3 diverge at step approveInvoice: pin those'],
  [0, [at('payInvoice'), ...steps(2, 'approveInvoice'), at(undefined)], '0 safe, 2 diverge at step approveInvoice, 1 diverges at step payInvoice, 1 diverges before the first step: pin those'],
])('%i safe instances and those that diverge are told in one sentence', (safe, diverging, sentence) => {
  expect(summaryOf({ safe, diverging, moved: 0 })).toBe(sentence);
});

it('each that diverges is named with its build, its step and the reason, before the sentence', () => {
  expect(inWords({ safe: 1, diverging: [at('approveInvoice')], moved: 2 }).split('\n')).toEqual([
    'supplierInvoice/1 (running, build b1) at step approveInvoice: another activity is scheduled',
    '1 safe, 1 diverges at step approveInvoice: pin those',
    "2 moved to the build of today's source",
  ]);
});
