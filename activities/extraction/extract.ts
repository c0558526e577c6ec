import type { z } from 'zod';
import type { extractInvoice } from '../../contracts/activities/extraction.ts';
import type { ExtractedFields } from '../../contracts/invoice.ts';
import type { ModelReply } from '../model/ask-model.ts';
import { judge } from './evidence/judge.ts';
import { reconcile } from './model/propose.ts';
import type { ModelAnswer } from './model/question.ts';
import type { Survey } from './page/survey.ts';
import { proposeByRules } from './rules.ts';

export type Extraction = z.output<typeof extractInvoice.output>;

/** The fields as the page's own labels name them. */
export function extractByRules(page: Survey): Extraction {
  return { documentType: page.type.documentType, fields: judge(page, { proposal: proposeByRules(page) }), extractor: 'rules', warnings: warningsOf(page) };
}

/** The fields as a model proposes them, weighed by the same evidence. */
export function extractWithModel(page: Survey, { model, reply }: { model: string; reply: ModelReply<ModelAnswer> }): Extraction {
  const byRules = extractByRules(page);
  if ('refusal' in reply) {
    return { ...byRules, warnings: [...byRules.warnings, `The model ${model} refused to read the document: ${reply.refusal}`.slice(0, 300)] };
  }
  const { answer } = reply;
  const fields: ExtractedFields = judge(page, reconcile({ page, answer, rules: proposeByRules(page) }));
  // Neither alone may call something an invoice.
  const documentType = byRules.documentType === 'invoice' ? answer.documentType : byRules.documentType;
  return { documentType, fields, extractor: model, warnings: byRules.warnings };
}

function warningsOf({ layout, orders, type }: Survey): string[] {
  return [
    ...(layout.cut ? ['The document holds more text than is read; a part of it was left out'] : []),
    ...(orders.quote === undefined ? [] : [`The document gives orders to a machine: "${orders.quote}"`]),
    ...(type.alsoCalled === undefined ? [] : [`The document also calls itself "${type.alsoCalled.slice(0, 200)}"`]),
  ];
}
