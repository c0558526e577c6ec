import { z } from 'zod';
import { FailedAttempts } from '../../contracts/attempts.ts';
import { stepKinds } from '../../contracts/define/process.ts';
import { Evidence } from '../../contracts/documents.ts';
import { incidentVerbs, taskStates } from '../../contracts/verbs.ts';
import type { InstanceView } from '../../visibility/instance-view.ts';
import { InstanceStatusSchema } from './status.ts';

const time = z.iso.datetime();
const list = <T extends z.ZodType>(of: T) => z.array(of).readonly();
/** Any JSON; JSON leaves it out where there is none (yet). */
const given = z.unknown().optional();

/** JSON Patch (RFC 6902). */
export const Patch = list(z.union([z.object({ op: z.enum(['add', 'replace']), path: z.string(), value: z.unknown() }), z.object({ op: z.literal('remove'), path: z.string() })]));

const FailureView = z.object({ type: z.string(), message: z.string(), evidence: list(Evidence) });
export const StepState = z.enum(['notReached', 'running', 'retrying', 'waiting', 'incident', 'completed', 'rejected', 'failed', 'skipped', 'cancelled']);

const VisitView = z.object({
  visit: z.int(),
  state: StepState,
  scheduledAt: time,
  startedAt: time.nullable(),
  closedAt: time.nullable(),
  attempts: z.int(),
  nextAttemptAt: time.nullable(),
  input: given,
  output: given,
  failure: FailureView.nullable(),
  failedAttempts: list(FailedAttempts).describe('Attempts in a row that failed in the same way are one; the newest where they are many. Since the last decision of a person.'),
  evidence: list(Evidence),
  decision: z.object({ by: z.string(), at: time, via: z.enum(['update', 'signal']), outcome: z.string().nullable() }).nullable(),
  instance: z.string().optional().describe('Of a sub-process: the id of its instance.'),
});

const TaskView = z.object({
  id: z.string(),
  step: z.string(),
  visit: z.int(),
  title: z.string(),
  state: z.enum(taskStates),
  assignee: z.string().nullable(),
  candidateGroups: list(z.string()),
  excludedUsers: list(z.string()),
  openedAt: time,
  dueAt: time.nullable(),
  escalated: z.boolean(),
  form: z.string(),
  shown: z.union([z.object({ value: z.unknown() }), z.object({ document: z.object({ sha256: z.string(), mediaType: z.string(), size: z.int() }) })]),
});

const IncidentView = z.object({
  id: z.string(),
  step: z.string(),
  visit: z.int(),
  title: z.string(),
  of: z.enum(['step', 'compensation']),
  activity: z.string(),
  failure: z.object({ type: z.string(), message: z.string() }),
  optional: z.literal(true).optional().describe('Where the step may be skipped.'),
  openedAt: time,
  assignee: z.string().nullable(),
  dueAt: time.nullable(),
  comments: list(z.object({ by: z.string(), at: time, text: z.string() })),
  input: given.describe('What the step was asked with.'),
  failedAttempts: list(FailedAttempts).describe('Those that led to it, and since, where it is tried on.'),
  evidence: list(Evidence),
  resolution: z
    .object({
      verb: z.enum([...incidentVerbs, 'recovered', 'cancelled']),
      by: z.string().nullable(),
      at: time,
      comment: z.string().nullable(),
      changes: Patch.nullable().describe('What makes of `input` that with which the step was tried again (RFC 6902).'),
      output: given.describe("What was supplied in the system's place."),
    })
    .nullable(),
});

/** `InstanceView` (visibility/instance-view.ts) for OpenAPI; the compiler holds the two together. */
const InstanceViewSchema = z.object({
  id: z.string(),
  runId: z.string(),
  process: z.string(),
  title: z.string(),
  definition: z.string().nullable(),
  generation: z.string(),
  status: InstanceStatusSchema,
  startedAt: time,
  startedBy: z.string().nullable(),
  closedAt: time.nullable(),
  input: given,
  output: given,
  failure: FailureView.nullable(),
  parent: z.object({ id: z.string(), step: z.string(), visit: z.int() }).nullable().describe('Of a sub-process: the step of another instance that runs it.'),
  cancelRequest: z.object({ reason: z.string(), by: z.string(), at: time }).nullable(),
  priority: z.int().describe('Of its tasks among those of other instances: from 1, the most urgent, to 5.'),
  paused: z.object({ by: z.string(), at: time, reason: z.string() }).nullable().describe('Where it is paused: no further step begins.'),
  waitingFor: list(z.object({ kind: z.enum(['group', 'system', 'timer', 'message', 'process']), name: z.string(), step: z.string(), since: time, why: z.string() })),
  steps: list(z.object({ step: z.string(), title: z.string(), kind: z.enum(stepKinds), of: list(z.string()), state: StepState, visits: list(VisitView) })),
  compensations: list(VisitView.extend({ step: z.string(), title: z.string(), undone: z.boolean().nullable(), by: z.string().nullable() })),
  tasks: list(TaskView),
  incidents: list(IncidentView),
  problem: z.object({ message: z.string(), attempt: z.int(), since: time }).nullable(),
  story: list(z.object({ at: time, text: z.string() })),
} satisfies Record<keyof InstanceView, z.ZodType>);

/** An instance as the API answers it. */
export const Instance = InstanceViewSchema.extend({
  links: z.object({ self: z.string(), webUi: z.string().nullable().describe("This run in Temporal's Web UI, where the API knows its address.") }),
});
export type Instance = z.infer<typeof Instance>;
