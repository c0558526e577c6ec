import { setTimeout as pause } from 'node:timers/promises';
import type { RewindPlan } from '../contracts/rewind.ts';
import { visitId } from '../contracts/ids.ts';
import { Refused } from '../demo/api-client.ts';
import type { InstanceView, VisitView } from '../visibility/instance-view.ts';
import type { OperatorsErrand } from './desk.ts';
import type { Place } from './faults.ts';
import { unfinished } from './judge.ts';
import { type People, refusalOf } from './people.ts';

interface Options {
  readonly id: string;
  readonly people: People;
  /** Whether nobody leads the instance any more. */
  readonly isOver: () => boolean;
  /** Whether nobody else pauses it and lets it go on. */
  readonly isAlone: boolean;
  /** Gets what goes otherwise than it should. */
  readonly wrong: string[];
}

/** What is done, and the whole of it: it fails as what was asked for fails. */
export interface Doing extends OperatorsErrand {
  readonly over: Promise<void>;
}

export type Operator = ReturnType<typeof hireOperator>;

/** What an operator does at a moment that chance has drawn. */
export interface Meddling {
  readonly verb: 'pause' | 'rewind' | 'note' | 'prioritise';
  /** Milliseconds since the one before. */
  readonly after: number;
  /** From 0 to 1: how far back of where it has come, how long, how urgent. */
  readonly share: number;
}

/** Milliseconds between two looks; and for which chance pauses an instance at most. */
const [glance, longestPause] = [200, 3_000];

