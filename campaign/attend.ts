import { visitId } from '../contracts/verbs.ts';
import { Refused } from '../demo/api-client.ts';
import { errorMessage } from '../platform/errors.ts';
import type { InstanceView } from '../visibility/instance-view.ts';
import type { Desk } from './desk.ts';
import { asksOf, faultOf, misfit } from './faults.ts';
import { onPurpose } from './on-purpose.ts';
import { type People, refusalOf } from './people.ts';
import type { Sample } from './sample.ts';

interface Options {
  readonly people: People;
  readonly desk: Desk;
  /** Of all processes, since one may run another. */
  readonly samples: readonly Sample[];
  /** Whether something has struck that ends the instance: what somebody says to it meanwhile may come too late. */
  readonly isEnding: () => boolean;
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
}

export type Attendance = ReturnType<typeof attendTo>;

/** What goes on beside one instance and those that its steps run: people decide, messages come, an operator resolves what was broken on purpose, and nothing else. */
export function attendTo({ people, desk, samples, isEnding, wrong, patience }: Options) {
  const errands: Promise<unknown>[] = [];
  const begun = new Set<string>();
  /** Does once, beside all else, what an open task, an incident or a wait asks for. */
  const once = (key: string, work: () => Promise<unknown>): void => {
    if (begun.has(key)) return;
    begun.add(key);
    errands.push(
      work().catch((error: unknown) => {
        const tooLate = isEnding() && error instanceof Refused && [404, 409].includes(error.problem.status);
        if (!tooLate) wrong.push(`${key}: ${errorMessage(error)}`);
      }),
    );
  };

  const answer = async ({ id, place, yes, no, malformed }: Answers & { id: string; place: string }): Promise<void> => {
    const fault = desk.due(id, place);
    if (fault === 'diesBefore' || fault === 'diesAfter') {
      await desk.untilGate(id, place);
      if (fault === 'diesAfter' && !desk.isOver(id)) await yes();
      await desk.untilKilled(id, place);
      if (fault === 'diesBefore' && !desk.isOver(id)) await yes();
      return;
    }
    if (fault !== undefined) desk.strike(id, place);
    if (fault === 'cancelledBefore') return;
    if (fault === 'refuses' && no) {
      await no();
      return;
    }
    if (fault === 'breaksSchema' && malformed) {
      const problem = await refusalOf(malformed());
      if (problem?.status !== 422) wrong.push(`${place}: what breaks the schema was answered with ${problem?.status ?? 'success'} instead of 422`);
    }
    await yes();
  };

  const attendTasks = ({ id, tasks }: InstanceView, { process: { name: process, steps }, decisions }: Sample): void => {
    for (const { id: task, step } of tasks) {
      const contract = steps[step];
      const decision = decisions?.[step];
      if (contract?.contract !== 'task' || !decision) continue;
      once(`${id}, task ${task}`, async () => {
        const where = { id, process, step, task };
        const shown = await people.shown(where);
        const bad = misfit(contract.form);
        const decide = (content: unknown) => () => people.decide({ ...where, decision: content });
        await answer({ id, place: task, yes: decide(decision.yes(shown)), no: decide(decision.no(shown)), malformed: bad && decide(bad.value) });
      });
    }
  };

  const attendWaits = ({ id, steps: stepViews, waitingFor }: InstanceView, { process: { steps }, messages }: Sample): void => {
    const endless = waitingFor.find(({ kind, name }) => kind === 'timer' && Date.parse(name) - Date.now() > patience);
    if (endless) throw new Error(`${id} waits at "${endless.step}" until ${endless.name}, longer than the campaign does: give its sample an input by which it is a matter of seconds`);
    for (const { step, visits } of stepViews) {
      const named = steps[step];
      const contract = named && asksOf(named);
      for (const { visit, state } of visits) {
        const place = visitId({ step, visit });
        if (contract?.contract === 'message' && state === 'waiting') {
          const { name, payload } = contract;
          const bad = misfit(payload);
          const send = (message: string, content: unknown) => () => people.send({ id, name, message: `${place} ${message}`, payload: content });
          once(`${id}, message for ${place}`, () => answer({ id, place, yes: send('right', messages?.[name]), malformed: bad && send('malformed', bad.value) }));
        } else if ((contract?.contract === 'timer' && state === 'waiting') || (contract?.contract === 'process' && state === 'running')) {
          once(`${id}, waiting at ${place}`, () => answer({ id, place, yes: () => Promise.resolve() }));
        }
      }
    }
  };

  const attendIncidents = ({ id, incidents }: InstanceView): void => {
    for (const { id: incident, resolution, failure } of incidents) {
      if (resolution !== null) continue;
      once(`${id}, incident ${incident}`, async () => {
        const place = incident.replace(/\.\d+$/, '');
        const cause = desk.struck(id).findLast((one) => one.place === place);
        if (!cause || !isOnPurpose(failure.message)) wrong.push(`an incident that nobody made: ${id}, ${incident}: ${failure.message}`);
        await people.resolve({ id, incident, verb: cause ? (faultOf(cause.fault).operator ?? 'retry') : 'retry' });
      });
    }
  };

  const look = async (view: InstanceView): Promise<void> => {
    const sample = samples.find(({ process }) => process.name === view.process);
    if (!sample) throw new Error(`${view.id} runs, but there is no sample of process "${view.process}"`);
    attendIncidents(view);
    attendTasks(view, sample);
    attendWaits(view, sample);
    const subs = view.steps.flatMap(({ step, visits }) => visits.map((visit) => ({ place: visitId({ step, visit: visit.visit }), ...visit })));
    for (const { place, instance, state, startedAt } of subs) {
      // Nobody leads on what is to be there still when the worker is killed.
      if (instance === undefined || state !== 'running' || startedAt === null || desk.due(view.id, place) !== undefined) continue;
      await look(await people.view(instance));
    }
  };

  return {
    once,
    /** Begins what this state of the instance asks for. */
    look,
    settled: (): Promise<unknown> => Promise.all(errands),
  };
}

/** What the kit says of a broken answer is not in our words. */
const isOnPurpose = (message: string): boolean => message.includes(onPurpose) || message.includes('breaks its contract') || message.includes('does not fit its contract');
