import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { type applyVerb, BulkResult, bulkVerbs, type InstanceFilter, said } from '../../contracts/activities/operations.ts';
import { invalidInput, notFound, unexpected } from '../../contracts/failures.ts';
import { IncidentGroup } from '../../contracts/incident-group.ts';
import { instanceId, partsOf, pathOf } from '../../contracts/ids.ts';
import type { DocumentStore } from '../../documents/store.ts';
import { describeIfThere, type Execution, executionOf } from '../../engine/executions.ts';
import { listExecutions } from '../../engine/list.ts';
import { runningWhere } from '../../engine/running.ts';
import type { Temporal } from '../../engine/temporal.ts';
import type { InstanceView } from '../../visibility/instance-view.ts';
import { actorOf, type Caller } from '../access/caller.ts';
import type { Definitions } from '../definitions/definitions.ts';
import { InstanceId } from '../instances/business-key.ts';
import { processesOf } from '../instances/list.ts';
import { InstanceRow } from '../instances/row.ts';
import { InstanceStatusSchema } from '../instances/status.ts';
import { type RequestKeys, requireKey } from '../requests/request-keys.ts';
import { startWorkflow } from '../temporal/start.ts';

const name = 'bulk';

const Filter = z
  .strictObject({
    process: z.string().max(200).optional(),
    waitingFor: z
      .string()
      .regex(/^[A-Za-z0-9][A-Za-z0-9-]{0,62}$/, 'is the name of a group or a system: letters, digits and "-"')
      .optional(),
    group: IncidentGroup.optional().describe('An incident group, as `GET /api/incident-groups` names it.'),
    instances: z.array(InstanceId).min(1).max(1_000).optional().describe('These, and no others.'),
  })
  .refine((filter) => Object.values(filter).some((value) => value !== undefined), 'says nothing: give a process, waitingFor, a group or the instances')
  .refine(({ instances, process, waitingFor }) => instances === undefined || (process === undefined && waitingFor === undefined), 'names the instances, so it has no process and no waitingFor');
export const PreviewBody = z.strictObject({ filter: Filter });
const BulkRequest = z.strictObject({
  verb: z.enum(bulkVerbs).describe('`retry`, `skip` and `fail` are about the open incidents, with `group` about those of the group alone.'),
  reason: z.string().min(3).max(1_000).describe('Why; it stands in the history of each instance. Of `note` the note.'),
  step: said.step.describe('Of `rewind`: the step to go back to, its newest visit.'),
  confirm: said.confirm.describe('Of `rewind`: also where something cannot be undone, and is done once more.'),
  priority: said.priority.describe('Of `priority`: from 1, the most urgent, to 5.'),
  filter: Filter,
  perSecond: z.number().positive().max(50).default(10).describe('How many instances are spoken to in a second.'),
});
type BulkBody = z.infer<typeof BulkRequest>;
/** What only one verb is given, and that one needs. */
const ofOne = { step: 'rewind', priority: 'priority' } as const;
export const BulkBody = BulkRequest.superRefine((body, issues) => {
  for (const [name, verb] of Object.entries(ofOne)) {
    const isGiven = body[name as keyof typeof ofOne] !== undefined;
    if (isGiven !== (body.verb === verb)) issues.addIssue({ code: 'custom', path: [name], message: isGiven ? `is given with the verb "${verb}" only` : `is what the verb "${verb}" needs` });
  }
  if (body.confirm !== undefined && body.verb !== 'rewind') issues.addIssue({ code: 'custom', path: ['confirm'], message: 'is given with the verb "rewind" only' });
});

export const Preview = z.object({ count: z.int(), sample: z.array(InstanceRow).readonly().describe('The first 20.') });
type Preview = z.infer<typeof Preview>;

export const Bulk = z.object({
  id: z.string(),
  instance: z.string().describe('It is an instance itself: `POST /api/instances/{instance}/pause`, `/resume` and `/cancel` do with it what they say.'),
  verb: z.enum(bulkVerbs),
  reason: z.string(),
  by: z.string(),
  perSecond: z.number(),
  status: InstanceStatusSchema,
  paused: z.boolean(),
  startedAt: z.iso.datetime(),
  closedAt: z.iso.datetime().nullable(),
  matched: z.int().nullable().describe('`null` until they are counted.'),
  done: z.int(),
  refused: z.int(),
  failed: z.int(),
  left: z.int().nullable(),
  links: z.object({ self: z.string(), results: z.string(), instance: z.string() }),
});
type Bulk = z.infer<typeof Bulk>;

export const ResultQuery = z.strictObject({ outcome: BulkResult.shape.outcome.optional(), after: z.string().regex(/^\d{1,6}$/, 'is `next` of the previous answer').default('0') });
type ResultQuery = z.infer<typeof ResultQuery>;
export const BulkResults = z.object({ results: z.array(BulkResult).readonly(), next: z.string().nullable().describe('`after` of what follows; null at the end of what there is by now.') });
type BulkResults = z.infer<typeof BulkResults>;

export const BulkId = z.string().regex(/^[A-Za-z0-9-]{1,100}$/, 'is the id of a bulk, as POST /api/bulk answers it');

