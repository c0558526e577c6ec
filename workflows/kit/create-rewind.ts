import { allHandlersFinished, condition, makeContinueAsNewFunc, workflowInfo } from '@temporalio/workflow';
import { compensatedLimit, utf8Length } from '../../contracts/define/limits.ts';
import type { StepContract } from '../../contracts/define/process.ts';
import { conflict, notFound } from '../../contracts/failures.ts';
import type { RewindPlan } from '../../contracts/rewind.ts';
import { placeOf, visitId, visitOf } from '../../contracts/ids.ts';
import { memoKeys } from '../../contracts/verbs.ts';
import type { Answer, Carried } from './carried.ts';
import { carryOn } from './carry-on.ts';
import { undoOne } from './compensate.ts';
import { causeOf } from './failure.ts';
import type { Instance } from './instance.ts';
import { inTime } from './in-time.ts';
import { learnedOfRaces } from './journal.ts';
import type { Place, Rewind } from './rewind.ts';

interface Means {
  readonly instance: () => Instance;
  /** Ends what is under way in the flow's body. */
  readonly stop: () => void;
  /** Why the instance cannot go back any more. */
  readonly isEnding: () => boolean;
}

/**
 * Takes an instance back to before a step: what began since is ended and undone, then the flow runs anew and is told what it had learned before, as when an instance continues as
 * new. What is asked from then on has other idempotency keys, for a system would take it for what was undone.
 */
export function createRewind({ instance, stop, isEnding }: Means): Rewind {
  /** The visits in the order in which the flow called them. */
  const called: string[] = [];
  let wanted: RewindPlan | undefined;
  /** The visits before the wanted one whose outcome stays. A flow that is stopped may still learn something, and call further steps: nothing of that stays. */
  let kept: ReadonlySet<string> = new Set();

  /** Those that began before `to` and have ended, and how the races before were decided, but for what came of an outcome that is forgotten. */
  const keptBefore = (to: string): ReadonlySet<string> => {
    const { journal } = instance();
    const answers = journal.all();
    const before = new Set(called.slice(0, called.indexOf(to)).filter(journal.knows));
    const led = ledTo({ answers, dropped: called.filter((one) => !before.has(one)) });
    const races = answers.map(({ id }) => id).filter(isRace);
    return new Set([...before, ...races].filter((one) => !led.has(one)));
  };
  const dropped = (): ReadonlySet<string> => new Set([...called, ...instance().journal.all().map(({ id }) => id)].filter((id) => !kept.has(id)));

  /** @throws NotFound, Conflict */
  const planOf = ({ step, visit }: Place): RewindPlan => {
    const { id, process, compensations } = instance();
    if (wanted) throw conflict(`instance "${id}" is going back to "${wanted.to}" already`);
    if (isEnding()) throw conflict(`instance "${id}" is about to end: it cannot go back any more`);
    const to = visit === undefined ? called.findLast((one) => placeOf(one).step === step) : called.find((one) => one === visitId({ step, visit }));
    if (to === undefined) throw notFound(`instance "${id}" has not come to step "${step}"${visit === undefined ? '' : `, visit ${visit}`}; it came to ${[...new Set(called)].join(', ') || 'none'}`);
    const stays = keptBefore(to);
    const drops = called.filter((one) => !stays.has(one));
    return {
      to,
      drops,
      undoes: compensations.all().map(({ activityId }) => activityId).filter((one) => !stays.has(visitOf(one))).reverse(),
      cannot: drops.filter((one) => leavesTraces(process.steps[placeOf(one).step])),
    };
  };

  return {
    calls: (id) => void called.push(id),
    wanted: () => wanted,
    async undo() {
      const one = instance();
      const { compensations } = one;
      for (const entry of [...compensations.all()].reverse()) if (!kept.has(visitOf(entry.activityId))) await undoOne({ instance: one, compensations, entry });
    },
    async goOn(given) {
      // The end of this run must not cut off the answer to a verb.
      if (!allHandlersFinished()) await condition(allHandlersFinished);
      const one = instance();
      const { memo, firstExecutionRunId } = workflowInfo();
      const goOnAs = makeContinueAsNewFunc<(input: unknown, carried: Carried) => Promise<never>>({
        memo: { ...memo, [memoKeys.firstRun]: memo?.[memoKeys.firstRun] ?? firstExecutionRunId, [memoKeys.generation]: nextGeneration(one.generation) },
      });
      return goOnAs(given, carryOn(one, dropped()));
    },
    answer(place) {
      try {
        return { plan: planOf(place) };
      } catch (error) {
        const { type, message } = causeOf(error);
        if (type !== 'NotFound' && type !== 'Conflict') throw error;
        return { refused: { type, message } };
      }
    },
    verbs: {
      check({ validUntil, confirm, ...place }) {
        inTime(validUntil);
        const { to, cannot } = planOf(place);
        const { id } = instance();
        if (cannot.length > 0 && confirm !== true) throw conflict(`what ${cannot.map((one) => `"${one}"`).join(', ')} did stays in the world, and would be done once more: confirm that instance "${id}" goes back to "${to}" all the same`);
        if (utf8Length(JSON.stringify(carryOn(instance(), new Set()))) > compensatedLimit) throw conflict(`instance "${id}" has learned more than fits into a new run: it cannot go back`);
      },
      rewind({ actor, confirm: _, validUntil: __, reason: ___, ...place }) {
        const plan = planOf(place);
        wanted = plan;
        kept = keptBefore(plan.to);
        stop();
        return { ...plan, by: actor.user, at: new Date().toISOString() };
      },
    },
  };
}

/** What came of answers that are forgotten: which branch was first, and that other branches were cancelled for it. */
function ledTo({ answers, dropped }: { answers: readonly Answer[]; dropped: readonly string[] }): ReadonlySet<string> {
  const gone = new Set(dropped);
  const from = answers.findIndex(({ id }) => gone.has(id));
  const later = from < 0 ? [] : answers.slice(from);
  return new Set(later.filter(({ id, failure }) => isRace(id) || failure?.cancelled === true).map(({ id }) => id));
}

const isRace = (id: string): boolean => placeOf(id).step === learnedOfRaces;

function leavesTraces(named: StepContract | undefined): boolean {
  const contract = named?.contract === 'optional' ? named.asks : named;
  if (contract?.contract === 'process') return Object.values((contract).steps).some(leavesTraces);
  return contract?.contract === 'activity' && contract.irreversible === true;
}

/** `1`, `1r1`, `1r2`, … */
function nextGeneration(generation: string): string {
  const [, base = generation, nth = '0'] = /^(.*?)(?:r(\d+))?$/.exec(generation) ?? [];
  return `${base}r${Number(nth) + 1}`;
}
