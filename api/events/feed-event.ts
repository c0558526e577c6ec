import { z } from 'zod';
import { taskStates } from '../../contracts/verbs.ts';
import { InstanceRow } from '../instances/row.ts';
import type { Execution } from '../../engine/executions.ts';

const time = z.iso.datetime();

/** What the stream of all instances tells of one: how it stands now. */
export const FeedEvent = z.object({
  change: z.enum(['started', 'changed', 'ended']),
  runId: z.string().describe('An instance that was restarted or reset has another run; the one that started last stands for it.'),
  instance: InstanceRow,
  tasks: z
    .array(z.object({ id: z.string(), step: z.string(), title: z.string(), state: z.enum(taskStates), assignee: z.string().nullable(), candidateGroups: z.array(z.string()).readonly(), openedAt: time, dueAt: time.nullable(), escalated: z.boolean() }))
    .readonly(),
  incidents: z.array(z.object({ id: z.string(), step: z.string(), title: z.string(), failure: z.object({ type: z.string(), message: z.string() }), openedAt: time })).readonly(),
});
export type FeedEvent = z.infer<typeof FeedEvent>;

/** What is open in an instance, without what a person is shown. */
export function openIn({ tasks, incidents }: Execution): Pick<FeedEvent, 'tasks' | 'incidents'> {
  // Temporal gives a memo's fields in any order.
  const sorted = <T>(open: ReadonlyMap<string, T>) => [...open].sort(([one], [other]) => (one < other ? -1 : 1));
  return {
    tasks: sorted(tasks).map(([id, { step, title, state, assignee, candidateGroups, openedAt, dueAt, escalated }]) => ({ id, step, title, state, assignee, candidateGroups, openedAt, dueAt, escalated })),
    incidents: sorted(incidents).map(([id, { step, title, failure, openedAt }]) => ({ id, step, title, failure, openedAt })),
  };
}
