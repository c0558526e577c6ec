import { HttpException } from '@nestjs/common';
import { failures, type FailureType } from '../../contracts/failures.ts';
import { isPassing } from '../../engine/grpc.ts';
import { isRefusal, type Problem, type ProblemKind, problemKinds, problemOfKind } from './problem.ts';

/** Every failure of the catalogue, and the problem that it is to a caller. */
const kindOfFailure: Readonly<Record<FailureType, ProblemKind>> = {
  InvalidInput: 'invalid-input',
  Rejected: 'rejected',
  Unavailable: 'unavailable',
  Unexpected: 'unexpected',
  TaskExpired: 'task-expired',
  NotFound: 'not-found',
  NotPermitted: 'not-permitted',
  Conflict: 'conflict',
};

const kindOfStatus: ReadonlyMap<number, ProblemKind> = new Map(
  [...Object.entries(problemKinds)].reverse().map(([kind, { status }]) => [status, kind as ProblemKind]),
);

/**
 * The problem that an error is answered with. What nobody foresaw is told to the log only (`logAs` is the word to find it by): its message may
 * name files or addresses.
 */
export function problemOf({ error, logAs }: { error: unknown; logAs: string }): Problem {
  if (isRefusal(error)) return error.problem;
  const failure = failureIn(error);
  if (failure !== undefined && failure.type !== 'Unexpected') {
    return problemOfKind({ kind: kindOfFailure[failure.type], detail: failure.message, errors: issuesIn(failure.details) });
  }
  if (isPassing(error)) return noTemporal();
  return frameworkProblem(error) ?? unforeseen(logAs);
}

const unforeseen = (logAs: string): Problem =>
  problemOfKind({ kind: 'unexpected', detail: `The API failed. An operator finds the cause in its log under "${logAs}". Nothing says that a repetition helps.` });

const noTemporal = (): Problem =>
  problemOfKind({ kind: 'unavailable', detail: 'Temporal does not answer at the moment. Try again; GET /api/health/ready tells when it is back.' });

interface Failure {
  readonly type: FailureType;
  readonly message: string;
  readonly details: unknown;
}

/** A failure is known by its type: here, or as the cause of what the Temporal client wrapped around it. */
function failureIn(error: unknown): Failure | undefined {
  for (let at: unknown = error, depth = 0; at instanceof Error && depth < 5; at = at.cause, depth++) {
    if ('type' in at && typeof at.type === 'string' && Object.hasOwn(failures, at.type)) {
      return { type: at.type as FailureType, message: at.message, details: 'details' in at ? at.details : undefined };
    }
  }
  return undefined;
}

function issuesIn(details: unknown): Problem['errors'] {
  const [detail] = Array.isArray(details) ? (details as unknown[]) : [];
  if (typeof detail !== 'object' || detail === null || !('issues' in detail) || !Array.isArray(detail.issues)) return undefined;
  return (detail.issues as { path: unknown; message: unknown }[]).map(({ path, message }) => ({ path: String(path), message: String(message) }));
}

/** What Fastify and Nest refuse themselves; Nest turns Fastify's errors into its own. */
function frameworkProblem(error: unknown): Problem | undefined {
  if (!(error instanceof HttpException) || error.getStatus() >= 500) return undefined;
  const status = error.getStatus();
  const kind = kindOfStatus.get(status) ?? 'malformed-request';
  const detail = status === 404 ? `${error.message}: there is no such route. GET /api/openapi.json lists the routes.` : error.message;
  return { ...problemOfKind({ kind, detail }), status };
}
