import type { Hire } from '../../contracts/hire.ts';
import type { employeeOnboarding } from '../../contracts/processes/employee-onboarding.ts';
import type { InstanceStatus } from '../../visibility/instance-view.ts';
import type { HireBooks } from './books.ts';
import type { Answer } from './candidate.ts';

export type Part = Exclude<keyof typeof employeeOnboarding.steps, 'withdrawal'>;

/** What stands in the books in the end, each as often as it does. */
export type Standing = Readonly<Record<'accounts' | 'memberships' | 'orders' | 'desks' | 'contracts', number>>;

export interface ExpectedHire {
  readonly name: string;
  readonly title: string;
  readonly hire?: Partial<Hire>;
  /** Milliseconds from now to the day before the first one, by which the contract must be signed. */
  readonly deadlineIn?: number;
  /** What is typed after `npm run sandbox --` before they are hired; cleared when all have ended. */
  readonly faults?: readonly (readonly string[])[];
  /** Who must have ended before, since the faults would strike them too. */
  readonly after?: string;
  readonly answer?: Answer;
  /** Withdraws once these parts are completed and the others wait for somebody. */
  readonly withdrawsAfter?: readonly Part[];
  /** By task: what is decided otherwise than that all is well; `null` for never. */
  readonly decisions?: Readonly<Record<string, object | null>>;
  /** What an operator supplies in place of a step that fails. */
  readonly supplies?: { readonly part: Part; readonly incident: string; readonly output: object; readonly reason: string };
  readonly status: InstanceStatus;
  readonly says?: RegExp;
  /** How these parts end; the others as it comes. */
  readonly parts: Partial<Record<Part, InstanceStatus>>;
  readonly standing: Standing;
  readonly mails: HireBooks['mails'];
}

const all: Standing = { accounts: 1, memberships: 3, orders: 1, desks: 1, contracts: 1 };
const nothing: Standing = { accounts: 0, memberships: 0, orders: 0, desks: 0, contracts: 0 };
const completed = { accounts: 'completed', equipment: 'completed', workplace: 'completed', employment: 'completed' } as const;
const signs: Answer = { outcome: 'signed' };

/** Six who are to begin, and what must become of each. */
export const hires: readonly ExpectedHire[] = [
  { name: 'Ada', title: 'all is ready on time', answer: signs, status: 'completed', parts: completed, standing: all, mails: 1 },
  {
    name: 'Ben',
    title: 'signs before the invitation has left, and the service tells of it twice; the device is made to order',
    hire: { bundle: 'developer' },
    faults: [['fault', 'mail', 'latency', '3s', '--path', 'MAIL ben@*']],
    answer: { outcome: 'signed', tellTimes: 2 },
    status: 'completed',
    parts: completed,
    standing: all,
    mails: 1,
  },
  {
    name: 'Cleo',
    title: 'never signs: is reminded, then refused, and all is undone',
    deadlineIn: 16_000,
    status: 'rejected',
    says: /has not signed by/,
    parts: { employment: 'rejected' },
    standing: nothing,
    mails: 2,
  },
  {
    name: 'Dora',
    title: 'withdraws in the middle: all is undone, in the parts too',
    withdrawsAfter: ['accounts', 'workplace'],
    decisions: { handOverDevice: null },
    status: 'rejected',
    says: /withdrew/,
    parts: { accounts: 'completed', equipment: 'cancelled', workplace: 'completed', employment: 'cancelled' },
    standing: nothing,
    mails: 1,
  },
  {
    name: 'Emil',
    title: 'gets no desk, since the floor is being renewed: all is undone',
    decisions: { setUpDesk: { outcome: 'reject', reason: 'the floor is being renewed' }, approveTerms: null },
    status: 'rejected',
    says: /the floor is being renewed/,
    parts: { workplace: 'rejected', employment: 'cancelled' },
    standing: nothing,
    mails: 0,
  },
  {
    name: 'Fay',
    title: 'the stores do not say how far the order is: an operator fetches the device by hand',
    after: 'Ben',
    faults: [['fault', 'equipment', 'error-500', '--path', 'GET /orders/*']],
    answer: signs,
    supplies: { part: 'equipment', incident: 'lookAtOrder.1', output: { state: 'delivered', device: 'LAP-BY-HAND' }, reason: 'fetched from the stores' },
    status: 'completed',
    parts: completed,
    standing: all,
    mails: 1,
  },
];
