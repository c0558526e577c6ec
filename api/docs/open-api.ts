import type { INestApplication } from '@nestjs/common';
import { DocumentBuilder, type OpenAPIObject, SwaggerModule } from '@nestjs/swagger';
import { z } from 'zod';
import { eventSchemas } from '../events/schemas.ts';
import { Problem } from '../problems/problem.ts';

const description = [
  'Throughline runs business processes across systems, robots, models and people.',
  'Every call but health needs a bearer token, made with `npm run token -- create`; who acts is told by the token, never by the body.',
  'Errors are problems (RFC 9457) that say what is wrong, with which field, and what to do.',
  'The id of an instance is `<process>/<business key>`; in a path it is percent-encoded.',
].join('\n\n');

/** The OpenAPI document of the routes, from the schemas that check them. */
export function describeApi(app: INestApplication): OpenAPIObject {
  const config = new DocumentBuilder()
    .setTitle('Throughline')
    .setDescription(description)
    .setVersion('0.1.0')
    .addBearerAuth({ type: 'http', scheme: 'bearer', bearerFormat: 'tl_…' }, 'token')
    .build();
  const schemas = Object.fromEntries(Object.entries({ Problem, ...eventSchemas }).map(([name, schema]) => [name, jsonSchemaOf(schema)]));
  return SwaggerModule.createDocument(app, { ...config, components: { ...config.components, schemas } });
}

function jsonSchemaOf(schema: z.ZodType): object {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { target: 'openapi-3.0', io: 'output' });
  return rest;
}
