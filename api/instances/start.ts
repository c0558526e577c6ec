import { randomUUID } from 'node:crypto';
import { conflict, invalidInput } from '../../contracts/failures.ts';
import { instanceId, pathOf } from '../../contracts/ids.ts';
import type { DocumentStore } from '../../documents/store.ts';
import type { Caller } from '../access/caller.ts';
import type { Definitions, KnownProcess } from '../definitions/definitions.ts';
import { type Answer, answer } from '../http/answer.ts';
import { type RequestKeys, requireKey } from '../requests/request-keys.ts';
import { describe, describeIfThere, executionOf } from '../../engine/executions.ts';
import { startWorkflow } from '../temporal/start.ts';
import type { Temporal } from '../../engine/temporal.ts';
import { BusinessKey } from './business-key.ts';
import { checkedInput } from './checked-input.ts';
import type { Generations } from './generations.ts';
import { requireDocuments } from './referenced-documents.ts';
import type { Started, StartBody } from './start-body.ts';

export interface StartRequest {
  readonly process: string;
  readonly body: StartBody;
  readonly idempotencyKey: string | undefined;
  readonly caller: Caller;
}

interface Deps {
  readonly temporal: Temporal;
  readonly definitions: Definitions;
  readonly store: DocumentStore;
  readonly requestKeys: RequestKeys;
  readonly generations: Generations;
  readonly webUi: (execution: { id: string; runId: string }) => string | null;
}

/** How a start will be done; kept with the request's key, so that a repetition does the same. */
interface Plan {
  readonly id: string;
  /** Temporal starts once for a request id, and answers a repetition with the first run. */
  readonly requestId: string;
  readonly generation: number;
  readonly restart: boolean;
}

/** Starts an instance, or answers with the one that the business key already has. */
export function createStart(deps: Deps): (request: StartRequest) => Promise<Answer> {
  return async ({ process, body, idempotencyKey, caller }) => {
    const known = deps.definitions.process(process);
    const input = checkedInput({ known, input: body.input });
    const started = await deps.requestKeys.once<Plan, Started>({
      key: requireKey(idempotencyKey),
      user: caller.user,
      asked: { process, body },
      plan: async () => {
        await requireDocuments({ store: deps.store, input });
        const id = instanceId({ process, businessKey: businessKeyOf({ known, input, given: body.businessKey }) });
        const generation = body.restart === true ? await generationToRestart(deps, id) : 1;
        return { id, requestId: randomUUID(), generation, restart: generation > 1 };
      },
      carryOut: (plan) => carryOut(deps, { plan, known, input, user: caller.user }),
    });
    return answer({ status: started.created ? 201 : 200, headers: { location: pathOf(started.id) }, body: started });
  };
}

async function carryOut(deps: Deps, { plan, known, input, user }: { plan: Plan; known: KnownProcess; input: unknown; user: string }): Promise<Started> {
  const { id, requestId, generation, restart } = plan;
  const begun = await startWorkflow(deps.temporal, { id, requestId, generation, restart, known, input, user });
  if (!begun && restart) throw conflict(`instance "${id}" was restarted by somebody else at the same moment; GET ${pathOf(id)} shows it`);
  const linksTo = (runId: string): Started['links'] => ({ self: pathOf(id), webUi: deps.webUi({ id, runId }) });
  // A second question to Temporal would cost a quarter of the starts in a second, and tell no more than the moment.
  if (begun?.running) return { id, created: true, runId: begun.runId, status: 'running', startedAt: null, startedBy: user, links: linksTo(begun.runId) };
  // Whoever started it first: the answer is how it stands now.
  const { runId, status, startedAt, startedBy } = executionOf((await describe(deps.temporal, id)).workflowExecutionInfo ?? {});
  return { id, created: begun !== undefined, runId, status, startedAt, startedBy, links: linksTo(runId) };
}

/** 1 where there is nothing to restart. */
async function generationToRestart(deps: Deps, id: string): Promise<number> {
  const description = await describeIfThere(deps.temporal, id);
  if (!description) return 1;
  const { status, generation, parent } = executionOf(description.workflowExecutionInfo ?? {});
  if (status === 'running' || status === 'completed') {
    throw conflict(`instance "${id}" is ${status}: only one that failed, was rejected, cancelled or terminated can be restarted. ${remedies[status]}`);
  }
  if (parent !== null) throw conflict(`instance "${id}" is a sub-process of "${parent}", which alone may run it anew: GET ${pathOf(parent)} shows whether an incident waits for that.`);
  return deps.generations.next({ id, after: generation ?? 1 });
}

const remedies = {
  running: 'Cancel it first, or leave "restart" out to get it as it is.',
  completed: 'Leave "restart" out to get it as it is, or give another business key.',
} as const;

function businessKeyOf({ known, input, given }: { known: KnownProcess; input: unknown; given: string | undefined }): string {
  if (given !== undefined) return given;
  const computed = known.contract.businessKey?.(input);
  if (computed === undefined) return randomUUID();
  const parsed = BusinessKey.safeParse(computed);
  if (parsed.success) return parsed.data;
  const message = `process "${known.contract.name}" makes it of the input, but ${parsed.error.issues[0]?.message ?? 'it is unfit'}. Give "businessKey" yourself, or correct the input`;
  throw invalidInput(`businessKey: ${message}`, { issues: [{ path: 'businessKey', message }] });
}
