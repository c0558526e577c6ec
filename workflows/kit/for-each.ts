import { CancellationScope, type TemporalFailure } from '@temporalio/workflow';
import { rejected } from '../../contracts/failures.ts';
import { compensate } from './compensate.ts';
import type { Compensations } from './compensations.ts';
import { type Context, here, runIn } from './context.ts';
import { isTemporalFailure } from './failure.ts';
import { createMemberVisits } from './visits.ts';

/** How many members are worked on at once; all of them where it is not said. */
interface Lanes {
  readonly atMost?: number;
}

/** A member that succeeded. */
export interface Success<R> {
  readonly index: number;
  readonly value: R;
}

interface Member {
  readonly scope: CancellationScope;
  readonly compensations: Compensations;
}

/**
 * Does the same with each member, and gives the results in the members' order. When one fails, the others are cancelled and settled, and its failure is thrown.
 *
 * With `enough`, it is over as soon as so many have succeeded: the rest are cancelled and settled, and what they and those that failed did is undone. Where too few are left
 * to succeed, what all of them did is undone, and the failure that decided it is thrown.
 */
export function forEach<T, R>(members: readonly T[], work: (member: T, index: number) => Promise<R>, options: Lanes & { readonly enough: number }): Promise<readonly Success<R>[]>;
export function forEach<T, R>(members: readonly T[], work: (member: T, index: number) => Promise<R>, options?: Lanes): Promise<readonly R[]>;
export function forEach<T, R>(members: readonly T[], work: (member: T, index: number) => Promise<R>, { atMost = members.length, enough }: Lanes & { enough?: number } = {}): Promise<readonly unknown[]> {
  requireCount({ name: 'atMost', count: atMost, least: members.length === 0 ? 0 : 1 });
  if (enough !== undefined) requireCount({ name: 'enough', count: enough, least: 1 });
  const context = here();
  return context.instance.run(async () => {
    const wanted = enough ?? members.length;
    if (wanted > members.length) throw rejected(`${wanted} of ${members.length} members cannot succeed`);
    const { successes, failure, undone } = await workOff({ context, members, work, atMost, wanted });
    if (enough !== undefined) await undo(context, undone);
    if (failure !== undefined) throw failure;
    const inOrder = [...successes].sort((one, other) => one.index - other.index);
    return enough === undefined ? inOrder.map(({ value }) => value) : inOrder;
  });
}

interface Work<T, R> {
  readonly context: Context;
  readonly members: readonly T[];
  readonly work: (member: T, index: number) => Promise<R>;
  readonly atMost: number;
  readonly wanted: number;
}

interface Outcome<R> {
  readonly successes: readonly Success<R>[];
  /** What made it impossible that enough succeed. */
  readonly failure?: TemporalFailure;
  /** What nobody needs, in the order in which it was begun. */
  readonly undone: readonly Compensations[];
}

/** Works the members off until enough have succeeded or too many have failed; settles all that it began. */
async function workOff<T, R>({ context, members, work, atMost, wanted }: Work<T, R>): Promise<Outcome<R>> {
  const visitsOf = createMemberVisits({ around: context.visits, size: members.length });
  const begun: Member[] = [];
  const running = new Set<Member>();
  const successes: (Success<R> & Member)[] = [];
  let failed = 0;
  let failure: TemporalFailure | undefined;
  let over = members.length === 0;

  const end = (): void => {
    over = true;
    for (const { scope } of running) scope.cancel();
  };

  const workOn = async (member: T, index: number): Promise<void> => {
    const one: Member = { scope: new CancellationScope(), compensations: context.compensations.branch() };
    begun.push(one);
    running.add(one);
    try {
      const value = await runIn({ scope: one.scope, context: { ...context, visits: visitsOf(index), compensations: one.compensations } }, () => work(member, index));
      // One that could not be stopped in time is one too many.
      if (!over) successes.push({ ...one, index, value });
      if (successes.length === wanted) end();
    } catch (error) {
      // A bug ends the workflow task here and now: cancelled steps would stay in the history when mended code goes on.
      if (!isTemporalFailure(error)) throw error;
      failed += 1;
      if (!over && members.length - failed < wanted) {
        failure = error;
        end();
      }
    } finally {
      running.delete(one);
    }
  };

  let next = 0;
  const lane = async (): Promise<void> => {
    while (!over && next < members.length) {
      const index = next++;
      await workOn(members[index] as T, index);
    }
  };
  await Promise.all(Array.from({ length: Math.min(atMost, members.length) }, lane));
  const kept = failure === undefined ? successes.map(({ compensations }) => compensations) : [];
  return { successes, ...(failure === undefined ? {} : { failure }), undone: begun.map(({ compensations }) => compensations).filter((one) => !kept.includes(one)) };
}

async function undo({ instance }: Context, branches: readonly Compensations[]): Promise<void> {
  for (const branch of [...branches].reverse()) {
    // A former run may have undone it.
    if (branch.all().length > 0) await instance.journal.inTurn(() => compensate(instance, branch))();
  }
}

function requireCount({ name, count, least }: { name: string; count: number; least: number }): void {
  if (!Number.isInteger(count) || count < least) throw new Error(`forEach: ${name} is ${count}; it is a whole number of at least ${least}`);
}
