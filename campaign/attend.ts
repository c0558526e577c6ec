import { setTimeout as pause } from 'node:timers/promises';
import { undoing, visitId } from '../contracts/ids.ts';
import { Refused } from '../demo/api-client.ts';
import { errorMessage } from '../platform/errors.ts';
import type { InstanceView } from '../visibility/instance-view.ts';
import type { Desk } from './desk.ts';
import { asksOf, faultOf, isDeath, misfit, type Place, type PlannedFault } from './faults.ts';
import type { Ended } from './led.ts';
import { createMeetings } from './met.ts';
import { onPurpose, waitsToDie } from './on-purpose.ts';
import { type People, refusalOf } from './people.ts';
import { createRemedies } from './remedies.ts';
import { messageAt, neverComes, type Sample } from './sample.ts';

interface Options {
  readonly people: People;
  readonly desk: Desk;
  /** Of all processes, since one may run another. */
  readonly samples: readonly Sample[];
  /** Whether something has struck that ends the instance, or it went back: what somebody says to it meanwhile may come too late. */
  readonly isElsewhere: () => boolean;
  /** Whether it is about to go back from what this view shows: then nobody says anything to it until it has. */
  readonly isGoingBack: (view: InstanceView) => boolean;
  /** What a step gives where nothing goes wrong. */
  readonly outputOf: (place: Place) => unknown;
  /** Gets what goes otherwise than it should. */
  readonly wrong: string[];
  /** Milliseconds for which an instance is led at most. */
  readonly patience: number;
}

/** Somebody's or something's answer at a place where no activity is asked. */
interface Answers {
  readonly yes: () => Promise<unknown>;
  readonly no?: () => Promise<unknown>;
  readonly malformed?: (() => Promise<unknown>) | undefined;
  readonly fails?: () => Promise<unknown>;
}

/** Milliseconds between two looks at what goes on beside. */
const glance = 200;

export type Attendance = ReturnType<typeof attendTo>;

