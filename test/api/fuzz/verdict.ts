import { differences, type OpenApi } from './schema.ts';
import type { Target } from './requests.ts';
import type { Received } from './send.ts';

/** What is wrong with an answer, by what the OpenAPI document says of it; empty when nothing is. */
export function faultsOf({ document, target: { operation, method }, received }: { document: OpenApi; target: Target; received: Received }): readonly string[] {
  const { status, contentType, headers, body } = received;
  const documented = operation.responses[String(status)];
  const faults: string[] = [];
  if (status >= 500) faults.push(`${status} ${body.slice(0, 300)}`);
  if (headers['x-content-type-options'] !== 'nosniff') faults.push('x-content-type-options is missing');
  if (!documented) return [...faults, `${status} is not documented: ${body.slice(0, 200)}`];
  if (status === 401 && headers['www-authenticate'] === undefined) faults.push('401 without www-authenticate');

  const mediaType = contentType.split(';')[0]?.trim() ?? '';
  const contents = documented.content ?? {};
  if (Object.keys(contents).length === 0) return [...faults, ...(body === '' && mediaType === '' ? [] : [`${status} has content of ${mediaType}, and none is documented`])];
  const content = contents[mediaType];
  if (!content) return [...faults, `${status} is ${mediaType}; documented is ${Object.keys(contents).join(', ')}`];
  if (!/json$/.test(mediaType) || isFile(content.schema) || method === 'HEAD') return faults;
  try {
    const value: unknown = JSON.parse(body);
    faults.push(...differences({ document, schema: content.schema, value }));
    if (status >= 400 && mediaType === 'application/problem+json' && (value as { status: unknown }).status !== status) faults.push('the problem tells another status');
  } catch (error) {
    faults.push(`the body is no JSON (${String(error)}): ${body.slice(0, 100)}`);
  }
  return faults;
}

const isFile = ({ format }: { readonly format?: string }): boolean => format === 'binary';
