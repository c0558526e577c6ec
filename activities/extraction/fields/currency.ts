import { currencyIn } from '../formats/amounts.ts';
import type { Found } from '../page/found.ts';
import type { Layout } from '../page/layout.ts';
import { byRow, type Label } from '../page/labels.ts';

/** Every currency that the page names, in a row of sums (1), beside another amount or in brackets (0.9), or elsewhere (0.5). */
export function currenciesOn(layout: Layout, { labels }: { labels: readonly Label[] }): Found[] {
  const labelsIn = byRow(labels);
  return layout.rows.flatMap((row) => {
    const sum = labelsIn(row).find((label) => ['net', 'tax', 'total'].includes(label.meaning)) ?? null;
    return row.words.flatMap((word, at): Found[] => {
      const sign = currencyIn(word.text);
      if (sign === undefined) return [];
      const beside = [row.words[at - 1], word, row.words[at + 1]].some((near) => near !== undefined && /\d[.,]\d/.test(near.text));
      const strength = sum !== null && (beside || /[()]/.test(word.text)) ? 1 : beside || /[()]/.test(word.text) ? 0.9 : 0.5;
      const doubts = sign.exact ? [] : [{ why: `"${word.text.replace(/[\d.,]/g, '')}" stands for several currencies`, atMost: 0.75 }];
      return [{ value: sign.currency, words: [word], label: sum, strength: sign.exact ? strength : strength * 0.9, doubts }];
    });
  });
}
