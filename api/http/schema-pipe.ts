import { type ArgumentMetadata, StandardSchemaValidationPipe } from '@nestjs/common';
import { refusal } from '../problems/problem.ts';

interface Issue {
  readonly message: string;
  readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[];
  /** Of what zod says about fields that are too many. */
  readonly keys?: readonly string[];
}
type Issues = readonly Issue[];

/** Not more than this many wrong fields are named: an answer must not be longer than what was asked. */
const atMost = 50;

/** Checks what a controller declares a schema for. A body that can be read but does not fit is 422, anything else that does not fit is 400. */
export class SchemaPipe extends StandardSchemaValidationPipe {
  override async transform<T>(value: T, metadata: ArgumentMetadata): Promise<T> {
    if (!metadata.schema) return value;
    const result = await this.validate(value, metadata.schema);
    if (!result.issues) return result.value as T;
    const within = metadata.type === 'param' ? metadata.data : undefined;
    const errors = errorsOf({ issues: result.issues, within });
    const place = metadata.type === 'body' ? 'body' : metadata.type === 'param' ? 'path' : 'query';
    throw refusal({
      kind: metadata.type === 'body' ? 'invalid-input' : 'malformed-request',
      detail: `The ${place} of the request does not fit: ${errors.map(({ path, message }) => (path === '' ? message : `${path}: ${message}`)).join('; ')}`.slice(0, 2_000),
      errors,
    });
  }
}

export function errorsOf({ issues, within }: { issues: Issues; within?: string | undefined }): { path: string; message: string }[] {
  return issues
    .flatMap(({ message, path = [], keys }) => {
      const place = [...(within === undefined ? [] : [within]), ...path.map((part) => String(typeof part === 'object' ? part.key : part))];
      return keys === undefined ? [{ path: place.join('.'), message }] : keys.map((key) => ({ path: [...place, key].join('.'), message: 'is not taken here' }));
    })
    .slice(0, atMost);
}
