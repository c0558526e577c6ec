import { applyDecorators } from '@nestjs/common';
import { RouteConfig } from '@nestjs/platform-fastify';
import { ApiBearerAuth, ApiOperation, ApiResponse } from '@nestjs/swagger';
import type { z } from 'zod';
import { isOpen, type Operation, rolesFor } from '../access/matrix.ts';
import { problemKinds, problemMediaType } from '../problems/problem.ts';
import type { BodyKind, RouteFacts } from './fastify.ts';

type ProblemStatus = (typeof problemKinds)[keyof typeof problemKinds]['status'];

interface Served {
  /** One line; `description` may say more. */
  readonly summary: string;
  readonly description?: string;
  readonly body?: BodyKind;
  /** What is answered when it goes well: by status, a JSON schema, the media types of a file, or server-sent events. */
  readonly answers: Readonly<Partial<Record<200 | 201 | 202 | 204 | 503, { readonly is: string; readonly json?: z.ZodType; readonly file?: readonly string[]; readonly events?: true }>>>;
  /** What may go wrong besides the token (401, 403), a malformed request (400) and the unforeseen (500). */
  readonly problems?: readonly ProblemStatus[];
}

/** Says which operation of the access matrix a controller's method is, and describes it for OpenAPI. */
export function Serves(operation: Operation, { summary, description, body = 'json', answers, problems = [] }: Served): MethodDecorator {
  const open = isOpen(operation);
  const refused: readonly ProblemStatus[] = open ? problems : [...new Set<ProblemStatus>([400, 401, 403, ...problems, 500])];
  return applyDecorators(
    SchemasForSwagger,
    RouteConfig({ operation, body } satisfies RouteFacts),
    ApiOperation({
      operationId: operation,
      summary,
      description: `${description ?? ''}${open ? '' : `\n\nFor the roles ${rolesFor(operation).join(', ')}.`}`.trim(),
    }),
    ...(open ? [] : [ApiBearerAuth('token')]),
    ...Object.entries(answers).map(([status, { is, json, file, events }]) =>
      ApiResponse({ status: Number(status), description: is, ...(json ? { standardSchema: json } : {}), ...(file ? { content: binary(file) } : {}), ...(events ? { content: eventStream } : {}) }),
    ),
    ...refused.map((status) =>
      ApiResponse({ status, description: titlesOf(status), content: { [problemMediaType]: { schema: { $ref: '#/components/schemas/Problem' } } } }),
    ),
  );
}

/**
 * Swagger looks for a parameter's schema only where the compiler left the parameters' types, which the one that runs this source (esbuild) does
 * not. The types themselves are of no use here: the schemas say it all.
 */
const SchemasForSwagger: MethodDecorator = (prototype, key, descriptor) => {
  const { value } = descriptor;
  const count = typeof value === 'function' ? value.length : 0;
  Reflect.defineMetadata('design:paramtypes', Array.from({ length: count }, () => Object), prototype, key);
};

const eventStream = { 'text/event-stream': { schema: { type: 'string' as const } } };

const binary = (mediaTypes: readonly string[]) =>
  Object.fromEntries(mediaTypes.map((mediaType) => [mediaType, { schema: { type: 'string' as const, format: 'binary' } }]));

const titlesOf = (status: number): string =>
  Object.values(problemKinds)
    .filter((kind) => kind.status === status)
    .map(({ title }) => title)
    .join(' / ');
