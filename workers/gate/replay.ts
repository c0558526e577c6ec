import type { temporal } from '@temporalio/proto';
import { Worker, type WorkflowBundle } from '@temporalio/worker';
import { errorMessage } from '../../platform/errors.ts';
import { moduleFile } from '../../platform/repository.ts';
import { type BundleOptions, bundleWorkflows } from '../bundle.ts';
import { type Asked, askedBy, askedIn } from './asked.ts';
import { contentChange, type Difference, partingOf } from './difference.ts';

export interface ToReplay {
  readonly id: string;
  readonly history: temporal.api.history.v1.IHistory;
}

export interface Verdict<T extends ToReplay> {
  readonly of: T;
  /** `undefined`: the code does what the history tells, with the same arguments. */
  readonly difference: Difference | undefined;
}

/** A bundle of today's source that tells what it asks of Temporal. Its build id is not that of the bundle which workers run. */
export const bundleToReplay = (options: BundleOptions = {}): Promise<WorkflowBundle> => bundleWorkflows({ ...options, interceptors: [moduleFile('workflows/gate/tell-commands')] });

/** Runs the code of a bundle over histories, one after the other, and compares what it asks with what was asked then. */
export async function* replay<T extends ToReplay>({ bundle, histories }: { bundle: WorkflowBundle; histories: AsyncIterable<T> | Iterable<T> }): AsyncGenerator<Verdict<T>> {
  const current: { of?: T; code: Asked[] } = { code: [] };
  const sinks = {
    gate: {
      commands: { callDuringReplay: true, fn: (_: unknown, commands: Parameters<typeof askedBy>[0]) => void current.code.push(...askedBy(commands)) },
    },
  };
  const untouched: T[] = [];
  const one = async function* (): AsyncGenerator<{ workflowId: string; history: temporal.api.history.v1.IHistory }> {
    for await (const next of histories) {
      // Nothing was decided yet, and the SDK would wait for it forever.
      if (!next.history.events?.some(({ workflowTaskCompletedEventAttributes: completed }) => completed)) {
        untouched.push(next);
        continue;
      }
      Object.assign(current, { of: next, code: [] });
      yield { workflowId: next.id, history: next.history };
    }
  };
  for await (const { error } of Worker.runReplayHistories({ workflowBundle: bundle, sinks }, one())) {
    const { of, code } = current;
    if (!of) continue;
    const history = askedIn(of.history.events ?? []);
    yield { of, difference: error ? partingOf({ history, code, told: toldIn(error) }) : contentChange({ history, code }) };
  }
  for (const of of untouched) yield { of, difference: undefined };
}

/** The part of the SDK's words that tells this history from others: its core prints a whole failure around it. */
function toldIn(error: Error): string {
  const details = errorMessage(error).replace(/^Replay failed .*?Details: /s, '');
  return /message: "((?:[^"\\]|\\.)*)"/.exec(details)?.[1]?.replaceAll('\\"', '"') ?? details.split('\n', 1)[0] ?? '';
}
