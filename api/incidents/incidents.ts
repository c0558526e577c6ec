import type { UpdateAnswers } from '../../contracts/verbs.ts';
import { actorOf, type Caller } from '../access/caller.ts';
import type { Temporal } from '../temporal/temporal.ts';
import { say } from '../temporal/verbs.ts';

interface Request {
  readonly instance: string;
  readonly incident: string;
  readonly caller: Caller;
}

/** The verbs throw what the instance refuses: NotFound, Conflict; and Unavailable. */
export interface Incidents {
  retry(request: Request & { readonly comment?: string | undefined }): Promise<UpdateAnswers['incident.retry']>;
  skip(request: Request & { readonly reason: string }): Promise<UpdateAnswers['incident.skip']>;
  fail(request: Request & { readonly reason: string }): Promise<UpdateAnswers['incident.fail']>;
}

export function createIncidents({ temporal }: { temporal: Temporal }): Incidents {
  return {
    retry: ({ instance, incident, caller, comment }) =>
      say(temporal, { id: instance, update: 'incident.retry', input: { incident, actor: actorOf(caller), ...(comment === undefined ? {} : { comment }) } }),
    skip: ({ instance, incident, caller, reason }) => say(temporal, { id: instance, update: 'incident.skip', input: { incident, actor: actorOf(caller), reason } }),
    fail: ({ instance, incident, caller, reason }) => say(temporal, { id: instance, update: 'incident.fail', input: { incident, actor: actorOf(caller), reason } }),
  };
}
