import { setTimeout as pause } from 'node:timers/promises';
import type { InstanceView } from '../visibility/instance-view.ts';
import { type Attendance, attendTo } from './attend.ts';
import type { Desk } from './desk.ts';
import { faultOf, isCancellation, isUndoing, type PlannedFault } from './faults.ts';
import type { Ended } from './judge.ts';
import type { People } from './people.ts';
import type { Sample } from './sample.ts';

/** One instance and what is to go wrong with it. */
export interface Scenario {
  readonly sample: Sample;
  readonly input: string;
  readonly faults: readonly PlannedFault[];
  /** Where a fault may find nothing to strike, as in a random plan. */
  readonly loose?: boolean;
  /** Of a random plan: the options by which it is drawn again. */
  readonly drawn?: string;
}

export interface Outcome {
  readonly scenario: Scenario;
  readonly id: string;
  readonly ended?: Ended;
  /** What went otherwise than it should on the way; what the books say is judged later. */
  readonly wrong: readonly string[];
}

export interface Stage {
  readonly people: People;
  readonly desk: Desk;
  readonly samples: readonly Sample[];
  /** A number that no other instance has. */
  readonly number: () => string;
}

/** Milliseconds between two looks at an instance, and without any change until it is given up: so much, and more for each fault, which may wait for its time and for others to die with. */
const [glance, patience, morePerFault] = [700, 420_000, 60_000];
/** A busy machine may fail a workflow task now and then; a bug fails each of them. */
const triesOfCode = 8;

/** Leads one instance to its end, and gathers what went wrong on the way. */
export async function play({ people, desk, samples, number }: Stage, scenario: Scenario): Promise<Outcome> {
  const { sample, input: inputName, faults, loose = false } = scenario;
  const businessKey = `campaign-${number()}`;
  const { name: process } = sample.process;
  const id = `${process}/${businessKey}`;
  const wrong: string[] = [];
  const { once, look, settled, former } = attendTo({ people, desk, samples, wrong, patience, isEnding: () => desk.struck(id).some(({ fault }) => faultOf(fault).ends !== undefined) });
  desk.plan({
    instance: id,
    faults,
    onStrike: ({ place, fault }) => {
      if (isCancellation(fault)) once(`cancel at ${place}`, () => people.cancel(id));
    },
  });

  const make = sample.inputs[inputName];
  if (!make) throw new Error(`the sample of ${process} has no input "${inputName}"`);
  await people.start({ process, businessKey, input: await make({ number: businessKey, upload: people.upload }) });
  const longest = patience + faults.length * morePerFault;
  const view = await untilEnd({ id, people, look, longest });
  desk.end(id);
  await settled();
  if (view.status === 'running') return { scenario, id, wrong: [...wrong, `it did not go on for ${longest / 1000} s: ${whereItStands(view)}`] };
  if (!(await until(() => desk.actedLate(id)))) wrong.push('what was to happen too late did not happen at all');

  const [first] = desk.struck(id).flatMap(({ place, fault }) => (isUndoing(place) ? [] : (faultOf(fault).ends ?? [])));
  const expected = first ?? 'completed';
  if (view.status !== expected) wrong.push(`it ended as ${view.status} instead of ${expected}${view.failure ? `: ${view.failure.message}` : ''}`);
  if (!loose) wrong.push(...desk.left(id).map(({ place, fault }) => `${place}: "${fault}" never struck`));
  const ended = await people.ended(id);
  return { scenario, id, ended: { ...ended, former: former.filter((one) => !runsOf(ended).includes(one.view.runId)) }, wrong };
}

/** How it was at its end, or when it had stood still for too long. */
async function untilEnd({ id, people, look, longest }: { id: string; people: People; look: Attendance['look']; longest: number }): Promise<InstanceView> {
  let [since, before] = [Date.now(), ''];
  for (;;) {
    const view = await people.view(id);
    if (view.status !== 'running') return view;
    // A busy machine takes long for many; only one that stands still is lost.
    const now = JSON.stringify([view.steps, view.compensations, view.incidents, view.tasks]);
    if (now !== before) [since, before] = [Date.now(), now];
    if (view.problem && view.problem.attempt > triesOfCode) throw new Error(`${id} does not go on, since its process's code fails: ${view.problem.message}`);
    if (Date.now() - since > longest) return view;
    await look(view);
    await pause(glance);
  }
}

/** What has begun and not ended, as its view says at this moment. */
function whereItStands({ steps, compensations, problem }: InstanceView): string {
  const begun = [...steps.flatMap(({ step, visits }) => visits.map((visit) => ({ at: step, ...visit }))), ...compensations.map((undoing) => ({ at: `undo ${undoing.step}`, ...undoing }))].filter(({ closedAt }) => closedAt === null);
  const words = begun.map(({ at, visit, state, attempts, scheduledAt, startedAt, nextAttemptAt }) => `${at} (visit ${visit}) is ${state} since ${scheduledAt}, attempt ${attempts} began at ${startedAt ?? 'no time'}, next at ${nextAttemptAt ?? 'no time'}`);
  return [...(words.length > 0 ? words : ['no step is under way']), ...(problem ? [`its code failed ${problem.attempt} times: ${problem.message}`] : []), `now it is ${new Date().toISOString()}`].join('; ');
}

const runsOf = ({ view, subs }: Ended): readonly string[] => [view.runId, ...subs.flatMap(runsOf)];

async function until(holds: () => boolean): Promise<boolean> {
  const began = Date.now();
  while (!holds()) {
    if (Date.now() - began > patience) return false;
    await pause(100);
  }
  return true;
}
