import { CompleteAsyncError } from '@temporalio/activity';
import type { Call, Implementation } from '../activities/implement.ts';
import { CompensationResult } from '../contracts/define/activity.ts';
import { rejected, unavailable, unexpected } from '../contracts/failures.ts';
import { type Asked, Told } from './desk.ts';
import { misfit, type Order } from './faults.ts';
import { onPurpose, waitsToDie } from './on-purpose.ts';

/** Milliseconds. */
const [heartbeatEvery, turnComesIn] = [500, 500];

/** An implementation that asks the desk, before it does what it is asked and after, what is to go wrong. */
export function faulty(implementation: Implementation, { desk }: { desk: string }): Implementation {
  const { implements: contract } = implementation;
  const ask = (call: Call, moment: Asked['moment'], answer?: unknown): Promise<Order> => askDesk({ desk, asked: { instance: call.instanceId, place: call.step, moment, answer } });

  return {
    implements: contract,
    async run(input, call) {
      const before = await ask(call, 'before');
      if (before === 'act late') {
        // Nobody hears a word from it, and it hears nothing: neither that its time is over nor that it was cancelled.
        void ask(call, 'late')
          .then(() => implementation.run(input, { ...call, signal: new AbortController().signal, heartbeat: () => undefined, log: { info: () => undefined, warn: () => undefined } }))
          .catch(() => undefined)
          .then(() => ask(call, 'acted late'));
        throw new CompleteAsyncError();
      }
      await obey(before, call);
      const answer = await implementation.run(input, call);
      const after = await ask(call, 'after');
      if (after === 'break') {
        await ask(call, 'broken', answer);
        return broken(contract.contract === 'compensation' ? CompensationResult : contract.output);
      }
      await obey(after, call);
      return answer;
    },
  };
}

async function obey(order: Order, call: Call): Promise<void> {
  if (order === 'throw') throw new Error(`${onPurpose} it throws`);
  if (order === 'refuse') throw rejected(`${onPurpose} it refuses`);
  if (order === 'fail') throw unexpected(`${onPurpose} it fails for good`);
  if (order === 'wait') throw unavailable(waitsToDie, { nextRetryDelay: turnComesIn });
  // The worker is done with it, but Temporal is not told: the attempt ends when its time is over.
  if (order === 'fall silent') throw new CompleteAsyncError();
  if (order === 'linger') await untilAborted(call);
}

function broken(schema: { safeParse(value: unknown): { success: boolean } }): never {
  const found = misfit(schema);
  if (!found) throw unexpected(`${onPurpose} nothing breaks this contract, since it takes anything`);
  return found.value as never;
}

function untilAborted({ signal, heartbeat }: Call): Promise<never> {
  return new Promise((_, reject) => {
    const beating = setInterval(() => heartbeat(), heartbeatEvery);
    const end = (): void => {
      clearInterval(beating);
      reject(signal.reason as Error);
    };
    if (signal.aborted) end();
    else signal.addEventListener('abort', end, { once: true });
  });
}

/** A desk that does not answer holds the call until this process is killed. */
async function askDesk({ desk, asked }: { desk: string; asked: Asked }): Promise<Order> {
  const answer = await fetch(desk, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(asked) });
  return Told.parse(await answer.json()).order as Order;
}
