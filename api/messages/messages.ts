import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { digestOf } from '../../contracts/define/digest.ts';
import { payloadLimit, utf8Length } from '../../contracts/define/limits.ts';
import { conflict, invalidInput, notFound } from '../../contracts/failures.ts';
import { pathOf } from '../../contracts/ids.ts';
import { MessageId, messageSignal, type MessageSignal } from '../../contracts/verbs.ts';
import type { Caller } from '../access/caller.ts';
import type { Definitions } from '../definitions/definitions.ts';
import { tooLarge } from '../http/body.ts';
import { errorsOf } from '../http/schema-pipe.ts';
import { describe, executionOf } from '../../engine/executions.ts';
import { isCode } from '../../engine/grpc.ts';
import { encode } from '../../engine/payloads.ts';
import type { Temporal } from '../../engine/temporal.ts';

export const MessageBody = z.strictObject({
  id: MessageId.optional().describe("Tells this message from another of the same name: what comes again under its id is dropped. Best the sender's own id of the event. Without it every request is a message of its own."),
  payload: z.unknown().refine((value) => value !== undefined, 'is missing: GET /api/processes/{name} shows what the message says, as the output of its step'),
});
export type MessageBody = z.infer<typeof MessageBody>;

export const Sent = z.object({ instance: z.string(), name: z.string(), id: z.string(), links: z.object({ instance: z.string() }) });
type Sent = z.infer<typeof Sent>;

export interface Messages {
  /** @throws NotFound, InvalidInput, Conflict where the instance has ended */
  send(message: { readonly instance: string; readonly name: string; readonly body: MessageBody; readonly caller: Caller }): Promise<Sent>;
}

/** A message goes as a signal, which Temporal keeps also while no worker runs. */
export function createMessages({ temporal, definitions }: { temporal: Temporal; definitions: Definitions }): Messages {
  const { ask, namespace } = temporal;

  return {
    async send({ instance, name, body: { id = randomUUID(), payload }, caller: { user } }) {
      const { workflowExecutionInfo } = await describe(temporal, instance);
      const { status, closedAt, process, definition: digest } = executionOf(workflowExecutionInfo ?? {});
      const ended = conflict(`instance "${instance}" ended${closedAt === null ? '' : ` at ${closedAt} as ${status}`}: it takes no messages any more. GET ${pathOf(instance)} shows how it ended.`);
      if (status !== 'running') throw ended;
      requireFit({ definitions, process, digest, name, payload });
      const message: MessageSignal = { name, id, payload, from: user };
      try {
        await ask((service) =>
          service.signalWorkflowExecution({
            namespace,
            workflowExecution: { workflowId: instance },
            signalName: messageSignal,
            input: { payloads: [encode(message)] },
            identity: user,
            // Temporal itself drops what comes again in the same run.
            requestId: digestOf([name, id]),
          }),
        );
      } catch (error) {
        if (isCode(error, 'notFound')) throw ended;
        throw error;
      }
      return { instance, name, id, links: { instance: pathOf(instance) } };
    },
  };
}

interface Fitting {
  readonly definitions: Definitions;
  readonly process: string;
  readonly digest: string | null;
  readonly name: string;
  readonly payload: unknown;
}

/** Tells the sender at once what the instance would only tell in its story. An instance of a former definition judges by itself. */
function requireFit({ definitions, process, digest, name, payload }: Fitting): void {
  const size = utf8Length(JSON.stringify(payload) ?? '');
  if (size > payloadLimit) throw tooLarge({ what: `payload of message "${name}"`, size: `${size} bytes as JSON`, limit: payloadLimit });
  const definition = definitions.of({ process, digest });
  const names = definition?.steps.filter(({ kind }) => kind === 'message').map(({ asks }) => asks) ?? [];
  if (!names.includes(name)) throw notFound(`process "${process}" waits for no message "${name}". Messages: ${[...new Set(names)].join(', ') || 'none'}.`);
  const current = definitions.current.find((known) => known.digest === digest);
  const contract = Object.values(current?.contract.steps ?? {}).find((step) => step.contract === 'message' && step.name === name);
  const parsed = contract?.contract === 'message' ? contract.payload.safeParse(payload) : undefined;
  if (!parsed || parsed.success) return;
  const issues = errorsOf({ issues: parsed.error.issues, within: 'payload' });
  throw invalidInput(`the payload does not fit message "${name}": ${issues.map(({ path, message }) => `${path}: ${message}`).join('; ')}. GET /api/processes/${process} shows its schema.`, { issues });
}
