import type { UpdateAnswers } from '../../contracts/verbs.ts';
import { actorOf, type Caller } from '../access/caller.ts';
import type { Temporal } from '../../engine/temporal.ts';
import { say } from '../../engine/verbs.ts';

interface Request {
  readonly instance: string;
  readonly incident: string;
  readonly caller: Caller;
}

/** The verbs throw what the instance refuses: InvalidInput, NotFound, Conflict; and Unavailable. */
export interface Incidents {
  /** `input`, where it is given, takes the place of what the step was asked with. */
  retry(request: Request & { readonly comment?: string | undefined; readonly input?: unknown }): Promise<UpdateAnswers['incident.retry']>;
  resolve(request: Omit<Request, 'incident'> & { readonly verb: 'retry' | 'skip' | 'fail'; readonly group?: string | undefined; readonly reason: string }): Promise<UpdateAnswers['incidents.resolve']>;
  supply(request: Request & { readonly output: unknown; readonly reason: string }): Promise<UpdateAnswers['incident.supply']>;
  /** What is left out stays as it is. */
  edit(request: Request & { readonly assignee?: string | null | undefined; readonly dueAt?: string | null | undefined; readonly comment?: string | undefined }): Promise<UpdateAnswers['incident.edit']>;
  skip(request: Request & { readonly reason: string }): Promise<UpdateAnswers['incident.skip']>;
  fail(request: Request & { readonly reason: string }): Promise<UpdateAnswers['incident.fail']>;
}

export function createIncidents({ temporal }: { temporal: Temporal }): Incidents {
  return {
    retry: ({ instance, caller, ...given }) => say(temporal, { id: instance, update: 'incident.retry', input: { ...given, actor: actorOf(caller) } }),
    resolve: ({ instance, caller, ...given }) => say(temporal, { id: instance, update: 'incidents.resolve', input: { ...given, actor: actorOf(caller) } }),
    supply: ({ instance, caller, ...given }) => say(temporal, { id: instance, update: 'incident.supply', input: { ...given, actor: actorOf(caller) } }),
    edit: ({ instance, caller, ...given }) => say(temporal, { id: instance, update: 'incident.edit', input: { ...given, actor: actorOf(caller) } }),
    skip: ({ instance, incident, caller, reason }) => say(temporal, { id: instance, update: 'incident.skip', input: { incident, actor: actorOf(caller), reason } }),
    fail: ({ instance, incident, caller, reason }) => say(temporal, { id: instance, update: 'incident.fail', input: { incident, actor: actorOf(caller), reason } }),
  };
}
