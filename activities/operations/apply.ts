import { createHash } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { ApplicationFailure } from '@temporalio/common';
import { z } from 'zod';
import { applyVerb as contract, type BulkResult, type BulkVerb } from '../../contracts/activities/operations.ts';
import type { DocumentRef } from '../../contracts/documents.ts';
import { type FailureType, invalidInput } from '../../contracts/failures.ts';
import { documentsFromEnv } from '../../documents/from-env.ts';
import { requestCancel } from '../../engine/ending.ts';
import { prioritise } from '../../engine/priority.ts';
import type { Temporal } from '../../engine/temporal.ts';
import { say } from '../../engine/verbs.ts';
import { type Call, implement, type InputOf } from '../implement.ts';
import { unlessPassing } from './asking.ts';
import { temporalFromEnv } from './temporal.ts';

/** Of an instance that does not answer: it may be busy, and a bulk has more time than a person who waits. */
const mostTries = 3;

type Said = Omit<InputOf<typeof contract>, 'targets' | 'from' | 'to' | 'perSecond'>;

/** One after the other, no faster than told. An attempt that follows another one says nothing twice: each instance is spoken to under an id of its own. */
export const applyVerb = implement(contract, async ({ targets, from, to, perSecond, ...said }, call) => {
  const temporal = temporalFromEnv();
  const results: BulkResult[] = [];
  let next = Date.now();
  /** Waits until something may be said again; `false` when nothing is to be said any more. */
  const turn = async (): Promise<boolean> => {
    call.heartbeat({ done: results.length, of: to - from });
    await pause(Math.max(0, next - Date.now()), undefined, { signal: call.signal }).catch(() => undefined);
    // What was slow is not made up for: a second never has more.
    next = Date.now() + 1_000 / perSecond;
    return !call.signal.aborted;
  };
  for (const instance of (await targetsOf(targets)).slice(from, to)) {
    const saying = { temporal, instance, said, requestId: requestIdOf({ call, instance }) };
    let result: BulkResult | undefined;
    for (let left = mostTries; left > 0 && (await turn()); left--) {
      result = await outcomeOf(saying);
      if (result.outcome !== 'failed') break;
    }
    if (!result) break;
    results.push(result);
  }
  // Who cancels the bulk is to know what was done until then; any other end is followed by another attempt.
  if (call.signal.aborted && !isCancelled(call.signal)) call.signal.throwIfAborted();
  const count = (wanted: BulkResult['outcome']): number => results.filter(({ outcome }) => outcome === wanted).length;
  return {
    done: count('done'),
    refused: count('refused'),
    failed: count('failed'),
    results: await documentsFromEnv().put(Buffer.from(JSON.stringify(results)), 'application/json'),
  };
});

const Targets = z.array(z.string());

async function targetsOf({ sha256 }: DocumentRef): Promise<readonly string[]> {
  const kept = await documentsFromEnv().get(sha256);
  if (kept === undefined) throw invalidInput(`the list of instances ${sha256} is not in the document store: do all workers share one?`);
  return Targets.parse(JSON.parse(Buffer.from(kept.bytes).toString('utf8')));
}

interface Saying {
  readonly temporal: Temporal;
  readonly instance: string;
  readonly said: Said;
  readonly requestId: string;
}

/** @throws Unavailable while Temporal cannot be asked */
async function outcomeOf(saying: Saying): Promise<BulkResult> {
  const { instance, said } = saying;
  try {
    await speak[said.verb](saying);
    return { instance, outcome: 'done', detail: null };
  } catch (error) {
    const answer = error instanceof ApplicationFailure ? answers.get(error.type ?? '') : undefined;
    if (answer === undefined) throw unlessPassing(error);
    return { instance, outcome: answer, detail: (error as Error).message };
  }
}

/** What an instance may answer, by the type of its failure. */
const answers: ReadonlyMap<string, BulkResult['outcome']> = new Map<FailureType, BulkResult['outcome']>([
  ['InvalidInput', 'refused'],
  ['NotFound', 'refused'],
  ['NotPermitted', 'refused'],
  ['Conflict', 'refused'],
  ['Unavailable', 'failed'],
]);

const resolve = ({ temporal, instance: id, said: { verb, reason, group, actor }, requestId }: Saying) =>
  say(temporal, { id, requestId, update: 'incidents.resolve', input: { actor, verb: verb as 'retry' | 'skip' | 'fail', reason, ...(group === undefined ? {} : { group }) } });

const speak: { readonly [V in BulkVerb]: (saying: Saying) => Promise<unknown> } = {
  retry: resolve,
  skip: resolve,
  fail: resolve,
  pause: ({ temporal, instance: id, said: { reason, actor }, requestId }) => say(temporal, { id, requestId, update: 'instance.pause', input: { actor, reason } }),
  resume: ({ temporal, instance: id, said: { reason, actor }, requestId }) => say(temporal, { id, requestId, update: 'instance.resume', input: { actor, comment: reason } }),
  cancel: ({ temporal, instance: id, said: { reason, actor }, requestId }) => requestCancel(temporal, { id, reason, user: actor.user, requestId }),
  rewind: ({ temporal, instance: id, said: { reason, step, confirm, actor }, requestId }) => say(temporal, { id, requestId, update: 'instance.rewind', input: { actor, step: given(step, 'step'), reason, confirm } }),
  priority: ({ temporal, instance: id, said: { reason, priority, actor }, requestId }) => prioritise(temporal, { id, requestId, actor, priority: given(priority, 'priority'), reason }),
  note: ({ temporal, instance: id, said: { reason, actor }, requestId }) => say(temporal, { id, requestId, update: 'instance.note', input: { actor, text: reason } }),
};

/** @throws InvalidInput */
function given<V>(value: V | undefined, name: string): V {
  if (value === undefined) throw invalidInput(`"${name}" is not given, which this verb needs`);
  return value;
}

const requestIdOf = ({ call: { idempotencyKey }, instance }: { call: Call; instance: string }): string => createHash('sha256').update(`${idempotencyKey}\n${instance}`).digest('hex').slice(0, 32);

/** As Temporal's SDK says it; a worker's end, or an attempt that took too long, has another message. */
const isCancelled = ({ reason }: AbortSignal): boolean => reason instanceof Error && reason.message === 'CANCELLED';
