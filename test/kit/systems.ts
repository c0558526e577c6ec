import { setTimeout as pause } from 'node:timers/promises';
import { type Call, implement, type Implementation } from '../../activities/implement.ts';
import { rejected, unavailable } from '../../contracts/failures.ts';
import { keepJson } from '../../contracts/activities/documents.ts';
import { createDiskStore } from '../../documents/disk-store.ts';
import { cancelOrder, lookUp, pay, placeOrder, refund, type Trouble } from './contracts.ts';

/** One entry of a system's books. */
export interface Entry {
  readonly key: string;
  readonly item: string;
  state: 'standing' | 'undone';
}

export type World = ReturnType<typeof createWorld>;

/** The systems that the tests' processes ask, with books that honour idempotency keys. */
export function createWorld({ documents }: { documents: string }) {
  const books: Record<'shop' | 'bank', Entry[]> = { shop: [], bank: [] };
  const revoked = new Set<string>();
  /** Every call in the order of its coming, as `system key attempt`. */
  const calls: string[] = [];
  let healed = false;
  let waiting: (() => void)[] = [];
  const held = { count: 0 };

  const take = async ({ system, item, trouble = 'none', call }: { system: keyof typeof books; item: string; trouble?: Trouble; call: Call }) => {
    calls.push(`${system} ${call.idempotencyKey} ${call.attempt}`);
    await misbehave({ trouble, call });
    if (revoked.has(call.idempotencyKey)) throw unavailable('this key was revoked');
    if (!books[system].some(({ key }) => key === call.idempotencyKey)) books[system].push({ key: call.idempotencyKey, item, state: 'standing' });
    return { number: trouble === 'bad answer' && !healed ? (7 as unknown as string) : trouble === 'huge answer' && !healed ? 'x'.repeat(1_100_000) : `${system}-${item}` };
  };

  const misbehave = async ({ trouble, call }: { trouble: Trouble; call: Call }): Promise<void> => {
    if (trouble === 'refuses') throw rejected('the system says no');
    if (trouble === 'fails twice' && call.attempt < 3) throw unavailable(`not now (attempt ${call.attempt})`);
    if (trouble === 'fails until told' && !healed) throw unavailable('down');
    if (trouble === 'crashes' && !healed) throw new TypeError('cannot read properties of undefined');
    if (trouble === 'waits') {
      held.count += 1;
      const beat = setInterval(() => call.heartbeat(), 200);
      try {
        await Promise.race([new Promise<void>((resolve) => waiting.push(resolve)), cancelled(call.signal)]);
      } finally {
        clearInterval(beat);
      }
    }
  };

  const giveBack = async ({ system, forwardKey, trouble = 'none', call }: { system: keyof typeof books; forwardKey: string; trouble?: Trouble; call: Call }) => {
    calls.push(`${system} undo ${call.idempotencyKey} ${call.attempt}`);
    await misbehave({ trouble, call });
    revoked.add(forwardKey);
    const entry = books[system].find(({ key, state }) => key === forwardKey && state === 'standing');
    if (entry) entry.state = 'undone';
    return { undone: entry !== undefined };
  };

  const implementations = [
    implement(placeOrder, ({ item, trouble }, call) => take({ system: 'shop', item, trouble, call })),
    implement(cancelOrder, ({ input, forwardKey }, call) => giveBack({ system: 'shop', forwardKey, trouble: input.undoTrouble, call })),
    implement(pay, ({ item, trouble }, call) => take({ system: 'bank', item, trouble, call })),
    implement(refund, ({ forwardKey }, call) => giveBack({ system: 'bank', forwardKey, call })),
    implement(lookUp, async ({ item }) => ({ number: item })),
    implement(keepJson, async ({ json }) => createDiskStore({ directory: documents }).put(Buffer.from(JSON.stringify(json)), 'application/json')),
  ] as unknown as readonly Implementation[];

  return {
    implementations,
    books,
    calls,
    held,
    /** From now on nothing fails any more. */
    heal(): void {
      healed = true;
    },
    release(): void {
      for (const go of waiting) go();
      waiting = [];
    },
  };
}

async function cancelled(signal: AbortSignal): Promise<never> {
  await pause(60_000, undefined, { signal }).catch(() => undefined);
  throw signal.reason;
}
