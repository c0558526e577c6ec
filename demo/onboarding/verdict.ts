import type { InstanceView } from '../../visibility/instance-view.ts';
import { differs } from '../differs.ts';
import type { HireBooks } from './books.ts';
import type { ExpectedHire, Part, Standing } from './hires.ts';

/** The books' words for what was undone. */
const undone = ['disabled', 'removed', 'cancelled', 'voided'];

const standingIn = (states: readonly string[]): number => states.filter((state) => !undone.includes(state)).length;

/** What differs between an onboarding and what must become of it, in words; nothing when all is as it should be. */
export function differences({ expected, view, parts, books }: { expected: ExpectedHire; view: InstanceView; parts: Partial<Record<Part, InstanceView>>; books: HireBooks }): readonly string[] {
  const standing: Standing = {
    accounts: standingIn(books.accounts),
    memberships: standingIn(books.memberships),
    orders: standingIn(books.orders),
    desks: standingIn(books.desks),
    contracts: standingIn(books.contracts),
  };
  const all = [view, ...Object.values(parts)];
  return [
    differs('status', expected.status, view.status),
    expected.says && !expected.says.test(view.failure?.message ?? '') ? `the failure does not say ${String(expected.says)}: ${view.failure?.message ?? 'there is none'}` : null,
    ...Object.entries(expected.parts).map(([part, status]) => differs(part, status, parts[part as Part]?.status)),
    differs('what stands in the books', expected.standing, standing),
    differs('mails', expected.mails, books.mails),
    differs('supplied', expected.supplies ? [expected.supplies.output] : [], all.flatMap(({ incidents }) => incidents.flatMap(({ resolution }) => (resolution?.verb === 'supply' ? [resolution.output] : [])))),
    differs('open incidents', [], all.flatMap(({ incidents }) => incidents.filter(({ resolution }) => resolution === null).map(({ id }) => id))),
  ].filter((difference) => difference !== null);
}
