import type { z } from 'zod';
import type { extractInvoice } from '../../contracts/activities/extraction.ts';
import type { Reading } from '../../contracts/activities/ocr.ts';
import { judge } from './judge.ts';
import { proposeByRules } from './rules.ts';
import { survey } from './survey.ts';

export type Extraction = z.infer<typeof extractInvoice.output>;

export function extract(reading: Reading): Extraction {
  const page = survey(reading);
  const fields = judge(page, proposeByRules(page));
  const { documentType, alsoCalled } = page.type;
  const warnings = [
    ...(page.orders.quote === undefined ? [] : [`The document gives orders to a machine: "${page.orders.quote}"`]),
    ...(alsoCalled === undefined ? [] : [`The document also calls itself "${alsoCalled.slice(0, 200)}"`]),
  ];
  return { documentType, fields, extractor: 'rules', warnings };
}
