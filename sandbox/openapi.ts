import { z } from 'zod';
import { refusals, type RefusalCode } from './refusals.ts';

/** What the document needs to know of a route. */
export interface Described {
  readonly method: 'GET' | 'POST';
  /** With `:name` for a parameter. */
  readonly path: string;
  readonly title: string;
  readonly params?: z.ZodObject<z.ZodRawShape>;
  readonly body?: z.ZodType;
  readonly answer: z.ZodType;
  readonly status?: number;
  readonly refuses?: readonly RefusalCode[];
}

/** The OpenAPI 3.1 document of a service, written from the schemas that check its requests. */
export function openApiOf({ title, routes }: { title: string; routes: readonly Described[] }): Record<string, unknown> {
  const paths: Record<string, Record<string, unknown>> = {};
  for (const route of routes) {
    const path = route.path.replace(/:(\w+)/g, '{$1}');
    paths[path] = { ...paths[path], [route.method.toLowerCase()]: operationOf(route) };
  }
  return {
    openapi: '3.1.0',
    info: { title, version: '1', description: 'A made-up system of the sandbox. Every change needs an Idempotency-Key.' },
    paths,
    components: {
      schemas: {
        Problem: {
          type: 'object',
          required: ['type', 'title', 'status', 'code', 'detail'],
          properties: {
            type: { const: 'about:blank' },
            title: { type: 'string' },
            status: { type: 'integer' },
            code: { type: 'string' },
            detail: { type: 'string' },
            errors: {
              type: 'array',
              items: { type: 'object', properties: { field: { type: 'string' }, message: { type: 'string' } }, required: ['field', 'message'] },
            },
          },
        },
      },
    },
  };
}

function operationOf({ method, title, params, body, answer, status = 200, refuses = [] }: Described): Record<string, unknown> {
  const parameters = Object.entries(params?.shape ?? {}).map(([name, schema]) => ({ name, in: 'path', required: true, schema: jsonSchema(schema) }));
  const key = { name: 'Idempotency-Key', in: 'header', required: true, schema: jsonSchema(IdempotencyKey) };
  return {
    summary: title,
    parameters: method === 'POST' ? [...parameters, key] : parameters,
    ...(body ? { requestBody: { required: true, content: { 'application/json': { schema: jsonSchema(body) } } } } : {}),
    responses: {
      [status]: { description: title, content: { 'application/json': { schema: jsonSchema(answer, 'output') } } },
      ...problemResponses(method === 'POST' ? ['invalid', 'key-missing', 'key-reused', ...refuses] : ['invalid', ...refuses]),
    },
  };
}

function problemResponses(codes: readonly RefusalCode[]): Record<number, unknown> {
  const responses: Record<number, unknown> = {};
  for (const status of new Set(codes.map((code) => refusals[code].status))) {
    const here = codes.filter((code) => refusals[code].status === status);
    responses[status] = {
      description: here.map((code) => `\`${code}\`: ${refusals[code].title}`).join('; '),
      content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
    };
  }
  return responses;
}

/** Printable ASCII without blanks, so that a header carries it unchanged. */
export const IdempotencyKey = z.string().min(1).max(2_000).regex(/^[\x21-\x7e]+$/);

function jsonSchema(schema: z.core.$ZodType, io: 'input' | 'output' = 'input'): Record<string, unknown> {
  const { $schema: _dialect, ...rest } = z.toJSONSchema(schema, { io });
  return rest;
}
