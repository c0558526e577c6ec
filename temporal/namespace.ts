import { setTimeout as pause } from 'node:timers/promises';
import type { Connection } from '@temporalio/client';
import { isGrpcServiceError } from '@temporalio/client';
import { msToTs } from '@temporalio/common/lib/time.js';
import { namespaceRefresh } from './config.ts';

/** Temporal's types of search attributes, by the number that its API knows them by (`IndexedValueType`). */
const typeNumbers = { Text: 1, Keyword: 2, Int: 3, Double: 4, Bool: 5, Datetime: 6, KeywordList: 7 } as const;
export type SearchAttributeType = keyof typeof typeNumbers;

export interface NamespaceWish {
  namespace: string;
  /** How long closed workflow executions are kept, in days. Left out, a namespace that is there keeps its own, which an operator may have changed; a new one gets `ordinaryRetention`. */
  retentionDays?: number | undefined;
  searchAttributes: Record<string, SearchAttributeType>;
  /** Ends the waiting. */
  signal: AbortSignal;
}

/** Days for which closed workflow executions are kept where nobody has said otherwise. */
export const ordinaryRetention = 30;

const alreadyExists = 6;
const invalidArgument = 3;
const notFound = 5;
const unavailable = 14;

/** Registers the namespace and its search attributes where they are missing, and waits until workflows can be started and found by them. */
export async function prepareNamespace(connection: Connection, wish: NamespaceWish): Promise<void> {
  await register(connection, wish);
  const changed = await addSearchAttributes(connection, wish);
  await untilServed(connection, wish);
  // The frontend, which answers the above, reads the change at its own beat; history and matching do so within one more.
  if (changed) await pause(namespaceRefresh, undefined, { signal: wish.signal });
}

async function register({ workflowService }: Connection, { namespace, retentionDays }: NamespaceWish): Promise<void> {
  const period = (days: number) => msToTs(days * 86_400_000);
  try {
    // Asked for first: a look-up of a namespace that is not there would be remembered for a second.
    await workflowService.registerNamespace({ namespace, workflowExecutionRetentionPeriod: period(retentionDays ?? ordinaryRetention) });
  } catch (error) {
    if (!hasCode(error, alreadyExists)) throw error;
    if (retentionDays === undefined) return;
    const { config } = await workflowService.describeNamespace({ namespace });
    const seconds = Number(config?.workflowExecutionRetentionTtl?.seconds ?? 0);
    if (seconds === retentionDays * 86_400) return;
    await workflowService.updateNamespace({ namespace, config: { workflowExecutionRetentionTtl: period(retentionDays) } });
  }
}

async function addSearchAttributes({ operatorService }: Connection, { namespace, searchAttributes }: NamespaceWish): Promise<boolean> {
  const { customAttributes } = await operatorService.listSearchAttributes({ namespace });
  const missing: Record<string, number> = {};
  for (const [name, type] of Object.entries(searchAttributes)) {
    const present: number | undefined = customAttributes?.[name];
    if (present === undefined) missing[name] = typeNumbers[type];
    else if (present !== typeNumbers[type]) {
      const known = Object.entries(typeNumbers).find(([, number]) => number === present)?.[0] ?? `type ${present}`;
      throw new Error(
        `search attribute "${name}" of namespace ${namespace} is ${known}, but ${type} is needed. Temporal cannot change it: ` +
          'remove it (temporal operator search-attribute remove), or start with a new data directory.',
      );
    }
  }
  if (Object.keys(missing).length === 0) return false;
  await operatorService.addSearchAttributes({ namespace, searchAttributes: missing });
  return true;
}

/** Every service of the server keeps a copy of its namespaces, and reads a change to them some time later. */
async function untilServed({ workflowService }: Connection, { namespace, searchAttributes, signal }: NamespaceWish): Promise<void> {
  const query = Object.keys(searchAttributes).map((name) => `${name} IS NULL`).join(' AND ');
  let reason = '';
  const isServed = async (): Promise<boolean> => {
    try {
      await workflowService.countWorkflowExecutions({ namespace, query });
      // Nobody has this id; history, which owns the executions, must be there to say so.
      await workflowService.describeWorkflowExecution({ namespace, execution: { workflowId: 'none' } });
    } catch (error) {
      if (hasCode(error, notFound) && !/namespace/i.test(error.message)) return true;
      if (!hasCode(error, notFound, invalidArgument, unavailable)) throw error;
      reason = error.message;
      return false;
    }
    return true;
  };
  try {
    await until(isServed, signal);
  } catch (error) {
    throw signal.aborted && reason !== '' ? new Error(`Temporal does not serve namespace "${namespace}" yet: ${reason}`, { cause: error }) : error;
  }
}

/** Repeats the attempt every 25 ms until it says true; rejects when it throws or when the signal is aborted. */
export async function until(attempt: () => Promise<boolean>, signal: AbortSignal): Promise<void> {
  while (!(await attempt())) await pause(25, undefined, { signal });
  signal.throwIfAborted();
}

function hasCode(error: unknown, ...codes: readonly number[]): error is Error {
  return isGrpcServiceError(error) && codes.includes(error.code);
}
