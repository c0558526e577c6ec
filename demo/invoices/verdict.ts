import type { ExpectedBooks, Expectation } from '../../samples/expectations.ts';
import type { InstanceView } from '../../visibility/instance-view.ts';
import { differs } from '../differs.ts';

/** What differs between an instance and the table of expectations, in words; nothing when all is as it should be. */
export function differences({ expectation, view, books }: { expectation: Expectation; view: InstanceView; books: Readonly<Record<keyof ExpectedBooks, unknown>> }): readonly string[] {
  const ran = view.steps.filter(({ state }) => state !== 'notReached').map(({ step }) => step);
  const decided = view.steps.flatMap(({ step, visits }) => visits.flatMap(({ decision }) => (decision ? [`${step}: ${decision.by} ${decision.outcome}`] : [])));
  const undone = view.compensations.filter((one) => one.undone === true).map(({ step }) => step);
  const sorted = (names: readonly string[]): readonly string[] => [...names].sort();
  return [
    differs('status', expectation.status, view.status),
    differs('steps', sorted(expectation.steps), sorted(ran)),
    differs('undone', expectation.undone, undone),
    differs('decisions', sorted(expectation.decisions.map(({ step, user, decision }) => `${step}: ${user} ${decision.outcome}`)), sorted(decided)),
    differs('books', expectation.books, books),
    differs('open incidents', [], view.incidents.filter(({ resolution }) => resolution === null).map(({ id }) => id)),
  ].filter((difference) => difference !== null);
}
