import { describe, expect, it } from '@jest/globals';
import { formOf } from '../../contracts/define/definition.ts';
import { theTask } from '../../contracts/tasks/the-task.ts';

// Put in what was agreed: the decisions, what is none, and who decides.
const decisions = [{ outcome: 'approve' }, { outcome: 'reject', reason: 'not ours' }];
const noDecisions = [{}, { outcome: 'perhaps' }, { outcome: 'reject' }];

describe('theTask', () => {
  it.each(decisions)('can be decided as %j', (decision) => {
    expect(theTask.form.parse(decision)).toEqual(decision);
  });

  it.each(noDecisions)('cannot be decided as %j', (decision) => {
    expect(theTask.form.safeParse(decision).success).toBe(false);
  });

  it('has a form that people can be shown', () => {
    expect(formOf(theTask).schema).toHaveProperty('oneOf');
  });

  it('shows what it is about', () => {
    expect(theTask.input.parse({ number: 'N-1' })).toEqual({ number: 'N-1' });
  });

  it('is for somebody', () => {
    expect(theTask.candidateGroups).not.toContain('nobody-yet');
  });
});
