import { setTimeout as pause } from 'node:timers/promises';
import { type ApiUser, Refused } from './api-client.ts';

interface TaskList {
  readonly tasks: readonly { readonly id: string; readonly instance: string; readonly step: string }[];
}

/** What somebody would decide on a task, by instance and step; `undefined` when it is not theirs to say. */
export type Mind = (task: { instance: string; step: string; user: string }) => object | undefined;

/** Milliseconds between two looks into the inbox. */
const glance = 400;

/** A person who watches the inbox, claims what they know the answer to and decides it, until the signal says that the day is over. */
export async function workThroughInbox({ api, user, mind, signal }: { api: ApiUser; user: string; mind: Mind; signal: AbortSignal }): Promise<void> {
  while (!signal.aborted) {
    const { tasks } = await api.get<TaskList>('/tasks');
    for (const { id, instance, step } of tasks) {
      const decision = mind({ instance, step, user });
      if (decision) await decide({ api, id, decision });
    }
    await pause(glance, undefined, { signal }).catch(() => undefined);
  }
}

async function decide({ api, id, decision }: { api: ApiUser; id: string; decision: unknown }): Promise<void> {
  const path = `/tasks/${encodeURIComponent(id)}`;
  try {
    await api.post(`${path}/claim`);
    await api.post(`${path}/complete`, { decision });
  } catch (error) {
    // The list may show for a moment what was decided just now.
    if (!(error instanceof Refused && (error.problem.status === 404 || error.problem.status === 409))) throw error;
  }
}
