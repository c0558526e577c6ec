import { extractInvoice as contract } from '../../contracts/activities/extraction.ts';
import { Reading } from '../../contracts/activities/ocr.ts';
import { invalidInput, unexpected } from '../../contracts/failures.ts';
import type { DocumentRef } from '../../contracts/documents.ts';
import { documentsFromEnv } from '../../documents/from-env.ts';
import { implement } from '../implement.ts';
import { findModel } from '../model/access.ts';
import { askModel } from '../model/ask-model.ts';
import { extractByRules, extractWithModel } from './extract.ts';
import { questionFor } from './model/question.ts';
import { survey } from './page/survey.ts';

/** Reads the fields of an invoice from the words of its document: by rules, or with the model that the environment names. */
export const extractInvoice = implement(contract, async ({ reading }, call) => {
  const access = findModel({ prefix: 'EXTRACTION' });
  const page = survey(await readingOf(reading));
  call.heartbeat();
  // There is nothing to ask about a page that nobody can read.
  if (access === undefined || page.type.documentType === 'unknown') return extractByRules(page);
  return extractWithModel(page, { model: access.model, reply: await askModel(call, { access, ...questionFor(page.layout) }) });
});

/** @throws InvalidInput when there is no such reading, Unexpected when it is something else */
async function readingOf({ sha256 }: DocumentRef): Promise<Reading> {
  const kept = await documentsFromEnv().get(sha256);
  if (kept === undefined) throw invalidInput(`the reading ${sha256} is not in the document store: read the document again`);
  let json: unknown;
  try {
    json = JSON.parse(Buffer.from(kept.bytes).toString('utf8'));
  } catch (error) {
    throw unexpected(`document ${sha256} is no reading: it is not JSON`, { cause: error as Error });
  }
  const reading = Reading.safeParse(json);
  if (!reading.success) throw unexpected(`document ${sha256} is no reading: ${reading.error.issues[0]?.message ?? 'it has another shape'}`);
  return reading.data;
}
