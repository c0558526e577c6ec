import { randomUUID } from 'node:crypto';
import { type ArgumentsHost, Catch, type ExceptionFilter, HttpException } from '@nestjs/common';
import { grewTooLarge } from '../http/body.ts';
import type { HttpReply, HttpRequest } from '../http/fastify.ts';
import type { Log } from '../log.ts';
import { problemMediaType } from './problem.ts';
import { problemOf } from './problem-of.ts';

/** Seconds after which a caller who met 503 may ask again. */
const retryAfter = 2;

/** The one place where what went wrong becomes an answer. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  readonly #log: Log;

  constructor(log: Log) {
    this.#log = log;
  }

  catch(error: unknown, host: ArgumentsHost): void {
    const reply = host.switchToHttp().getResponse<HttpReply>();
    const logAs = randomUUID().slice(0, 8);
    const problem = isGrownBody(error) ? grewTooLarge(host.switchToHttp().getRequest<HttpRequest>()).problem : problemOf({ error, logAs });
    if (problem.status === 500) this.#log.error(`problem ${logAs}: ${problem.title}`, { cause: describe(error) });
    if (problem.status === 503) this.#log.info(problem.title, { detail: problem.detail, cause: error instanceof Error ? error.message : String(error) });
    if (reply.sent) return;
    if (problem.status === 401) reply.header('www-authenticate', 'Bearer realm="throughline"');
    if (problem.status === 503) reply.header('retry-after', String(retryAfter));
    reply.status(problem.status).type(problemMediaType).send(JSON.stringify(problem));
  }
}

/** Fastify's refusal of a body without a length that turned out to be too large (wrapped by Nest); it knows neither what nor how large. */
const isGrownBody = (error: unknown): boolean => error instanceof HttpException && error.getStatus() === 413;

function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return `${error.stack ?? error.message}${error.cause === undefined ? '' : `\ncaused by ${describe(error.cause)}`}`;
}
