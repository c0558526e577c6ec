import { payloadLimit, utf8Length } from '../../contracts/define/limits.ts';
import { invalidInput } from '../../contracts/failures.ts';
import type { KnownProcess } from '../definitions/definitions.ts';
import { tooLarge } from '../http/body.ts';
import { errorsOf } from '../http/schema-pipe.ts';

/**
 * The input as the process's schema makes it.
 *
 * @throws InvalidInput that names the fields; a problem of its size
 */
export function checkedInput({ known, input }: { known: KnownProcess; input: unknown }): unknown {
  const { name, input: schema } = known.contract;
  const size = utf8Length(JSON.stringify(input) ?? '');
  if (size > payloadLimit) throw tooLarge({ what: `input of process "${name}"`, size: `${size} bytes as JSON`, limit: payloadLimit });
  const parsed = schema.safeParse(input);
  if (parsed.success) return parsed.data;
  const issues = errorsOf({ issues: parsed.error.issues, within: 'input' });
  throw invalidInput(`the input does not fit process "${name}": ${issues.map(({ path, message }) => `${path}: ${message}`).join('; ')}. GET /api/processes/${name} shows its schema.`, { issues });
}