export interface Bulks {
  /** What would be touched. */
  preview(filter: BulkBody['filter']): Promise<Preview>;
  start(request: { readonly body: BulkBody; readonly idempotencyKey: string | undefined; readonly caller: Caller }): Promise<Bulk>;
  /** @throws NotFound */
  read(id: string): Promise<Bulk>;
  /** @throws NotFound */
  results(id: string, query: ResultQuery): Promise<BulkResults>;
}

interface Deps {
  readonly temporal: Temporal;
  readonly definitions: Definitions;
  readonly requestKeys: RequestKeys;
  readonly store: DocumentStore;
  readonly rowOf: (execution: Execution) => InstanceRow;
  readonly view: (instance: string) => Promise<InstanceView>;
}

const sampled = 20;

/** The same said to many instances. It is done by an instance of a process of the product's own: here it is begun and looked at. */
export function createBulks({ temporal, definitions, requestKeys, store, rowOf, view }: Deps): Bulks {
  const filterOf = ({ process, ...rest }: BulkBody['filter']): InstanceFilter => {
    const processes = processesOf({ process, names: definitions.names });
    if (processes.length === 0) throw invalidInput('there is no process yet of which there could be instances');
    return { processes: [...processes], ...rest };
  };
  const visitsOf = ({ steps }: InstanceView, step: string) => steps.find((one) => one.step === step)?.visits ?? [];
  const outputs = (of: InstanceView): readonly Applied[] => visitsOf(of, 'apply').flatMap(({ output }) => (output === undefined ? [] : (output as Applied)));
  const viewOf = async (id: string): Promise<InstanceView> => {
    const instance = instanceId({ process: name, businessKey: id });
    if (!(await describeIfThere(temporal, instance))) throw notFound(`there is no bulk "${id}"; closed ones are kept for the namespace's retention only`);
    return view(instance);
  };

  const told = (of: InstanceView): Bulk => {
    const input = of.input as BulkBody & { readonly actor: { readonly user: string } };
    const matched = (visitsOf(of, 'select')[0]?.output as { readonly count: number } | undefined)?.count ?? null;
    const sum = (key: 'done' | 'refused' | 'failed'): number => outputs(of).reduce((total, output) => total + output[key], 0);
    const [done, refused, failed] = [sum('done'), sum('refused'), sum('failed')];
    const { businessKey: id } = partsOf(of.id);
    return {
      id,
      instance: of.id,
      verb: input.verb,
      reason: input.reason,
      by: input.actor.user,
      perSecond: input.perSecond,
      status: of.status,
      paused: of.paused !== null,
      startedAt: of.startedAt,
      closedAt: of.closedAt,
      matched,
      done,
      refused,
      failed,
      left: matched === null ? null : matched - done - refused - failed,
      links: { self: `/api/bulk/${id}`, results: `/api/bulk/${id}/results`, instance: pathOf(of.id) },
    };
  };

  return {
    async preview(filter) {
      const wanted = filterOf(filter);
      if (wanted.instances) {
        const found = await Promise.all(wanted.instances.slice(0, sampled).map((id) => describeIfThere(temporal, id)));
        const rows = found.flatMap((description) => (description?.workflowExecutionInfo ? [rowOf(executionOf(description.workflowExecutionInfo))] : []));
        return { count: wanted.instances.length, sample: rows };
      }
      const query = runningWhere(wanted);
      const [{ count }, { executions }] = await Promise.all([
        temporal.ask((service) => service.countWorkflowExecutions({ namespace: temporal.namespace, query })),
        listExecutions(temporal, { query, limit: sampled, after: null }),
      ]);
      return { count: Number(count?.toString() ?? 0), sample: executions.map(rowOf) };
    },

    async start({ body: { filter, ...rest }, idempotencyKey, caller }) {
      const known = definitions.operation(name);
      const input = { ...rest, filter: filterOf(filter), actor: actorOf(caller) };
      return requestKeys.once<{ id: string; requestId: string }, Bulk>({
        key: requireKey(idempotencyKey),
        user: caller.user,
        asked: { bulk: { ...rest, filter } },
        plan: () => Promise.resolve({ id: randomUUID(), requestId: randomUUID() }),
        async carryOut({ id, requestId }) {
          await startWorkflow(temporal, { id: instanceId({ process: name, businessKey: id }), requestId, generation: 1, restart: false, known, input, user: caller.user });
          return told(await viewOf(id));
        },
      });
    },

    read: async (id) => told(await viewOf(id)),

    async results(id, { outcome, after }) {
      const all = outputs(await viewOf(id));
      const from = Number(after);
      const chunk = all[from];
      if (!chunk) return { results: [], next: null };
      const kept = await store.get(chunk.results.sha256);
      if (!kept) throw unexpected(`the results of bulk "${id}", document ${chunk.results.sha256}, are not in the document store: do the API and the workers share one?`);
      const results = z.array(BulkResult).parse(JSON.parse(Buffer.from(kept.bytes).toString('utf8')));
      return { results: results.filter((one) => outcome === undefined || one.outcome === outcome), next: from + 1 < all.length ? String(from + 1) : null };
    },
  };
}

type Applied = z.infer<typeof applyVerb.output>;