/** Pauses an instance and takes it back, through the API, one after the other. */
export function hireOperator({ id, people, isOver, isAlone, wrong }: Options) {
  const rewinds: RewindPlan[] = [];
  let tries = 0;
  let turn: Promise<unknown> = Promise.resolve();
  const goingBackFrom = new Set<(view: InstanceView) => boolean>();
  /** How many wait for their turn to take it back from where it stands. */
  let waitThere = 0;

  const inTurn = (work: () => Promise<void>): Promise<void> => {
    const over = turn.then(work);
    turn = over.catch(() => undefined);
    return over;
  };
  const doing = (work: (tellReady: () => void) => Promise<void>): Omit<Doing, 'holds'> => {
    let over: Promise<void> = Promise.resolve();
    const ready = new Promise<void>((tellReady) => {
      over = work(tellReady).finally(tellReady);
    });
    return { ready, over };
  };
  /** `isDue`: whether it is about to go back from what this view shows, where it has not yet. */
  const goingBack = (isDue: (view: InstanceView) => boolean, work: (tellReady: () => void) => Promise<void>): Omit<Doing, 'holds'> => {
    goingBackFrom.add(isDue);
    return doing((tellReady) => work(tellReady).finally(() => goingBackFrom.delete(isDue)));
  };
  const until = async (holds: (view: InstanceView) => boolean | Promise<boolean>): Promise<void> => {
    for (;;) {
      const view = await people.view(id);
      if (view.status !== 'running' || isOver() || (await holds(view))) return;
      await pause(glance);
    }
  };
  const hasEnded = (view: InstanceView, place: Place): boolean => view.status !== 'running' || (visitAt(view, place) !== undefined && !isUnderWay(view, place));
  /** Where no further step was to come, what is paused ends. */
  const unlessEnded = async (ask: () => Promise<unknown>): Promise<void> => {
    const problem = await refusalOf(ask());
    if (problem && (await people.view(id)).status === 'running') throw new Refused(id, problem);
  };
  const goBack = async (place: Place, tellReady: () => void): Promise<void> => {
    const [{ runId }, { cannot }] = await Promise.all([people.view(id), people.rewindPlan({ id, place })]);
    if (cannot.length > 0) {
      const problem = await refusalOf(people.rewindUnconfirmed({ id, place }));
      if (problem?.status !== 409) wrong.push(`it went back to ${place} though nobody confirmed that ${cannot.join(', ')} would be done once more`);
    }
    const plan = await people.rewind({ id, place, asked: () => (tries += 1) });
    if (plan) rewinds.push(plan);
    tellReady();
    await until((view) => view.runId !== runId);
  };

  const meddling: { readonly [V in Meddling['verb']]: (on: { view: InstanceView; share: number }) => Promise<unknown> } = {
    note: () => people.note(id),
    prioritise: ({ share }) => people.prioritise({ id, priority: 1 + Math.floor(share * 5) }),
    async pause({ share }) {
      await people.pause(id);
      await pause(share * longestPause);
      await people.resume(id);
    },
    async rewind({ view: { steps }, share }) {
      const reached = steps.flatMap(visitsOf);
      const place = reached[Math.floor(share * reached.length)]?.at;
      if (place !== undefined) await goBack(place, () => undefined);
    },
  };

  return {
    /** How it went back, as far as anybody was told, and how often it may have. */
    wentBack: () => ({ rewinds, tries }),
    /** Pauses it, sees this step end and no other begin, and lets it go on. */
    pauseAt: (place: Place): Doing =>
      doing((tellReady) =>
        inTurn(async () => {
          await people.pause(id);
          const first = await people.view(id);
          const since = first.paused?.at;
          const before = new Set(first.steps.flatMap(visitsOf).map(({ at }) => at));
          tellReady();
          // It may have gone back before the turn came; and what is to happen to another step first may be what this one waits for.
          await until(async (view) => !isUnderWay(view, place) || waitThere > 0 || (await standsStill({ people, view, place })));
          // When it has answered, the instance has had the opportunity to go on.
          await unlessEnded(() => people.note(id));
          const { paused, steps, status } = await people.view(id);
          // What has no step before it any more ends, paused or not.
          const isLoose = (since === undefined && first.status === 'running') || (!paused && status === 'running');
          if (isAlone && isLoose) wrong.push(`it was paused at ${place}, and nobody let it go on, but it is not paused`);
          const fresh = steps.flatMap(visitsOf).filter(({ at, scheduledAt }) => !before.has(at) && since !== undefined && scheduledAt > since);
          if (isAlone && fresh.length > 0) wrong.push(`it was paused at ${place}, but ${fresh.map(({ at }) => at).join(', ')} began`);
          await unlessEnded(() => people.resume(id));
        }),
      ),
    /** Does what chance wants, where the instance has not ended before it can. */
    meddle: ({ verb, share }: Meddling): Promise<void> =>
      inTurn(async () => {
        const view = await people.view(id);
        const problem = await refusalOf(meddling[verb]({ view, share }));
        if (problem && ![404, 409].includes(problem.status)) throw new Refused(`${verb} ${id}`, problem);
      }),
    /** Takes it back to before this step, which it is at. */
    rewindAt: (place: Place): Doing =>
      goingBack(
        () => true,
        (tellReady) => {
          waitThere += 1;
          return inTurn(() => {
            waitThere -= 1;
            return goBack(place, tellReady);
          });
        },
      ),
    /** The same when the step has ended, and before the instance asks for anything else. */
    rewindPast(place: Place): Doing {
      const isDue = (view: InstanceView): boolean => hasEnded(view, place);
      const { ready, over } = goingBack(isDue, async (tellReady) => {
        await until(isDue);
        await inTurn(() => goBack(place, tellReady));
      });
      return { ready: Promise.resolve(), over, holds: { isDue: async () => isDue(await people.view(id)), over: ready } };
    },
    /** Whether it is about to go back from what this view shows: what is said to it there may be said to nobody. */
    isGoingBack: (view: InstanceView): boolean => [...goingBackFrom].some((isDue) => isDue(view)),
  };
}

const visitsOf = ({ step, visits }: InstanceView['steps'][number]): readonly (VisitView & { readonly at: Place })[] => visits.map((visit) => ({ ...visit, at: visitId({ step, visit: visit.visit }) }));

const isUnderWay = (view: InstanceView, place: Place): boolean => unfinished.some((state) => state === visitAt(view, place)?.state);

const visitAt = ({ steps }: InstanceView, place: Place): VisitView | undefined => steps.flatMap(visitsOf).find(({ at }) => at === place);

/** Whether this step cannot end before the instance goes on: a sub-process is paused with it; and so are all those that run beside a step that may wait for them. */
async function standsStill({ people, view: { steps }, place }: { people: People; view: InstanceView; place: Place }): Promise<boolean> {
  const isPaused = async ({ instance, startedAt }: VisitView): Promise<boolean> => instance !== undefined && startedAt !== null && (await people.view(instance)).paused !== null;
  const underWay = steps.flatMap(visitsOf).filter(({ state }) => unfinished.includes(state));
  const own = underWay.find(({ at }) => at === place);
  if (own?.instance !== undefined) return isPaused(own);
  const beside = underWay.filter(({ at }) => at !== place);
  return beside.length > 0 && (await Promise.all(beside.map(isPaused))).every(Boolean);
}
