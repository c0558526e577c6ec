import type { FastifyInstance } from 'fastify';
import type { Operation } from '../access/matrix.ts';

export type Fastify = FastifyInstance;

/** What the API needs to know of a request. */
export interface HttpRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly routeOptions: { readonly config?: RouteFacts | unknown };
}

export interface HttpReply {
  readonly sent: boolean;
  readonly statusCode: number;
  readonly elapsedTime: number;
  status(code: number): HttpReply;
  header(name: string, value: string): HttpReply;
  type(mediaType: string): HttpReply;
  send(body: unknown): HttpReply;
}

/** What each route says of itself; put there by the decorator `Serves`. */
export interface RouteFacts {
  readonly operation: Operation;
  readonly body: BodyKind;
}

/** What a route takes as its body: nothing but JSON, or the bytes of a document. */
export type BodyKind = 'json' | 'document';

/** `undefined` where no route was found. */
export function factsOf({ routeOptions: { config } }: Pick<HttpRequest, 'routeOptions'>): RouteFacts | undefined {
  return typeof config === 'object' && config !== null && 'operation' in config ? (config as RouteFacts) : undefined;
}
