import { z } from 'zod';
import { canonicalJson } from '../../contracts/define/digest.ts';
import { type FailureType, notFound, notPermitted, unexpected } from '../../contracts/failures.ts';
import type { TaskMemo, UpdateAnswers } from '../../contracts/verbs.ts';
import type { DocumentStore } from '../../documents/store.ts';
import type { InstanceView } from '../../visibility/instance-view.ts';
import { actorOf, type Caller } from '../access/caller.ts';
import type { Definitions } from '../definitions/definitions.ts';
import type { Cursors } from '../http/cursor.ts';
import { Limit } from '../instances/list.ts';
import { describe, executionOf } from '../../engine/executions.ts';
import { listExecutions } from '../../engine/list.ts';
import { allOf, among } from '../../engine/query.ts';
import type { Temporal } from '../../engine/temporal.ts';
import { say } from '../../engine/verbs.ts';
import { headerOf, isCandidate, overseesTasks, type TaskDetails, TaskHeader } from './task.ts';
import { recordedDecision } from './recorded-decision.ts';
import { partsOfTaskId } from './task-id.ts';

export const TaskQuery = z.strictObject({
  of: z
    .enum(['mine', 'groups', 'all'])
    .default('groups')
    .describe("`mine`: claimed by me. `groups`: of my groups, claimed by me or by nobody. `all`: every open task, for operators."),
  limit: Limit,
  cursor: z.string().max(2_000).optional(),
});
export type TaskQuery = z.infer<typeof TaskQuery>;

export const TaskList = z.object({ tasks: z.array(TaskHeader).readonly(), next: z.string().nullable().describe('The cursor of what follows; `limit` counts instances, of which one may have several tasks.') });
type TaskList = z.infer<typeof TaskList>;

interface Request {
  /** `<instance id>/<task>` */
  readonly id: string;
  readonly caller: Caller;
}

export interface Tasks {
  list(request: { readonly query: TaskQuery; readonly caller: Caller }): Promise<TaskList>;
  /** @throws NotFound, NotPermitted */
  read(request: Request): Promise<TaskDetails>;
  /** The verbs throw what the instance refuses: NotFound, NotPermitted, Conflict, InvalidInput; and Unavailable. */
  claim(request: Request): Promise<UpdateAnswers['task.claim']>;
  release(request: Request): Promise<UpdateAnswers['task.release']>;
  complete(request: Request & { readonly decision: unknown }): Promise<UpdateAnswers['task.complete']>;
}

const isConflict = (error: unknown): boolean => typeof error === 'object' && error !== null && 'type' in error && error.type === ('Conflict' satisfies FailureType);

interface Deps {
  readonly temporal: Temporal;
  readonly definitions: Definitions;
  readonly store: DocumentStore;
  readonly cursors: Cursors;
  readonly view: (instance: string) => Promise<InstanceView>;
}

export function createTasks({ temporal, definitions, store, cursors, view }: Deps): Tasks {
  async function shownOf({ shown }: TaskMemo): Promise<unknown> {
    if ('value' in shown) return shown.value;
    const document = await store.get(shown.document.sha256);
    if (!document) throw unexpected(`what the task shows, document ${shown.document.sha256}, is not in the document store: do the API and the workers share one?`);
    return JSON.parse(Buffer.from(document.bytes).toString('utf8'));
  }

  return {
    async list({ query: { of, limit, cursor }, caller }) {
      const query = queryOf({ of, caller, names: definitions.names });
      if (query === undefined) return { tasks: [], next: null };
      // Bound to the caller too: what is left out of the list depends on who asks.
      const list = `${of} ${caller.user} ${query}`;
      const after = cursor === undefined ? null : cursors.open({ list, text: cursor });
      const { executions, next } = await listExecutions(temporal, { query, limit: Number(limit), after });
      const tasks = executions.flatMap(({ id: instance, process, tasks: open }) =>
        [...open].filter(([, memo]) => belongs({ of, memo, caller })).map(([task, memo]) => headerOf({ instance, process, task, memo }, caller)),
      );
      return { tasks, next: next === null ? null : cursors.seal({ list, at: next }) };
    },

    async read({ id, caller }) {
      const { instance, task } = partsOfTaskId(id);
      const { process, tasks } = executionOf((await describe(temporal, instance)).workflowExecutionInfo ?? {});
      const memo = tasks.get(task);
      if (!memo) throw notFound(`instance "${instance}" has no open task "${task}": it was completed or withdrawn, or never opened. GET /api/tasks lists the open ones.`);
      if (!isCandidate({ caller, memo }) && !overseesTasks(caller)) {
        const why = memo.excludedUsers.includes(caller.user) ? 'not for you: somebody else must do it (four eyes)' : `for the group ${memo.candidateGroups.join(' or ')}`;
        throw notPermitted(`task "${id}" is ${why}`);
      }
      const form = definitions.form(memo.form);
      if (!form) throw unexpected(`the form ${memo.form} of task "${id}" is in no definition that is kept here: do all API processes share API_DATA_DIR?`);
      return { ...headerOf({ instance, process, task, memo }, caller), shown: await shownOf(memo), form };
    },

    claim: ({ id, caller }) => {
      const { instance, task } = partsOfTaskId(id);
      return say(temporal, { id: instance, update: 'task.claim', input: { task, actor: actorOf(caller) } });
    },
    release: ({ id, caller }) => {
      const { instance, task } = partsOfTaskId(id);
      return say(temporal, { id: instance, update: 'task.release', input: { task, actor: actorOf(caller) } });
    },
    async complete({ id, caller, decision }) {
      const { instance, task } = partsOfTaskId(id);
      try {
        return await say(temporal, { id: instance, update: 'task.complete', input: { task, actor: actorOf(caller), decision } });
      } catch (error) {
        // A running instance knows a repetition itself; one that its decision brought to an end can no longer be asked.
        const first = isConflict(error) ? recordedDecision({ view: await view(instance), task }) : undefined;
        if (first?.decidedBy === caller.user && canonicalJson(first.decision) === canonicalJson(decision)) return first;
        throw error;
      }
    },
  };
}

/** The open instances that may have such tasks; `undefined` where there can be none. */
function queryOf({ of, caller, names }: { of: TaskQuery['of']; caller: Caller; names: readonly string[] }): string | undefined {
  if (names.length === 0 || (of !== 'all' && caller.groups.length === 0)) return undefined;
  if (of === 'all' && !overseesTasks(caller)) throw notPermitted('of=all is for operators; "groups" and "mine" are yours');
  return allOf(among('WorkflowType', names), "ExecutionStatus = 'Running'", of === 'all' ? 'WaitingFor IS NOT NULL' : among('WaitingFor', caller.groups));
}

function belongs({ of, memo, caller }: { of: TaskQuery['of']; memo: TaskMemo; caller: Caller }): boolean {
  if (of === 'all') return true;
  if (!isCandidate({ caller, memo })) return false;
  return memo.assignee === caller.user || (of === 'groups' && memo.assignee === null);
}
