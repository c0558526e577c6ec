import { ApplicationFailure, CancellationScope, condition, sleep } from '@temporalio/workflow';
import { milliseconds } from '../../contracts/define/duration.ts';
import { brief } from '../../contracts/define/issues.ts';
import type { MessageContract } from '../../contracts/define/message.ts';
import type { ProcessContract } from '../../contracts/define/process.ts';
import { notFound } from '../../contracts/failures.ts';
import { placeOf, timerSummary } from '../../contracts/ids.ts';
import { memoKeys, type MessageMemo, messageSignal, MessageSignal, type MessageVerdict } from '../../contracts/verbs.ts';
import type { CarriedMessages } from './carried.ts';
import { checkedInput } from './checked.ts';
import { createVerdicts, fieldOf, onSignal, textOf } from './signals.ts';
import type { Wait, Waits } from './waits.ts';

/** A visit that waits for a message. */
export interface Listener {
  readonly id: string;
  readonly step: string;
  readonly visit: number;
  readonly contract: MessageContract;
}

type Arrived = Pick<MessageSignal, 'name' | 'id' | 'payload'>;

export type Messages = ReturnType<typeof createMessages>;

/**
 * Brings messages from the outside world to the steps that wait for them, by name: first come, first served, on both sides. One that comes before its step
 * is kept; one that comes twice is dropped.
 */
export function createMessages({ process, waits, carried, told }: { process: ProcessContract; waits: Waits; carried: CarriedMessages | undefined; told: readonly object[] | undefined }) {
  const known = new Map((carried?.known ?? []).map((name) => [JSON.stringify(name), name]));
  const early: Arrived[] = [...(carried?.early ?? [])];
  const awaited = new Map(Object.entries(carried?.awaited ?? {}));
  const taken = new Map(Object.entries(carried?.taken ?? {}));
  const listening: { readonly name: string; got?: Arrived }[] = [];
  const verdicts = createVerdicts<Omit<MessageVerdict, 'at'>>({ waits, key: memoKeys.messages, carried: told });
  const contracts = new Map(Object.values(process.steps).flatMap((step) => (step.contract === 'message' ? [[step.name, step] as const] : [])));

  /** @throws InvalidInput, NotFound */
  const checked = (raw: unknown): Arrived => {
    const { name, id, payload } = checkedInput({ schema: MessageSignal, value: raw, what: `signal "${messageSignal}"` });
    const contract = contracts.get(name);
    if (!contract) throw notFound(`process "${process.name}" waits for no message "${name}"; it waits for ${[...contracts.keys()].join(', ') || 'none'}`);
    return { name, id, payload: checkedInput({ schema: contract.payload, value: payload, what: `message "${name}"` }) };
  };

  const arrive = (message: Arrived): void => {
    const both = [message.name, message.id] as const;
    if (known.has(JSON.stringify(both))) return;
    known.set(JSON.stringify(both), both);
    const first = listening.find(({ name, got }) => name === message.name && !got);
    if (first) first.got = message;
    else early.push(message);
  };

  onSignal({
    name: messageSignal,
    description: 'Bring a message: { name, id, payload, from? }',
    act(read) {
      let whose = { name: '?', id: '?' };
      try {
        const raw = read();
        whose = { name: textOf(fieldOf(raw, 'name')), id: textOf(fieldOf(raw, 'id')) };
        arrive(checked(raw));
      } catch (error) {
        if (!(error instanceof ApplicationFailure)) throw error;
        verdicts.tell({ ...whose, takenBy: null, refused: brief(error.message) });
      }
    },
  });

  const waitOf = (id: string, memo: MessageMemo): Wait => ({ key: memoKeys.message(id), memo, of: [], line: `Message **${memo.name}** (${memo.title})${memo.until === null ? '' : ` until ${memo.until}`}` });
  for (const [id, memo] of awaited) waits.restore(waitOf(id, memo));

  return {
    /** `dropped`: what the visits were told that are to be forgotten, by their ids; their messages are there for the next. */
    carry(dropped: ReadonlyMap<string, unknown>): CarriedMessages {
      const back = [...taken].flatMap(([visit, id]): Arrived[] => {
        const contract = process.steps[placeOf(visit).step];
        return dropped.has(visit) && contract?.contract === 'message' ? [{ name: contract.name, id, payload: dropped.get(visit) }] : [];
      });
      return { early: [...back, ...early], known: [...known.values()], awaited: Object.fromEntries(awaited), taken: Object.fromEntries([...taken].filter(([visit]) => !dropped.has(visit))) };
    },
    told: verdicts.all,
    /** Gives what the next message of this name says, or what the contract says for when the time is over. */
    async next({ id, step, visit, contract }: Listener): Promise<unknown> {
      const { name, within } = contract;
      const key = memoKeys.message(id);
      const former = awaited.get(id);
      const at = early.findIndex((message) => message.name === name);
      const [kept] = at < 0 ? [] : early.splice(at, 1);
      if (kept) {
        const verdict = { name, id: kept.id, takenBy: id, refused: null };
        if (former) {
          awaited.delete(id);
          waits.close(key, verdicts.with(verdict));
        } else verdicts.tell(verdict);
        taken.set(id, kept.id);
        return kept.payload;
      }
      const now = Date.now();
      const memo: MessageMemo = former ?? { step, visit, title: contract.title, name, openedAt: new Date(now).toISOString(), until: within === undefined ? null : new Date(now + milliseconds(within)).toISOString() };
      const { title, until } = memo;
      if (!former) waits.show(waitOf(id, memo));
      awaited.set(id, memo);
      const listener: (typeof listening)[number] = { name };
      listening.push(listener);
      const patience = new CancellationScope();
      let over = false;
      let told: Record<string, unknown> | undefined;
      try {
        if (until !== null) {
          patience.run(() => sleep(Math.max(1, Date.parse(until) - now), { summary: timerSummary({ title, id }) })).then(
            () => (over = true),
            // Cancelled: the message came in time, or nobody waits for it any more.
            () => undefined,
          );
        }
        await condition(() => listener.got !== undefined || over);
        told = verdicts.with({ name, id: listener.got?.id ?? null, takenBy: id, refused: null });
        if (!listener.got) return contract.otherwise;
        taken.set(id, listener.got.id);
        return listener.got.payload;
      } finally {
        patience.cancel();
        listening.splice(listening.indexOf(listener), 1);
        // One that came as the step was cancelled is there for the next.
        if (listener.got && !told) early.unshift(listener.got);
        awaited.delete(id);
        waits.close(key, told);
      }
    },
  };
}
