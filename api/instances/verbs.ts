import { z } from 'zod';
import { conflict, notFound } from '../../contracts/failures.ts';
import { type RewindAnswer as RewindQueryAnswer, type RewindPlan as RewindPlanned, rewindQuery } from '../../contracts/rewind.ts';
import { Priority, type UpdateAnswers } from '../../contracts/verbs.ts';
import { prioritise } from '../../engine/priority.ts';
import { actorOf, type Caller } from '../access/caller.ts';
import type { Temporal } from '../../engine/temporal.ts';
import { askInstance } from '../../engine/ask-instance.ts';
import { say } from '../../engine/verbs.ts';

const text = z.string().max(1_000);
export const PauseBody = z.strictObject({ reason: text.min(3).describe('Why; it stays in the history.') });
export const ResumeBody = z.strictObject({ comment: text.optional() }).optional();
export const NoteBody = z.strictObject({ text: text.min(1) });
export const PriorityBody = z.strictObject({ priority: Priority.describe('From 1, the most urgent, to 5; 3 unless it was changed.'), reason: text.min(3) });
export const PriorityAnswer = z.object({ by: z.string(), at: z.iso.datetime(), priority: z.int(), reason: z.string() });
export const RewindPlan = z.object({
  to: z.string().describe('The visit that is asked next.'),
  drops: z.array(z.string()).readonly().describe('The visits whose outcome, or decision, is forgotten.'),
  undoes: z.array(z.string()).readonly().describe('Those whose effect is undone first, the newest first.'),
  cannot: z.array(z.string()).readonly().describe('Those of which something stays in the world: these must be confirmed.'),
});
export const RewindBody = z.strictObject({
  step: z.string().min(1).max(100),
  visit: z.int().min(1).optional().describe('The newest unless told.'),
  reason: text.min(3),
  confirm: z.boolean().default(false).describe('Also where something cannot be undone, and is done once more.'),
});
export const RewindQuery = z.strictObject({ step: z.string().min(1).max(100), visit: z.string().regex(/^[1-9]\d{0,8}$/, 'is a number from 1').optional() });
export const RewindAnswer = RewindPlan.extend({ by: z.string(), at: z.iso.datetime() });
export const Pause = z.object({ paused: z.boolean(), by: z.string(), at: z.iso.datetime(), reason: z.string() });
export const Note = z.object({ by: z.string(), at: z.iso.datetime(), text: z.string() });

interface Request {
  readonly id: string;
  readonly caller: Caller;
}

/** What operators do to an instance as a whole. All throw NotFound, Conflict, and Unavailable. */
export interface InstanceVerbs {
  pause(request: Request & { readonly reason: string }): Promise<UpdateAnswers['instance.pause']>;
  resume(request: Request & { readonly comment?: string | undefined }): Promise<UpdateAnswers['instance.resume']>;
  /** Before those of other instances, or after them, its tasks come to the workers from now on. */
  prioritise(request: Request & { readonly priority: number; readonly reason: string }): Promise<UpdateAnswers['instance.priority']>;
  /** What `rewind` would do. */
  rewindPlan(request: { readonly id: string; readonly step: string; readonly visit?: number | undefined }): Promise<RewindPlanned>;
  rewind(request: Request & { readonly step: string; readonly visit?: number | undefined; readonly reason: string; readonly confirm: boolean }): Promise<UpdateAnswers['instance.rewind']>;
  note(request: Request & { readonly text: string }): Promise<UpdateAnswers['instance.note']>;
}

export function createInstanceVerbs({ temporal }: { temporal: Temporal }): InstanceVerbs {
  return {
    pause: ({ id, caller, ...given }) => say(temporal, { id, update: 'instance.pause', input: { ...given, actor: actorOf(caller) } }),
    resume: ({ id, caller, ...given }) => say(temporal, { id, update: 'instance.resume', input: { ...given, actor: actorOf(caller) } }),
    prioritise: ({ id, caller, ...given }) => prioritise(temporal, { id, ...given, actor: actorOf(caller) }),
    async rewindPlan({ id, ...place }) {
      const answer = await askInstance<RewindQueryAnswer>(temporal, { id, query: rewindQuery, argument: place });
      if ('plan' in answer) return answer.plan;
      throw { NotFound: notFound, Conflict: conflict }[answer.refused.type](answer.refused.message);
    },
    rewind: ({ id, caller, ...given }) => say(temporal, { id, update: 'instance.rewind', input: { ...given, actor: actorOf(caller) } }),
    note: ({ id, caller, ...given }) => say(temporal, { id, update: 'instance.note', input: { ...given, actor: actorOf(caller) } }),
  };
}
