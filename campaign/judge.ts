import type { ProcessContract } from '../contracts/define/process.ts';
import { idempotencyKey, visitId } from '../contracts/verbs.ts';
import type { InstanceView, StepState } from '../visibility/instance-view.ts';
import { type Effect, marksOf } from './books.ts';
import { asksOf } from './faults.ts';

/** An instance that has ended, with those that its steps ran. */
export interface Ended {
  readonly view: InstanceView;
  readonly subs: readonly Ended[];
  /** Of the outermost: sub-processes that ended in an incident and were run again, under the same id and with other keys. */
  readonly former?: readonly Ended[];
}

export interface Judging {
  readonly processes: readonly ProcessContract[];
  readonly effects: readonly Effect[];
  /** The sender of mails, by which they are recognised. */
  readonly from: string;
}

const unfinished: readonly StepState[] = ['running', 'retrying', 'waiting', 'incident'];

/**
 * What is wrong with instances that have ended, by the id of the outermost: in themselves, and in the books. Each effect stands exactly if its
 * instance kept it, and there is none twice. `''` has the lines in the books that belong to nobody.
 */
export function judge({ processes, effects, from }: Judging, instances: readonly Ended[]): ReadonlyMap<string, readonly string[]> {
  const byMark = new Map<string, Effect[]>();
  for (const effect of effects) byMark.set(effect.mark, [...(byMark.get(effect.mark) ?? []), effect]);
  const explained = new Set<Effect>();

  /** `kept`: all around it completed. */
  const wrongWith = ({ ended: { view, subs, former = [] }, kept }: { ended: Ended; kept: boolean }): string[] => {
    const process = processes.find(({ name }) => name === view.process);
    const completed = kept && view.status === 'completed';
    const booked = view.steps.flatMap(({ step, visits }) =>
      visits.flatMap(({ visit, state }) => {
        const named = process?.steps[step];
        const contract = named && asksOf(named);
        const id = visitId({ step, visit });
        const key = idempotencyKey({ instanceId: view.id, generation: view.generation, activityId: id });
        const lines = [...new Set(marksOf({ key, from }).flatMap((mark) => byMark.get(mark) ?? []))];
        for (const line of lines) explained.add(line);
        if (contract?.contract !== 'activity' || contract.readOnly) return lines.map(({ system }) => `${id} only reads, but ${system} has an effect of it`);
        return wrongEffect({ id, lines, done: state === 'completed', kept: completed, undoable: contract.compensation !== undefined });
      }),
    );
    const inside = (ended: Ended, kept: boolean): string[] => wrongWith({ ended, kept }).map((words) => `${ended.view.id}: ${words}`);
    return [...booked, ...unfinishedIn(view), ...subs.flatMap((sub) => inside(sub, completed)), ...former.flatMap((sub) => inside(sub, false).map((words) => `before it ran again, ${words}`))];
  };

  const verdicts = new Map(instances.map((ended) => [ended.view.id, wrongWith({ ended, kept: true })]));
  const strays = effects.filter((effect) => !explained.has(effect)).map(({ system, mark }) => `${system} has an effect that no step had: ${mark}`);
  return verdicts.set('', strays);
}

interface Booked {
  readonly id: string;
  readonly lines: readonly Effect[];
  readonly done: boolean;
  readonly kept: boolean;
  readonly undoable: boolean;
}

function wrongEffect({ id, lines, done, kept, undoable }: Booked): string[] {
  const standing = lines.filter(({ stands }) => stands).length;
  if (lines.length > 1) return [`${id} took effect ${lines.length} times: ${lines.map(({ system, stands }) => `${system} (${stands ? 'stands' : 'undone'})`).join(', ')}`];
  const shouldStand = done && (kept || !undoable);
  if (shouldStand && standing === 0) return [`${id} was done, but ${lines.length === 0 ? 'no book knows of it' : 'is undone and should stand'}`];
  // What cannot be undone and was cut off may have happened or not.
  if (!shouldStand && undoable && standing > 0) return [`${id} stands and should be undone`];
  return [];
}

function unfinishedIn({ steps, compensations, tasks, incidents, waitingFor, problem }: InstanceView): string[] {
  const visits = [...steps.flatMap(({ step, visits: all }) => all.map((visit) => ({ step, ...visit }))), ...compensations.map((one) => ({ ...one, step: `undo:${one.step}` }))];
  return [
    ...visits.filter(({ state }) => unfinished.includes(state)).map(({ step, state }) => `it ended, but ${step} is shown as ${state}`),
    ...compensations.filter(({ state }) => state !== 'completed').map(({ step, state }) => `${step} was not undone: ${state}`),
    ...tasks.map(({ id }) => `it ended, but the task ${id} is open`),
    ...incidents.filter(({ resolution }) => resolution === null).map(({ id }) => `it ended, but the incident ${id} is open`),
    ...waitingFor.map(({ name }) => `it ended, but waits for ${name}`),
    ...(problem ? [`a problem is left: ${problem.message}`] : []),
  ];
}
