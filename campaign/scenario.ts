import { setTimeout as pause } from 'node:timers/promises';
import type { RewindPlan } from '../contracts/rewind.ts';
import type { InstanceStatus, InstanceView } from '../visibility/instance-view.ts';
import { type Attendance, attendTo } from './attend.ts';
import type { Desk } from './desk.ts';
import { isUndoing, undoneAt } from '../contracts/ids.ts';
import { Refused } from '../demo/api-client.ts';
import { type Errand, type FaultName, faultOf, isCancellation, type Place, type PlannedFault } from './faults.ts';
import type { Ended, Led } from './led.ts';
import { type Doing, hireOperator, type Meddling, type Operator } from './operator.ts';
import type { People } from './people.ts';
import type { Sample } from './sample.ts';

/** One instance and what is to go wrong with it. */
export interface Scenario {
  readonly sample: Sample;
  readonly input: string;
  readonly faults: readonly PlannedFault[];
  /** What an operator does beside, one after the other. */
  readonly meddling?: readonly Meddling[];
  /** Where a fault may find nothing to strike, as in a random plan. */
  readonly loose?: boolean;
  /** Of a random plan: the options by which it is drawn again. */
  readonly drawn?: string;
}

export interface Outcome {
  readonly scenario: Scenario;
  readonly id: string;
  readonly ended?: Led;
  /** What went otherwise than it should on the way; what the books say is judged later. */
  readonly wrong: readonly string[];
  /** What was to go wrong and did not, since the instance never came there, or came by while something else went wrong. */
  readonly left: readonly PlannedFault[];
}

export interface Stage {
  readonly people: People;
  readonly desk: Desk;
  readonly samples: readonly Sample[];
  /** A number that no other instance has. */
  readonly number: () => string;
  /** What each step gave in the instances in which nothing went wrong. */
  readonly outputs: Map<string, unknown>;
}
export const outputKey = ({ sample, input, place }: { sample: Sample; input: string; place: Place }): string => `${sample.process.name} ${input} ${place}`;

/** Milliseconds between two looks at an instance, and without any change until it is given up: so much, and more for each fault, which may wait for its time and for others to die with. */
const [glance, patience, morePerFault] = [700, 420_000, 60_000];
/** A busy machine may fail a workflow task now and then; a bug fails each of them. */
const triesOfCode = 8;

