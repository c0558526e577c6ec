import { describe, expect, it } from '@jest/globals';
import type { Effect } from '../../campaign/books.ts';
import { judge } from '../../campaign/judge.ts';
import type { Led } from '../../campaign/led.ts';
import { employeeOnboarding } from '../../contracts/processes/employee-onboarding.ts';
import { prepareWorkplace } from '../../contracts/processes/prepare-workplace.ts';
import { supplierInvoice } from '../../contracts/processes/supplier-invoice.ts';
import type { InstanceView, StepState } from '../../visibility/instance-view.ts';

const id = 'supplierInvoice/one';
const step = 'reserveBudget';

/** An instance that did nothing but reserve a budget, and whose ledger has these lines. */
function verdict({ status = 'completed', state = 'completed', lines, ...more }: { status?: InstanceView['status']; state?: StepState; lines: readonly [string, 'stands' | 'undone'][] } & Partial<Led>): readonly string[] {
  const view = { id, process: 'supplierInvoice', generation: '1', status, steps: [{ step, visits: [{ visit: 1, state }] }], compensations: [], tasks: [], incidents: [], waitingFor: [], problem: null } as unknown as InstanceView;
  const met = [{ id, process: 'supplierInvoice', parent: null, visits: new Map([[step, 1]]), incidents: new Map([[step, 1]]) }];
  const led: Led = { view, subs: [], former: [], met, rewinds: [], tries: 0, decided: { byHand: [], leftStanding: [], loose: false }, ...more };
  const effects = lines.map(([key, word]): Effect => ({ system: 'ledger', mark: `${id}#${key}`, stands: word === 'stands' }));
  const verdicts = judge({ processes: [supplierInvoice], effects, from: 'a@b.example' }, [led]);
  return [...(verdicts.get(id) ?? []), ...(verdicts.get('') ?? [])];
}

const wentBack = { rewinds: [{ to: step, drops: [step], undoes: [step], cannot: [] }], tries: 1 };
const decided = { byHand: [], leftStanding: [], loose: false };

describe('the books of an instance', () => {
  it('balance when what it did stands once, and nothing stands when it was cancelled', () => {
    expect(verdict({ lines: [['1/reserveBudget', 'stands']] })).toEqual([]);
    expect(verdict({ lines: [] })).toEqual(['reserveBudget was done, but no book knows of it']);
    expect(verdict({ status: 'cancelled', lines: [['1/reserveBudget', 'undone']] })).toEqual([]);
    expect(verdict({ status: 'cancelled', lines: [['1/reserveBudget', 'stands']] })).toEqual(['reserveBudget stands and should be undone']);
  });

  it('balance after it went back when what it did before is undone and stands anew', () => {
    expect(verdict({ ...wentBack, lines: [['1/reserveBudget', 'undone'], ['1r1/reserveBudget', 'stands']] })).toEqual([]);
    expect(verdict({ ...wentBack, lines: [['1/reserveBudget', 'stands'], ['1r1/reserveBudget', 'stands']] })).toEqual([expect.stringContaining('reserveBudget stands 2 times')]);
    expect(verdict({ ...wentBack, lines: [['1/reserveBudget', 'stands']] })).toEqual([expect.stringContaining('stands from before it was done anew')]);
    expect(verdict({ lines: [['1/reserveBudget', 'undone'], ['1r1/reserveBudget', 'stands']] })).toContainEqual(expect.stringContaining('an effect that no step had'));
  });

  it('balance after an input was changed when only what was asked last stands', () => {
    expect(verdict({ lines: [['1/reserveBudget', 'undone'], ['1/reserveBudget~1', 'stands']] })).toEqual([]);
    expect(verdict({ lines: [['1/reserveBudget', 'stands'], ['1/reserveBudget~1', 'stands']] })).toEqual([expect.stringContaining('stands 2 times')]);
  });

  it('tell of what came and went between two looks, in the instances that steps run too', () => {
    const unseen = 'prepareWorkplace/employeeOnboarding/one/workplace#1.1/bookDesk';
    const parent = { id: 'employeeOnboarding/one', process: 'employeeOnboarding', parent: null, visits: new Map(), incidents: new Map() };
    const view = { id: parent.id, process: parent.process, generation: '1', status: 'cancelled', steps: [], compensations: [], tasks: [], incidents: [], waitingFor: [], problem: null } as unknown as InstanceView;
    const holes = (effects: readonly Effect[]): readonly string[] =>
      [...judge({ processes: [employeeOnboarding, prepareWorkplace], effects, from: 'a@b.example' }, [{ view, subs: [], former: [], met: [parent], rewinds: [], tries: 0, decided }]).values()].flat();
    expect(holes([{ system: 'facilities', mark: unseen, stands: false }])).toEqual([]);
    expect(holes([{ system: 'facilities', mark: unseen, stands: true }])).toEqual(['prepareWorkplace/employeeOnboarding/one/workplace: bookDesk stands and should be undone']);
    const other = unseen.replace('#1.1', '#2.1');
    expect(holes([{ system: 'facilities', mark: other, stands: false }])).toEqual([`facilities has an effect that no step had (undone): ${other}`]);
  });

  it('know nothing of what a person did by hand', () => {
    expect(verdict({ decided: { ...decided, byHand: [step] }, lines: [] })).toEqual([]);
    expect(verdict({ decided: { ...decided, byHand: [step] }, lines: [['1/reserveBudget', 'stands']] })).toEqual([expect.stringContaining('done by hand, but by the system too')]);
  });

  it('keep what an operator gave up on undoing, and nothing else', () => {
    const leftStanding = { status: 'cancelled', decided: { ...decided, leftStanding: [step] } } as const;
    expect(verdict({ ...leftStanding, lines: [['1/reserveBudget', 'stands']] })).toEqual([]);
    expect(verdict({ ...leftStanding, lines: [['1/reserveBudget', 'undone']] })).toEqual([expect.stringContaining('was to be left as it is, but')]);
  });
});
