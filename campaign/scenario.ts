import { setTimeout as pause } from 'node:timers/promises';
import type { InstanceView } from '../visibility/instance-view.ts';
import type { Desk } from './desk.ts';
import { faultOf, isCancellation, isUndoing, misfit, type PlannedFault } from './faults.ts';
import { onPurpose } from './on-purpose.ts';
import type { Ended } from './judge.ts';
import { type People, refusalOf } from './people.ts';
import type { Sample } from './sample.ts';

/** One instance and what is to go wrong with it. */
export interface Scenario {
  readonly sample: Sample;
  readonly input: string;
  readonly faults: readonly PlannedFault[];
  /** Where a fault may find nothing to strike, as in a random plan. */
  readonly loose?: boolean;
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
  /** A number that no other instance has. */
  readonly number: () => string;
}

/** Milliseconds between two looks at an instance, and until it is given up. */
const [glance, patience] = [700, 420_000];
/** A busy machine may fail a workflow task now and then; a bug fails each of them. */
const triesOfCode = 8;

/** Leads one instance to its end: its people decide, its operator resolves what was broken on purpose, and nothing else. */
export async function play({ people, desk, number }: Stage, scenario: Scenario): Promise<Outcome> {
  const { sample, input: inputName, faults, loose = false } = scenario;
  const businessKey = `campaign-${number()}`;
  const { name: process, steps } = sample.process;
  const id = `${process}/${businessKey}`;
  const wrong: string[] = [];
  const errands: Promise<unknown>[] = [];
  const begun = new Set<string>();
  /** Does once, beside all else, what an open task, an incident or a wait asks for. */
  const once = (key: string, work: () => Promise<unknown>): void => {
    if (begun.has(key)) return;
    begun.add(key);
    errands.push(work().catch((error: unknown) => wrong.push(`${key}: ${error instanceof Error ? error.message : String(error)}`)));
  };

  desk.plan({
    instance: id,
    faults,
    onStrike: ({ place, fault }) => {
      if (isCancellation(fault)) once(`cancel at ${place}`, () => people.cancel(id));
    },
  });

  /** Somebody's or something's answer at a place where no activity is asked. */
  const attend = async ({ place, yes, no, malformed }: { place: string; yes: () => Promise<unknown>; no?: () => Promise<unknown>; malformed?: (() => Promise<unknown>) | undefined }): Promise<void> => {
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

  const act = (view: InstanceView): void => {
    for (const { id: task, step } of view.tasks) {
      const contract = steps[step];
      const decisions = sample.decisions?.[step];
      if (contract?.contract !== 'task' || !decisions) continue;
      once(`task ${task}`, async () => {
        const where = { id, process, step, task };
        const shown = await people.shown(where);
        const bad = misfit(contract.form);
        const decide = (decision: unknown) => () => people.decide({ ...where, decision });
        await attend({ place: task, yes: decide(decisions.yes(shown)), no: decide(decisions.no(shown)), malformed: bad && decide(bad.value) });
      });
    }
    for (const { step, visits, state, kind } of view.steps) {
      const contract = steps[step];
      const visit = visits.at(-1)?.visit ?? 1;
      const place = visit === 1 ? step : `${step}:${visit}`;
      if (state !== 'waiting' && !(kind === 'process' && state === 'running')) continue;
      if (contract?.contract === 'message') {
        const { name, payload } = contract;
        const bad = misfit(payload);
        const send = (message: string, content: unknown) => () => people.send({ id, name, message: `${place} ${message}`, payload: content });
        once(`message for ${place}`, () => attend({ place, yes: send('right', sample.messages?.[name]), malformed: bad && send('malformed', bad.value) }));
      } else if (kind === 'timer' || kind === 'process') {
        once(`waiting at ${place}`, () => attend({ place, yes: () => Promise.resolve() }));
      }
    }
    for (const { id: incident, resolution, failure } of view.incidents) {
      if (resolution !== null) continue;
      once(`incident ${incident}`, async () => {
        const place = incident.replace(/\.\d+$/, '');
        const cause = desk.struck(id).findLast((one) => one.place === place);
        if (!cause || !isOnPurpose(failure.message)) wrong.push(`an incident that nobody made: ${incident}: ${failure.message}`);
        await people.resolve({ id, incident, verb: cause ? (faultOf(cause.fault).operator ?? 'retry') : 'retry' });
      });
    }
  };

  const make = sample.inputs[inputName];
  if (!make) throw new Error(`the sample of ${process} has no input "${inputName}"`);
  await people.start({ process, businessKey, input: await make({ number: businessKey, upload: people.upload }) });
  const view = await untilEnd({ id, people, act });
  desk.end(id);
  await Promise.all(errands);
  if (!view) return { scenario, id, wrong: [...wrong, `it did not end within ${patience / 1000} s`] };
  if (!(await until(() => desk.actedLate(id)))) wrong.push('what was to happen too late did not happen at all');

  const [first] = desk.struck(id).flatMap(({ place, fault }) => (isUndoing(place) ? [] : (faultOf(fault).ends ?? [])));
  const expected = first ?? 'completed';
  if (view.status !== expected) wrong.push(`it ended as ${view.status} instead of ${expected}${view.failure ? `: ${view.failure.message}` : ''}`);
  if (!loose) wrong.push(...desk.left(id).map(({ place, fault }) => `${place}: "${fault}" never struck`));
  return { scenario, id, ended: await withSubs({ view, people }), wrong };
}

/** What the kit says of a broken answer is not in our words. */
const isOnPurpose = (message: string): boolean => message.includes(onPurpose) || message.includes('breaks its contract') || message.includes('does not fit its contract');

async function untilEnd({ id, people, act }: { id: string; people: People; act: (view: InstanceView) => void }): Promise<InstanceView | undefined> {
  const began = Date.now();
  for (;;) {
    const view = await people.view(id);
    if (view.status !== 'running') return view;
    if (view.problem && view.problem.attempt > triesOfCode) throw new Error(`${id} does not go on, since its process's code fails: ${view.problem.message}`);
    if (Date.now() - began > patience) return undefined;
    act(view);
    await pause(glance);
  }
}

async function withSubs({ view, people }: { view: InstanceView; people: People }): Promise<Ended> {
  const ids = view.steps.flatMap(({ visits }) => visits.flatMap(({ instance }) => instance ?? []));
  return { view, subs: await Promise.all(ids.map(async (id) => withSubs({ view: await people.view(id), people }))) };
}

async function until(holds: () => boolean): Promise<boolean> {
  const began = Date.now();
  while (!holds()) {
    if (Date.now() - began > patience) return false;
    await pause(100);
  }
  return true;
}
