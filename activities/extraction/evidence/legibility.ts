import type { Doubt } from '../page/found.ts';
import { keyOf } from '../page/vocabulary.ts';
import { textOf, type Layout, type Word } from '../page/layout.ts';

/** At this confidence of its least legible word a value that nothing else vouches for is believed. */
const legible = 0.9;
/** Just below what is believed without a person. */
const notEnough = 0.8;

export const leastOf = (words: readonly Word[]): number => Math.min(1, ...words.map(({ confidence }) => confidence));

/** How sure the recogniser is of a value, when a checksum or a sum does not vouch for it: by its words, or by the same value standing elsewhere too. */
export function legibility({ layout, value, words }: { layout: Layout; value: string; words: readonly Word[] }): { support: string[]; doubts: Doubt[] } {
  if (layout.source === 'text') return { support: [], doubts: [] };
  const here = leastOf(words);
  const elsewhere = placesOf({ layout, value }).filter((place) => !place.some((word) => words.includes(word)) && printed(place) === printed(words));
  const support = elsewhere.length > 0 ? [`stands in ${elsewhere.length + 1} places`] : [];
  const best = Math.max(0, ...elsewhere.map(leastOf));
  const together = elsewhere.length > 0 ? 1 - (1 - here) * (1 - best) : here;
  const believed = Math.max(here, best) >= legible || (together >= 0.93 && Math.min(here, best) >= 0.6);
  if (believed) return { support, doubts: [{ why: `read with ${percent(here)}`, atMost: Math.max(legible, Math.min(together, 0.97)) }] };
  return { support, doubts: [{ why: `read with ${percent(here)} only`, atMost: Math.min(notEnough, together) }] };
}

/** To the last dash: recognisers err in punctuation more than in digits. */
const printed = (words: readonly Word[]) => textOf(words).replace(/[.,;:]+$/, '');

export const percent = (share: number): string => `${Math.round(share * 100)} %`;

/** Where a value stands on the page, with or without blanks within. */
export function placesOf({ layout, value }: { layout: Layout; value: string }): Word[][] {
  const wanted = keyOf(value);
  if (wanted === '') return [];
  return layout.rows.flatMap(({ words }) =>
    words.flatMap((_, from) => {
      let key = '';
      for (let to = from; to < words.length && key.length < wanted.length; to++) {
        key += keyOf(words[to]?.text ?? '');
        if (key === wanted) return [words.slice(from, to + 1)];
        if (!wanted.startsWith(key)) break;
      }
      return [];
    }),
  );
}
