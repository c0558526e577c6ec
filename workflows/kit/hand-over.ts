import type { CompensationContract } from '../../contracts/define/activity.ts';
import { compensatedLimit, utf8Length } from '../../contracts/define/limits.ts';
import type { ProcessContract } from '../../contracts/define/process.ts';
import { placeOf } from '../../contracts/ids.ts';
import type { SubResult } from '../../contracts/verbs.ts';
import type { Answer } from './carried.ts';
import type { Entry } from './compensations.ts';

/** What a completed sub-process gives its parent: its output, and what may still have to be undone, in the order in which it was begun. */
export function handOver({ output, entries, what }: { output: unknown; entries: readonly Entry[]; what: string }): SubResult {
  const result: SubResult = { output, undo: entries.map(({ activityId, forwardKey, input, output }) => ({ activityId, forwardKey, input, ...(output === undefined ? {} : { output }) })) };
  const size = utf8Length(JSON.stringify(result));
  if (size > compensatedLimit) {
    throw new Error(`${what}: its result and what it can undo have ${size} bytes as JSON, more than the ${compensatedLimit} that fit into a history. Mend the flow: large content travels as a document, by reference.`);
  }
  return result;
}

/** The effects of a sub-process as its parent keeps them. */
export function takeOver({ process, id, undo }: { process: ProcessContract; id: string; undo: SubResult['undo'] }): readonly Entry[] {
  return undo.map(({ activityId: within, ...effect }) => {
    const activityId = `${id}/${within}`;
    return { ...placeOf(activityId), activityId, contract: compensationAt({ process, path: within.split('/') }), ...effect };
  });
}

/** What a step of a former run did, as this run keeps it. */
export function formerEffects({ process, learned }: { process: ProcessContract; learned: Answer }): readonly Entry[] {
  return (learned.effects ?? []).map(({ activityId, ...effect }) => ({ ...placeOf(activityId), activityId, contract: compensationAt({ process, path: activityId.split('/') }), ...effect }));
}

/** The contract of the compensation that belongs to a step, or to a step of a sub-process: `['orderLaptop:2', 'pay']`. */
export function compensationAt({ process, path: [first = '', ...rest] }: { process: ProcessContract; path: readonly string[] }): CompensationContract {
  const named = process.steps[placeOf(first).step];
  const contract = named?.contract === 'optional' ? named.asks : named;
  if (contract?.contract === 'process') return compensationAt({ process: contract, path: rest });
  if (contract?.contract === 'activity' && contract.compensation) return contract.compensation;
  throw new Error(`process "${process.name}" has no step "${first}" that can be undone: parent and sub-process run different builds`);
}
