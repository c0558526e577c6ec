import { notPermitted } from '../../contracts/failures.ts';
import { type Fastify, factsOf, type HttpRequest } from '../http/fastify.ts';
import { refusal } from '../problems/problem.ts';
import type { TokenStore } from '../tokens/store.ts';
import { type Caller, rememberCaller } from './caller.ts';
import { isOpen, mayCall, rolesFor } from './matrix.ts';

/**
 * Lets nobody pass without a token, and nobody do what no role of the token may do. It stands before the body is read, so that a stranger cannot
 * even make the API take in 20 MB.
 */
export function guard({ fastify, tokens }: { fastify: Fastify; tokens: Pick<TokenStore, 'find'> }): void {
  fastify.addHook('onRequest', async (request: HttpRequest) => {
    const operation = factsOf(request)?.operation;
    if (operation !== undefined && isOpen(operation)) return;
    const caller = await authenticate({ header: request.headers.authorization, tokens });
    rememberCaller({ request, caller });
    // No operation means no route: the answer is 404, whoever asks.
    if (operation === undefined || mayCall({ roles: caller.roles, operation })) return;
    const needed = rolesFor(operation).join(' or ');
    throw notPermitted(`${operation} is for the role ${needed}; ${caller.user} has ${caller.roles.join(', ')}. Ask an administrator for a token with that role.`);
  });
}

const presentedIn = (header: string | string[] | undefined): string | undefined => /^bearer +(\S+) *$/i.exec(String(header))?.[1];

async function authenticate({ header, tokens }: { header: string | string[] | undefined; tokens: Pick<TokenStore, 'find'> }): Promise<Caller> {
  if (header === undefined) {
    throw refusal({ kind: 'unauthenticated', detail: 'Send a token: "Authorization: Bearer tl_…". Tokens are made with "npm run token -- create".' });
  }
  const presented = presentedIn(header);
  const found = presented === undefined ? undefined : await tokens.find(presented);
  if (found === undefined) {
    throw refusal({ kind: 'unauthenticated', detail: 'This token is not known, was revoked or has expired. Ask an administrator for a new one.' });
  }
  return { user: found.user, roles: found.roles, groups: found.groups };
}

/** Whether the token of a request that was let in still opens what it opened: a stream outlives the look at its beginning. */
export async function isStillAllowed({ request, tokens }: { request: HttpRequest; tokens: Pick<TokenStore, 'find'> }): Promise<boolean> {
  const operation = factsOf(request)?.operation;
  const presented = presentedIn(request.headers.authorization);
  const found = presented === undefined ? undefined : await tokens.find(presented);
  return found !== undefined && operation !== undefined && mayCall({ roles: found.roles, operation });
}
