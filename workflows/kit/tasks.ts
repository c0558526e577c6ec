import { CancellationScope, condition, sleep } from '@temporalio/workflow';
import { canonicalJson } from '../../contracts/define/digest.ts';
import { formOf } from '../../contracts/define/definition.ts';
import { milliseconds } from '../../contracts/define/duration.ts';
import { issuesOf, sentenceOf } from '../../contracts/define/issues.ts';
import type { ProcessContract } from '../../contracts/define/process.ts';
import type { Decided, TaskContract } from '../../contracts/define/task.ts';
import { Moment } from '../../contracts/define/timer.ts';
import { conflict, invalidInput, notFound, notPermitted } from '../../contracts/failures.ts';
import { placeOf } from '../../contracts/ids.ts';
import { type Actor, type Decision, memoKeys, type TaskAnswer, type TaskMemo, type UpdateInput } from '../../contracts/verbs.ts';
import type { Answer, CarriedTasks } from './carried.ts';
import type { Gate } from './gate.ts';
import { inTime } from './in-time.ts';
import type { Wait, Waits } from './waits.ts';

interface Task {
  readonly id: string;
  readonly contract: TaskContract;
  memo: TaskMemo;
  decision?: Decision;
  withdrawn?: boolean;
  /** Its step waits no longer: it was told the decision, or was cancelled. */
  over?: boolean;
}

/** A task to open. */
export interface WorkItem {
  readonly id: string;
  readonly step: string;
  readonly visit: number;
  readonly contract: TaskContract;
  /** The checked input. */
  readonly input: unknown;
  readonly shown: TaskMemo['shown'];
}

/** The tasks of former runs, and the answers in which their decisions stand. */
export interface Former extends CarriedTasks {
  readonly answers: readonly Answer[];
}

type Completion = Omit<UpdateInput<'task.complete'>, 'validUntil'>;

export type Tasks = ReturnType<typeof createTasks>;

/** The open work items of an instance and the verbs on them. A verb is checked before it is recorded; what is refused leaves no trace. */
export function createTasks({ process, waits, gate, carried }: { process: ProcessContract; waits: Waits; gate: Gate; carried: Former | undefined }) {
  const tasks = new Map<string, Task>();

  const waitOf = ({ id, memo }: Task): Wait => ({
    key: memoKeys.task(id),
    memo,
    of: memo.candidateGroups,
    line: `Task **${id}** (${memo.title}) for ${memo.assignee ?? memo.candidateGroups.join(', ')}`,
  });
  const show = (task: Task, patch: Partial<TaskMemo> = {}): void => {
    task.memo = { ...task.memo, ...patch };
    waits.show(waitOf(task));
  };
  for (const former of formerTasks({ process, carried })) {
    tasks.set(former.id, former);
    if (!former.decision) waits.restore(waitOf(former));
  }

  // While the instance is paused, due dates stand still.
  gate.onResume((milliseconds) => {
    for (const task of tasks.values()) {
      const { dueAt, escalated } = task.memo;
      if (!task.over && !task.decision && dueAt !== null && !escalated) show(task, { dueAt: new Date(Date.parse(dueAt) + milliseconds).toISOString() });
    }
  });

  const known = (id: string): Task => {
    const task = tasks.get(id);
    if (!task) throw notFound(`there is no task "${id}" in this instance (yet)`);
    return task;
  };

  const mayAct = (task: Task, { user, groups }: Actor): void => {
    if (task.decision) throw conflict(`task "${task.id}" was already decided by ${task.decision.decidedBy} at ${task.decision.decidedAt}`);
    if (task.withdrawn) throw conflict(`task "${task.id}" was withdrawn: its instance no longer asks`);
    const { candidateGroups, excludedUsers, assignee } = task.memo;
    if (!candidateGroups.some((group) => groups.includes(group))) {
      throw notPermitted(`task "${task.id}" is for the group ${candidateGroups.join(' or ')}; ${user} is in ${groups.join(', ') || 'no group'}`);
    }
    if (excludedUsers.includes(user)) throw notPermitted(`${user} may not do task "${task.id}": somebody else must (four eyes)`);
    if (assignee !== null && assignee !== user) throw conflict(`task "${task.id}" is claimed by ${assignee}, who can release it`);
  };

  const isRepetition = ({ decision: first, contract }: Task, { actor, decision }: Completion): boolean => {
    if (first?.decidedBy !== actor.user) return false;
    const again = contract.form.safeParse(decision);
    return again.success && canonicalJson(again.data) === canonicalJson(first.decision);
  };

  const checkComplete = (completion: Completion): void => {
    const task = known(completion.task);
    if (isRepetition(task, completion)) return;
    mayAct(task, completion.actor);
    const parsed = task.contract.form.safeParse(completion.decision);
    if (!parsed.success) {
      const issues = issuesOf(parsed.error).map(({ path, message }) => ({ path: path === '' ? 'decision' : `decision.${path}`, message }));
      throw invalidInput(`the decision does not fit the form of task "${task.id}": ${sentenceOf(issues)}`, { issues });
    }
  };

  const complete = (completion: Completion): Decision => {
    const task = known(completion.task);
    if (task.decision) return task.decision;
    task.decision = {
      task: task.id,
      decidedBy: completion.actor.user,
      decidedAt: new Date().toISOString(),
      decision: task.contract.form.parse(completion.decision),
    };
    waits.close(memoKeys.task(task.id));
    return task.decision;
  };

  const answer = ({ id, memo: { state, assignee } }: Task): TaskAnswer => ({ task: id, state, assignee });

  return {
    /** Opens a task and waits for its decision; a cancellation withdraws it. */
    open({ id, step, visit, contract, input, shown }: WorkItem): Promise<Decision> {
      const now = Date.now();
      const { title, candidateGroups } = contract;
      const task: Task = {
        id,
        contract,
        memo: {
          step,
          visit,
          title,
          state: 'ready',
          assignee: null,
          candidateGroups,
          excludedUsers: contract.excludedUsers?.(input) ?? [],
          openedAt: new Date(now).toISOString(),
          dueAt: dueAt({ contract, input, now }),
          escalated: false,
          form: formOf(contract).digest,
          shown,
        },
      };
      tasks.set(id, task);
      show(task);
      return decided(task);
    },
    /** Waits for the decision of a task that a former run has opened; `undefined` where there is none. */
    reopen(id: string): Promise<Decision> | undefined {
      const task = tasks.get(id);
      return task && decided(task);
    },
    carry: (dropped: ReadonlySet<string>): CarriedTasks => ({
      open: [...tasks.values()].filter(({ over }) => !over).map(({ id, memo, decision }) => ({ id, memo, ...(decision ? { decision } : {}) })),
      decidedAt: Object.fromEntries([...tasks.values()].flatMap(({ id, decision }) => (decision && !dropped.has(id) ? [[id, decision.decidedAt]] : []))),
    }),
    checkComplete,
    complete,
    takesSignals: (id: string): boolean => known(id).contract.decideBy !== 'update',
    verbs: {
      checkClaim({ task, actor, validUntil }: UpdateInput<'task.claim'>): void {
        inTime(validUntil);
        mayAct(known(task), actor);
      },
      claim({ task: id, actor }: UpdateInput<'task.claim'>): TaskAnswer {
        const task = known(id);
        if (task.memo.assignee !== actor.user) show(task, { state: 'reserved', assignee: actor.user });
        return answer(task);
      },
      checkRelease({ task: id, actor, validUntil }: UpdateInput<'task.release'>): void {
        inTime(validUntil);
        const task = known(id);
        mayAct(task, actor);
        if (task.memo.assignee === null) throw conflict(`task "${id}" is not claimed by anybody`);
      },
      release({ task: id }: UpdateInput<'task.release'>): TaskAnswer {
        const task = known(id);
        show(task, { state: 'ready', assignee: null });
        return answer(task);
      },
    },
  };

  /** Waits for a task's decision; a cancellation withdraws it. */
  async function decided(task: Task): Promise<Decision> {
    const escalation = new CancellationScope();
    try {
      escalate(task, escalation);
      await condition(() => task.decision !== undefined);
    } finally {
      escalation.cancel();
      task.over = true;
      if (!task.decision) {
        task.withdrawn = true;
        waits.close(memoKeys.task(task.id));
      }
    }
    // The condition above has just held.
    return task.decision as Decision;
  }

  /** Settles when the due date has come, which a pause moves. */
  async function overdue(task: Task): Promise<void> {
    for (;;) {
      const left = Date.parse(task.memo.dueAt ?? '') - Date.now();
      if (left <= 0) return;
      await sleep(Math.max(1, left), { summary: `${task.memo.title}: due` });
      await condition(() => !gate.isPaused());
    }
  }

  /** Once overdue, more groups may act. Without `escalateTo` there is no timer: the due date is then told by the memo alone. */
  function escalate(task: Task, scope: CancellationScope): void {
    const { escalateTo } = task.contract;
    if (task.memo.dueAt === null || !escalateTo || task.memo.escalated || task.decision) return;
    scope.run(() => overdue(task)).then(
      () => {
        // The due time and a decision may come in one workflow task.
        if (task.decision || task.withdrawn) return;
        show(task, { escalated: true, candidateGroups: [...new Set([...task.memo.candidateGroups, ...escalateTo])] });
      },
      // Cancelled: the task was decided or withdrawn in time.
      () => undefined,
    );
  }
}

