import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { Actor } from '../../contracts/verbs.ts';
import type { Role } from './matrix.ts';

/** The person or system behind a request, as its token says. */
export interface Caller {
  readonly user: string;
  readonly roles: readonly Role[];
  readonly groups: readonly string[];
}

/** The caller as an instance knows who speaks. */
export const actorOf = ({ user, groups }: Caller): Actor => ({ user, groups: [...groups] });

const callers = new WeakMap<object, Caller>();

export function rememberCaller({ request, caller }: { request: object; caller: Caller }): void {
  callers.set(request, caller);
}

export const knownCaller = (request: object): Caller | undefined => callers.get(request);

/** The parameter of a controller that is the caller. */
export const CallerOf = createParamDecorator((_: undefined, context: ExecutionContext): Caller => {
  const caller = callers.get(context.switchToHttp().getRequest<object>());
  if (!caller) throw new Error('a route that asks for its caller is open to anybody');
  return caller;
});