/** What goes on beside one instance and those that its steps run: people decide, messages come, an operator resolves what was broken on purpose, and nothing else. */
export function attendTo({ people, desk, samples, isElsewhere, isGoingBack, outputOf, wrong, patience }: Options) {
  const remedies = createRemedies({ people, desk, outputOf, wrong });
  const meetings = createMeetings();
  const errands: Promise<unknown>[] = [];
  const begun = new Set<string>();
  const former: Ended[] = [];
  /** The sub-processes that are left alone, and those that were cancelled by themselves: who was about to decide in one may come too late. */
  const left = new Set<string>();
  const cancelledAlone = new Set<string>();
  /** The sub-processes, by the visits that run them, that were found on their way. */
  const found = new Set<string>();
  /** What each of those that are to be cancelled by themselves does before: one thing, so that there is something to undo. */
  const lastDeeds = new Map<string, Place | undefined>();
  /** Does once, beside all else, what an open task, an incident or a wait asks for. */
  const once = (key: string, work: () => Promise<unknown>, within?: string): void => {
    if (begun.has(key)) return;
    begun.add(key);
    errands.push(
      work().catch((error: unknown) => {
        const isGone = isElsewhere() || (within !== undefined && cancelledAlone.has(within));
        const tooLate = isGone && error instanceof Refused && [404, 409].includes(error.problem.status);
        if (!tooLate) wrong.push(`${key}: ${errorMessage(error)}`);
      }),
    );
  };

  /** One fault after the other, as far as one leaves something to answer. */
  const answer = async (asked: Answers & { id: string; place: string }): Promise<void> => {
    const { id, place, yes, no, malformed, fails } = asked;
    const fault = desk.due(id, place);
    if (fault === 'diesBefore' || fault === 'diesAfter') {
      await desk.untilGate(id, place);
      if (fault === 'diesAfter' && !desk.isOver(id)) await yes();
      await desk.untilKilled(id, place);
      if (fault === 'diesBefore' && !desk.isOver(id)) await answer(asked);
      return;
    }
    if (fault !== undefined) await desk.strike(id, place);
    // Gone back, it is asked for anew.
    if (fault === 'cancelledBefore' || fault === 'rewoundThere') return;
    const instead = fault === 'refuses' ? no : fault === 'throws' || (fault && faultOf(fault).operator) ? fails : undefined;
    if (instead) {
      await instead();
      return;
    }
    if (fault === 'breaksSchema' && malformed) {
      const problem = await refusalOf(malformed());
      if (problem?.status !== 422) wrong.push(`${place}: what breaks the schema was answered with ${problem?.status ?? 'success'} instead of 422`);
      return answer(asked);
    }
    // What passes leaves it where it is.
    if (desk.due(id, place) !== undefined) return answer(asked);
    await yes();
  };

  const attendTasks = ({ id, runId, tasks }: InstanceView, { process: { name: process, steps }, decisions }: Sample): void => {
    for (const { id: task, step } of tasks) {
      const contract = steps[step];
      const decision = decisions?.[step];
      if (contract?.contract !== 'task' || !decision) continue;
      once(`${id}, task ${task}${run(runId)}`, async () => {
        const where = { id, process, step, task };
        const shown = await people.shown(where);
        const bad = misfit(contract.form);
        const decide = (content: unknown) => () => people.decide({ ...where, decision: content });
        await answer({ id, place: task, yes: decide(decision.yes(shown)), no: decide(decision.no(shown)), malformed: bad && decide(bad.value) });
      }, id);
    }
  };

  /** Cancels a sub-process by itself as soon as it has done something or waits for somebody; until it has ended nobody leads it on. */
  const cancelOnTheWay = async (sub: string): Promise<void> => {
    const until = async (holds: (view: InstanceView) => boolean): Promise<InstanceView> => {
      for (;;) {
        const view = await people.view(sub);
        if (view.status !== 'running' || holds(view)) return view;
        await pause(glance);
      }
    };
    left.add(sub);
    cancelledAlone.add(sub);
    lastDeeds.set(sub, undefined);
    try {
      const { runId } = await until(({ steps, waitingFor }) => waitingFor.length > 0 || steps.some(({ state }) => state === 'completed'));
      await people.cancel(sub);
      await until((view) => view.runId !== runId);
    } finally {
      // It may have gone with an instance that went back, which runs it again.
      lastDeeds.delete(sub);
      left.delete(sub);
    }
  };

  /** A sub-process may be quicker than whoever looks for it: until it was found, and while it is to be there for a kill, it does nothing. */
  const holdsUp = ({ id, at, sub, place }: { id: string; at: Place; sub: string; place: Place }): boolean => {
    if (lastDeeds.has(sub)) {
      const deed = lastDeeds.get(sub) ?? place;
      lastDeeds.set(sub, deed);
      return deed !== place;
    }
    const fault = desk.due(id, at);
    return fault !== undefined && (isDeath(fault) || !found.has(`${id} ${at}`));
  };

  /** Where something waits at which something is still to go wrong. */
  const dueAmong = ({ id, steps }: Pick<InstanceView, 'id' | 'steps'>): readonly string[] =>
    steps.flatMap(({ step, visits }) => visits.filter(({ state }) => state === 'waiting').map(({ visit }) => visitId({ step, visit }))).filter((place) => desk.due(id, place) !== undefined);

  const attendWaits = ({ id, runId, steps: stepViews, waitingFor }: InstanceView, { process: { steps }, messages }: Sample): void => {
    const endless = waitingFor.every(({ kind }) => kind === 'timer') && waitingFor.find(({ name }) => Date.parse(name) - Date.now() > patience);
    if (endless) throw new Error(`${id} waits at "${endless.step}" until ${endless.name}, longer than the campaign does: give its sample an input by which it is a matter of seconds`);
    const due = dueAmong({ id, steps: stepViews });
    for (const { step, visits } of stepViews) {
      const named = steps[step];
      const contract = named && asksOf(named);
      for (const { visit, state, instance, startedAt, attempts } of visits) {
        const place = visitId({ step, visit });
        if (contract?.contract === 'message' && state === 'waiting') {
          const { name, payload } = contract;
          const bad = misfit(payload);
          const comes = messageAt({ messages }, { step, name });
          // What is to go wrong beside it would be overtaken by it.
          if (due.length > 0 && !due.includes(place)) continue;
          const send = (message: string, content: unknown) => () => people.send({ id, name, message: `${place} ${message}`, payload: content });
          once(`${id}, message for ${place}${run(runId)}`, () => answer({ id, place, yes: comes === neverComes ? () => Promise.resolve() : send('right', comes), malformed: bad && send('malformed', bad.value) }));
        } else if (contract?.contract === 'timer' && state === 'waiting') {
          once(`${id}, waiting at ${place}${run(runId)}`, () => answer({ id, place, yes: () => Promise.resolve() }));
        } else if (contract?.contract === 'process' && state === 'running' && instance !== undefined && startedAt !== null) {
          found.add(`${id} ${place}`);
          once(`${id}, waiting at ${place}, attempt ${attempts}${run(runId)}`, () => answer({ id, place, yes: () => Promise.resolve(), fails: () => cancelOnTheWay(instance) }));
        }
      }
    }
  };

  /** Its contract's patience ends before its turn to die comes. Where the system has a probe, the product may let it go first. */
  const letWait = async (incident: { id: string; incident: string }): Promise<void> => {
    const problem = await people.resolve({ ...incident, verb: 'retry' }).then(() => undefined, (error: unknown) => (error instanceof Refused ? error.problem : Promise.reject(error as Error)));
    if (problem && problem.status !== 409) wrong.push(`${incident.id}, ${incident.incident}: ${problem.detail ?? problem.status}`);
  };

  const attendIncidents = ({ id, runId, incidents, steps }: InstanceView): void => {
    for (const incident of incidents) {
      if (incident.resolution !== null) continue;
      const place = incident.id.replace(/\.\d+$/, '');
      if (isForWaiting(incident, desk.struck(id).findLast((one) => one.place === place))) {
        once(`${id}, incident ${incident.id}${run(runId)}`, () => letWait({ id, incident: incident.id }));
        continue;
      }
      once(`${id}, incident ${incident.id}${run(runId)}`, async () => {
        const struck = desk.struck(id);
        const cause = struck.findLast((one) => one.place === place);
        // The system knows nothing of what a person did by hand: that is undone by hand too.
        const byHand = !cause && struck.some((one) => one.fault === 'doneByHand' && undoing(one.place) === place);
        if (!byHand && (!cause || !isOnPurpose(incident.failure.message))) wrong.push(`an incident that nobody made: ${id}, ${incident.id}: ${incident.failure.message}`);
        const sub = steps.flatMap(({ step, visits }) => visits.map((visit) => ({ at: visitId({ step, visit: visit.visit }), ...visit }))).find(({ at }) => at === place)?.instance;
        if (sub !== undefined) former.push(await people.ended(sub));
        found.delete(`${id} ${place}`);
        await remedies[byHand ? 'do it by hand' : ((cause && faultOf(cause.fault).operator) ?? 'retry')]({ id, place, incident });
      });
    }
  };

  const look = async (view: InstanceView): Promise<void> => {
    const sample = samples.find(({ process }) => process.name === view.process);
    if (!sample) throw new Error(`${view.id} runs, but there is no sample of process "${view.process}"`);
    meetings.see(view);
    attendIncidents(view);
    if (isGoingBack(view)) return;
    attendTasks(view, sample);
    attendWaits(view, sample);
    // Nor are the parts led to their ends while something is to go wrong beside them.
    if (dueAmong(view).length > 0) return;
    const subs = view.steps.flatMap(({ step, visits }) => visits.map((visit) => ({ place: visitId({ step, visit: visit.visit }), ...visit })));
    for (const { place, instance, state, startedAt } of subs) {
      // Nobody leads on what is to be there still when the worker is killed.
      if (instance === undefined || state !== 'running' || startedAt === null || desk.due(view.id, place) !== undefined || left.has(instance)) continue;
      await look(await people.view(instance));
    }
  };

  return {
    once,
    /** Begins what this state of the instance asks for. */
    look,
    holdsUp,
    settled: (): Promise<unknown> => Promise.all(errands),
    /** Sub-processes as they were when they ended in an incident, before they ran again. */
    former,
    /** All instances that were seen, those included that are shown here. */
    see: meetings.seeAll,
    met: meetings.all,
  };
}

/** A sub-process that runs again, or an instance that went back, has the same id, and asks for the same once more. */
const run = (runId: string): string => `, run ${runId}`;

/** Whether it waited so often for its turn to die that its patience is over, now or at the attempt that died. */
const isForWaiting = ({ failure, failedAttempts }: InstanceView['incidents'][number], newest: PlannedFault | undefined): boolean =>
  [failure, ...(newest && isDeath(newest.fault) ? failedAttempts : [])].some(({ message }) => message.includes(waitsToDie));

/** What the kit says of a broken answer is not in our words. */
const isOnPurpose = (message: string): boolean => message.includes(onPurpose) || message.includes('was cancelled by itself') || message.includes('breaks its contract') || message.includes('does not fit its contract');