function dueAt({ contract: { name, dueIn, due }, input, now }: { contract: TaskContract; input: unknown; now: number }): string | null {
  if (dueIn !== undefined) return new Date(now + milliseconds(dueIn)).toISOString();
  const moment = due?.(input);
  if (moment === undefined) return null;
  const at = Moment.safeParse(moment);
  if (!at.success) throw new Error(`task "${name}" is due at "${moment}", which is no moment as ISO 8601 has it, with its offset from UTC. Mend \`due\` in its contract.`);
  return new Date(at.data).toISOString();
}

function formerTasks({ process, carried }: { process: ProcessContract; carried: Former | undefined }): readonly Task[] {
  if (!carried) return [];
  const contractOf = (id: string): TaskContract[] => {
    const contract = process.steps[placeOf(id).step];
    return contract?.contract === 'task' ? [contract] : [];
  };
  const open = carried.open.flatMap(({ id, ...known }) => contractOf(id).map((contract): Task => ({ id, contract, ...known })));
  const decided = carried.answers.flatMap(({ id, output }) => {
    const decidedAt = carried.decidedAt[id];
    if (decidedAt === undefined) return [];
    const { decidedBy, ...decision } = output as Decided<object>;
    return contractOf(id).map((contract): Task => ({ id, contract, memo: forgotten({ id, contract, at: decidedAt }), decision: { task: id, decidedBy, decidedAt, decision }, over: true }));
  });
  return [...open, ...decided];
}

/** Of a task that was decided in a former run nobody asks more than its decision. */
const forgotten = ({ id, contract: { title, candidateGroups }, at }: { id: string; contract: TaskContract; at: string }): TaskMemo => ({
  ...placeOf(id),
  title,
  state: 'ready',
  assignee: null,
  candidateGroups,
  excludedUsers: [],
  openedAt: at,
  dueAt: null,
  escalated: false,
  form: '',
  shown: { value: null },
});
