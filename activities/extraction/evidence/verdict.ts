import type { ExtractedFields } from '../../../contracts/invoice.ts';
import type { Doubt } from '../page/found.ts';
import { boxAround, type Word } from '../page/layout.ts';

export type ExtractedText = ExtractedFields['vendorName'];
export type ExtractedAmount = ExtractedFields['net'];

/** What was found out about one value. */
export interface Findings<V extends string | number> {
  readonly value: V;
  /** Where it stands; none if it does not. */
  readonly words: readonly Word[];
  /** What speaks for it. */
  readonly support: readonly string[];
  readonly doubts: readonly Doubt[];
}

/** Nothing is certain. */
const surest = 0.99;

/** A chain is as strong as its weakest link: the gravest doubt is the confidence. */
export function verdict<V extends string | number>({ value, words, support, doubts }: Findings<V>) {
  const page = words[0]?.page ?? null;
  return {
    value,
    confidence: Math.round(Math.max(0, Math.min(surest, ...doubts.map(({ atMost }) => atMost))) * 100) / 100,
    page,
    box: page === null ? null : boxAround(words.filter((word) => word.page === page)),
    evidence: [...new Set([...support, ...doubts.map(({ why }) => why)].map((line) => line.slice(0, 200)))].slice(0, 20),
  };
}

export const notFound = (why: string) => ({ value: null, confidence: 0, page: null, box: null, evidence: [why.slice(0, 200)] });

export function withDoubt<F extends ExtractedText | ExtractedAmount>(field: F, doubt: Doubt | undefined): F {
  if (doubt === undefined) return field;
  return { ...field, confidence: Math.min(field.confidence, doubt.atMost), evidence: [...field.evidence, doubt.why.slice(0, 200)].slice(-20) };
}
