import { z } from 'zod';
import { pathOf } from '../../contracts/ids.ts';
import { type TaskMemo, taskStates } from '../../contracts/verbs.ts';
import type { Caller } from '../access/caller.ts';
import { taskIdOf } from './task-id.ts';

export const TaskHeader = z.object({
  id: z.string().describe('To act on it: `/api/tasks/{id}`, percent-encoded.'),
  instance: z.string(),
  process: z.string(),
  task: z.string(),
  step: z.string(),
  visit: z.int(),
  title: z.string(),
  state: z.enum(taskStates),
  assignee: z.string().nullable(),
  candidateGroups: z.array(z.string()).readonly(),
  excludedUsers: z.array(z.string()).readonly(),
  openedAt: z.iso.datetime(),
  dueAt: z.iso.datetime().nullable(),
  escalated: z.boolean(),
  mayAct: z.boolean().describe('Whether the caller may claim and complete it: a member of a candidate group, not excluded, and nobody else has claimed it.'),
  links: z.object({ self: z.string(), instance: z.string() }),
});
export type TaskHeader = z.infer<typeof TaskHeader>;

export const TaskDetails = TaskHeader.extend({
  shown: z.unknown().describe('What the person is shown: what the step was given.'),
  form: z.record(z.string(), z.unknown()).describe('The JSON Schema (draft 7) of the decision.'),
});
export type TaskDetails = z.infer<typeof TaskDetails>;

interface OpenTask {
  readonly instance: string;
  readonly process: string;
  readonly task: string;
  readonly memo: TaskMemo;
}

/** Whether somebody belongs to those who may decide: in a candidate group, and not excluded (four eyes). */
export function isCandidate({ caller, memo }: { caller: Caller; memo: TaskMemo }): boolean {
  return caller.roles.includes('worker') && memo.candidateGroups.some((group) => caller.groups.includes(group)) && !memo.excludedUsers.includes(caller.user);
}

/** Operators look after everything; they see tasks, but do not decide them. */
export const overseesTasks = ({ roles }: Caller): boolean => roles.includes('operator') || roles.includes('admin');

export function headerOf({ instance, process, task, memo }: OpenTask, caller: Caller): TaskHeader {
  const { step, visit, title, state, assignee, candidateGroups, excludedUsers, openedAt, dueAt, escalated } = memo;
  const id = taskIdOf({ instance, task });
  return {
    id,
    instance,
    process,
    task,
    step,
    visit,
    title,
    state,
    assignee,
    candidateGroups,
    excludedUsers,
    openedAt,
    dueAt,
    escalated,
    mayAct: isCandidate({ caller, memo }) && (assignee === null || assignee === caller.user),
    links: { self: `/api/tasks/${encodeURIComponent(id)}`, instance: pathOf(instance) },
  };
}
