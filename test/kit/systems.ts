import { type Call, implement, type Implementation } from '../../activities/implement.ts';
import { keepJson } from '../../contracts/activities/documents.ts';
import { rejected, unavailable, unexpected } from '../../contracts/failures.ts';
import { createDiskStore } from '../../documents/disk-store.ts';
import { announce, bankAnswers, cancelOrder, lookUp, lookUpQuickly, pay, payAtOnce, payPatiently, payQuickly, paySlowly, payStubbornly, payWhenUp, payWhileUp, placeOrder, refund, type Trouble } from './contracts.ts';
import { createDoorway } from './doorway.ts';

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
  const calls: { readonly instanceId: string; readonly step: string; readonly key: string; readonly attempt: number }[] = [];
  const healed = new Set<string>();
  const doorway = createDoorway();
  let bankIsUp = true;
  const asks: string[] = [];
  const requireBank = (): void => {
    if (!bankIsUp) throw unavailable('the bank is down');
  };

  const note = ({ instanceId, step, idempotencyKey: key, attempt }: Call): void => void calls.push({ instanceId, step, key, attempt });

  const take = async ({ system, item, trouble = 'none', call }: { system: keyof typeof books; item: string; trouble?: Trouble; call: Call }) => {
    note(call);
    await before[trouble]?.(call);
    if (revoked.has(call.idempotencyKey)) throw unavailable('this key was revoked');
    if (!books[system].some(({ key }) => key === call.idempotencyKey)) books[system].push({ key: call.idempotencyKey, item, state: 'standing' });
    await after[trouble]?.(call);
    return { number: odd[trouble]?.(call) ?? `${system}-${item}` };
  };

  const giveBack = async ({ system, forwardKey, trouble = 'none', call }: { system: keyof typeof books; forwardKey: string; trouble?: Trouble; call: Call }) => {
    note(call);
    await before[trouble]?.(call);
    revoked.add(forwardKey);
    const entry = books[system].find(({ key, state }) => key === forwardKey && state === 'standing');
    if (entry) entry.state = 'undone';
    return { undone: entry !== undefined };
  };

  const refuse = () => {
    throw rejected('the system says no');
  };
  const failUnlessHealed = ({ instanceId }: Call) => {
    if (!healed.has(instanceId)) throw unavailable('down');
  };

  type Mishap = (call: Call) => void | Promise<void>;
  /** What goes wrong before the effect … */
  const before: { readonly [T in Trouble]?: Mishap } = {
    refuses: refuse,
    'refuses when told': (call) => doorway.wait(call).then(refuse),
    'does it but fails, refuses once told': ({ instanceId }) => (healed.has(instanceId) ? refuse() : undefined),
    'does it, then refuses': ({ attempt }) => (attempt > 1 ? refuse() : undefined),
    'fails twice': ({ attempt }) => {
      if (attempt < 3) throw unavailable(`not now (attempt ${attempt})`);
    },
    'fails, then waits': (call) => {
      if (call.attempt === 1) throw unavailable('not now (attempt 1)');
      return doorway.wait(call);
    },
    'fails until told': async (call) => {
      if (healed.has(call.instanceId)) return;
      const screen = await call.evidence({ name: 'screen.txt', title: 'What the screen said', mediaType: 'text/plain', bytes: Buffer.from('not now') });
      throw unavailable('down', { evidence: [screen] });
    },
    crashes: ({ instanceId }) => {
      if (!healed.has(instanceId)) throw new TypeError('cannot read properties of undefined');
    },
    waits: doorway.wait,
    'waits at first': (call) => (call.attempt === 1 ? doorway.wait(call) : undefined),
    'waits and ignores cancel': doorway.waitStubbornly,
    'fails when cancelled': (call) =>
      doorway.wait(call).catch(() => {
        throw unexpected('torn off');
      }),
  };
  /** … and after it. */
  const after: { readonly [T in Trouble]?: Mishap } = {
    'does it, then refuses': () => {
      throw unavailable('no answer');
    },
    'does it but fails until told': failUnlessHealed,
    'does it but fails, refuses once told': failUnlessHealed,
    'does it, then waits': doorway.wait,
  };
  /** Answers that break the contract. */
  const odd: { readonly [T in Trouble]?: (call: Call) => string | undefined } = {
    'bad answer': ({ instanceId }) => (healed.has(instanceId) ? undefined : (7 as unknown as string)),
    'huge answer': ({ instanceId }) => (healed.has(instanceId) ? undefined : 'x'.repeat(1_100_000)),
  };

  const look = async ({ item, trouble = 'none' }: { item: string; trouble?: Trouble | undefined }, call: Call) => {
    note(call);
    await before[trouble]?.(call);
    return { number: item };
  };

  const implementations = [
    implement(placeOrder, ({ item, trouble }, call) => take({ system: 'shop', item, trouble, call })),
    implement(cancelOrder, ({ input, forwardKey }, call) => giveBack({ system: 'shop', forwardKey, trouble: input.undoTrouble, call })),
    implement(pay, ({ item, trouble }, call) => take({ system: 'bank', item, trouble, call })),
    implement(bankAnswers, () => {
      requireBank();
      return Promise.resolve({});
    }),
    ...[payWhenUp, payWhileUp].map((contract) =>
      implement(contract, ({ item }, call) => {
        asks.push(call.instanceId);
        requireBank();
        return take({ system: 'bank', item, call });
      }),
    ),
    implement(payAtOnce, ({ item, trouble }, call) => take({ system: 'bank', item, trouble, call })),
    implement(payStubbornly, ({ item, trouble }, call) => take({ system: 'bank', item, trouble, call })),
    implement(paySlowly, ({ item, trouble }, call) => take({ system: 'bank', item, trouble, call })),
    implement(payPatiently, ({ item, trouble }, call) => take({ system: 'bank', item, trouble, call })),
    implement(refund, ({ forwardKey }, call) => giveBack({ system: 'bank', forwardKey, call })),
    implement(payQuickly, ({ item, trouble }, call) => take({ system: 'bank', item, trouble, call })),
    implement(lookUp, look),
    implement(announce, look),
    implement(lookUpQuickly, look),
    implement(keepJson, async ({ json }) => createDiskStore({ directory: documents }).put(Buffer.from(JSON.stringify(json)), 'application/json')),
  ] as unknown as readonly Implementation[];

  return {
    implementations,
    books,
    /** Every call in the order of its coming. */
    calls,
    /** From now on nothing fails any more for this instance. */
    heal: (instanceId: string): void => void healed.add(instanceId),
    /** Whether the bank answers anybody. */
    bank: {
      down: (): void => void (bankIsUp = false),
      up: (): void => void (bankIsUp = true),
      /** The instances that asked it to pay, whether it was up or down. */
      asks,
    },
    doorway,
  };
}