/** Leads one instance to its end, and gathers what went wrong on the way. */
export async function play({ people, desk, samples, number, outputs }: Stage, scenario: Scenario): Promise<Outcome> {
  const { sample, input: inputName, faults, meddling = [], loose = false } = scenario;
  const businessKey = `campaign-${number()}`;
  const { name: process } = sample.process;
  const id = `${process}/${businessKey}`;
  const wrong: string[] = [];
  const isShaken = scenario.meddling !== undefined;
  const operator = hireOperator({ id, people, isOver: () => desk.isOver(id), isAlone: !isShaken, wrong });
  const isElsewhere = (): boolean => desk.struck(id).some((one) => endOf(one) !== undefined) || operator.wentBack().tries > 0;
  const { once, look, holdsUp, settled, former, see, met } = attendTo({ people, desk, samples, wrong, patience, isElsewhere, isGoingBack: operator.isGoingBack, outputOf: (place) => outputs.get(outputKey({ sample, input: inputName, place })) });
  /** What an operator was refused, where parts are killed at random: who was to wait for them may die with its worker, and nobody waits at the next attempt. */
  const cameTooLate = new Set<PlannedFault>();
  desk.plan({
    instance: id,
    faults,
    onStrike: (planned) => {
      const { place, fault } = planned;
      const { errand } = faultOf(fault);
      const doing = errand && errands[errand]({ id, place, people, operator });
      if (!doing) return undefined;
      const over = doing.over.catch((error: unknown) => {
        if (!isShaken || !(error instanceof Refused) || error.problem.status !== 409) throw error;
        cameTooLate.add(planned);
      });
      once(`${errand} at ${place}`, () => over);
      return doing;
    },
    holdsUp: (asked) => holdsUp({ id, ...asked }),
  });

  const make = sample.inputs[inputName];
  if (!make) throw new Error(`the sample of ${process} has no input "${inputName}"`);
  await people.start({ process, businessKey, input: await make({ number: businessKey, upload: people.upload }) });
  once('meddling', async () => {
    for (const one of meddling) {
      await pause(one.after);
      if (!desk.isOver(id)) await operator.meddle(one);
    }
  });
  const longest = patience + faults.length * morePerFault;
  const view = await untilEnd({ id, people, look, longest });
  desk.end(id);
  await settled();
  if (view.status === 'running') return { scenario, id, left: desk.left(id), wrong: [...wrong, `it did not go on for ${longest / 1000} s: ${whereItStands(view)}`] };
  if (!(await until(() => desk.actedLate(id)))) wrong.push('what was to happen too late did not happen at all');

  const struck = desk.struck(id);
  const { rewinds, tries } = operator.wentBack();
  // What its history knows it has heard.
  const heard = view.cancelRequest === null ? struck.filter((one) => !cameTooLate.has(one)) : struck;
  const possible = endsOf({ struck: heard, rewinds, tries, loose });
  if (!possible.includes(view.status)) wrong.push(`it ended as ${view.status} instead of ${possible.join(' or ')}${view.failure ? `: ${view.failure.message}` : ''}`);
  const ended = await people.ended(id);
  see(ended);
  const decided = { loose, byHand: placesOf(struck, ['doneByHand']).filter((place) => !isUndoing(place)), leftStanding: placesOf(struck, leftByDecision).flatMap((place) => (isUndoing(place) ? undoneAt(place) : [])) };
  return { scenario, id, ended: { ...ended, former: former.filter((one) => !runsOf(ended).includes(one.view.runId)), met: met(), rewinds, tries, decided }, wrong, left: desk.left(id) };
}

/** What an operator does because something has struck. */
const errands: { readonly [E in Errand]: (at: { id: string; place: Place; people: People; operator: Operator }) => Doing } = {
  cancel({ id, people }) {
    const over = people.cancel(id).then(() => undefined);
    return { over, ready: over.catch(() => undefined) };
  },
  pause: ({ place, operator }) => operator.pauseAt(place),
  rewind: ({ place, operator }) => operator.rewindAt(place),
  'rewind past': ({ place, operator }) => operator.rewindPast(place),
};

/** How an instance ends by what struck; what strikes while something is undone leads to no other end. */
const endOf = ({ place, fault }: PlannedFault): InstanceStatus | undefined => (isUndoing(place) ? undefined : faultOf(fault).ends);

function endsOf({ struck, rewinds, tries, loose }: { struck: readonly PlannedFault[]; rewinds: readonly RewindPlan[]; tries: number; loose: boolean }): readonly InstanceStatus[] {
  const ending = struck.find((one) => endOf(one) !== undefined);
  const end = ending && endOf(ending);
  // What stands because nobody undid it may be in the way when it is to be done again: a number is claimed once.
  const isInTheWay = loose && placesOf(struck, leftByDecision).some(isUndoing);
  const refused = isInTheWay ? (['rejected'] as const) : [];
  if (!loose || tries === 0) return [end ?? 'completed', ...refused];
  // What was to end it may have been forgotten when it went back; and who cancels it on its way back ends it.
  const isForgotten = ending !== undefined && end !== 'cancelled' && (tries > rewinds.length || rewinds.some(({ drops }) => drops.includes(ending.place)));
  return [...refused, ...(end ? [end] : []), ...(end === undefined || isForgotten ? (['completed'] as const) : []), ...(struck.some(({ fault }) => isCancellation(fault)) ? (['cancelled'] as const) : [])];
}

/** At a compensation these leave the effect in the books. */
const leftByDecision: readonly FaultName[] = ['doneByHand', 'undoGivenUp'];

const placesOf = (struck: readonly PlannedFault[], faults: readonly FaultName[]): readonly Place[] => struck.filter(({ fault }) => faults.includes(fault)).map(({ place }) => place);

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
