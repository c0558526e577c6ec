import type { Doubt } from '../page/found.ts';
import { textOf, type Word } from '../page/layout.ts';
import { leastOf, percent } from './legibility.ts';
import type { Survey } from '../page/survey.ts';
import { strongestFirst } from '../page/survey.ts';
import { amountsAmong, linesAddUp, rateFits, sumFields, type SumField } from '../fields/sums.ts';
import { notFound, verdict, type ExtractedAmount } from './verdict.ts';

export type ProposedSums = Readonly<Record<SumField, number | null>>;

/** Weighs the three sums together, since each vouches for the others. */
export function judgeSums(survey: Survey, proposed: ProposedSums): Record<SumField, ExtractedAmount> {
  const { support, doubts, verified } = asAWhole(survey, proposed);
  const judge = (field: SumField): ExtractedAmount => {
    const value = proposed[field];
    if (value === null) return notFound(`no ${field} was found`);
    const place = placeOf(survey, { field, value });
    const own: Doubt[] = [...place.doubts, ...(field === 'total' && value <= 0 ? [{ why: 'a total to pay is above nothing', atMost: 0.3 }] : [])];
    if (survey.layout.source === 'ocr' && place.words.length > 0) own.push(...illegible(place.words, { verified }));
    return verdict({ value, words: place.words, support: [...place.support, ...support], doubts: [...own, ...doubts] });
  };
  return { net: judge('net'), tax: judge('tax'), total: judge('total') };
}

function illegible(words: readonly Word[], { verified }: { verified: boolean }): Doubt[] {
  const sure = leastOf(words);
  if (verified) return [{ why: `read with ${percent(sure)}`, atMost: 0.97 }];
  return [sure >= 0.85 ? { why: `read with ${percent(sure)}`, atMost: sure } : { why: `read with ${percent(sure)} only`, atMost: Math.min(0.8, sure) }];
}

interface Place {
  readonly words: readonly Word[];
  readonly support: readonly string[];
  readonly doubts: readonly Doubt[];
}

function placeOf({ amounts, sums, layout, currency }: Survey, { field, value }: { field: SumField; value: number }): Place {
  const [labelled] = strongestFirst(amounts[field].filter((found) => found.value === value));
  if (labelled?.label) {
    return {
      words: labelled.words,
      support: [`label "${labelled.label.text}"`],
      doubts: [...labelled.doubts, ...(labelled.strength < 0.7 ? [{ why: 'the label may mean another amount', atMost: 0.7 }] : [])],
    };
  }
  const parts = field === 'tax' ? sums.find(({ tax, taxParts }) => tax === value && taxParts.length > 1)?.taxParts : undefined;
  if (parts !== undefined) {
    // Only the first part is shown: a box around rows apart would cover what lies between.
    return { words: parts[0]?.words ?? [], support: [`the sum of ${parts.length} rows: ${parts.map(({ words }) => textOf(words)).join(', ')}`], doubts: parts.flatMap(({ doubts }) => doubts) };
  }
  const bare = layout.rows.flatMap(({ words }) => amountsAmong(words, currency)).find((amount) => amount.value === value);
  if (bare !== undefined) return { words: bare.words, support: [], doubts: [{ why: 'no label says so', atMost: 0.6 }] };
  return { words: [], support: [], doubts: [{ why: 'it does not stand on the page', atMost: 0.3 }] };
}

function asAWhole(survey: Survey, { net, tax, total }: ProposedSums): { support: string[]; doubts: Doubt[]; verified: boolean } {
  if (net === null || tax === null || total === null) return { support: [], doubts: [{ why: 'net, tax and total are not all there', atMost: 0.7 }], verified: false };
  if (net + tax !== total) return { support: [], doubts: [{ why: 'net + tax is not the total', atMost: 0.4 }], verified: false };
  const support = ['net + tax = total'];
  const doubts: Doubt[] = [];
  const { amounts, sums, layout, currency } = survey;

  const chosen = sums.find((sum) => sum.total === total && sum.net === net && sum.tax === tax);
  if (chosen === undefined) doubts.push({ why: 'the labels on the page do not lead to these sums', atMost: 0.6 });
  const rival = sums.find((sum) => (sum.total !== total || sum.net !== net) && sum.strength > (chosen?.strength ?? 0) - 0.15);
  if (rival !== undefined) doubts.push({ why: 'other amounts on the page add up as well', atMost: 0.6 });
  for (const field of sumFields) {
    const value = { net, tax, total }[field];
    const best = Math.max(0, ...amounts[field].filter((found) => found.value === value).map(({ strength }) => strength));
    const other = field === 'tax' ? undefined : strongestFirst(amounts[field]).find((found) => found.value !== value && found.strength > best - 0.1);
    if (other !== undefined) doubts.push({ why: `"${textOf(other.words)}" is called ${field} too`, atMost: field === 'total' ? 0.6 : 0.75 });
  }

  const ordered = [...survey.orders.rows].flatMap(({ words }) => amountsAmong(words, currency)).find(({ exact }) => exact);
  if (ordered !== undefined) doubts.push({ why: `text that gives orders to a machine names "${textOf(ordered.words)}"`, atMost: 0.5 });

  const taxRow = chosen?.taxParts.length === 1 ? chosen.taxParts[0]?.label?.row : undefined;
  const fits = taxRow === undefined ? undefined : rateFits({ net, tax, row: taxRow });
  if (fits === true) support.push('the tax is the printed rate of the net');
  if (fits === false) doubts.push({ why: 'the tax is not the printed rate of the net', atMost: 0.8 });
  const netWords = amounts.net.find((found) => found.value === net)?.words ?? [];
  const lines = linesAddUp({ layout, sum: net, words: netWords, currency });
  if (lines) support.push('the lines add up to the net');
  // A spoilt `€` before both makes two amounts wrong in the same way, and without tax nothing shows it.
  if (layout.source === 'ocr' && tax === 0 && !lines) doubts.push({ why: 'net and total were only read, and nothing else confirms them', atMost: 0.8 });
  return { support, doubts, verified: doubts.length === 0 && ((fits === true && tax !== 0) || lines) };
}
