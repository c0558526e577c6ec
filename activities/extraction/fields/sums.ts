import { currencyIn, parseAmount, parseRate } from '../formats/amounts.ts';
import type { Found, Read } from '../page/found.ts';
import { valuesBeside } from '../page/beside.ts';
import { byRow, type Label } from '../page/labels.ts';
import type { Meaning } from '../page/vocabulary.ts';
import { areApart, gap, type Layout, type Row, type Word } from '../page/layout.ts';

export type SumField = 'net' | 'tax' | 'total';
export const sumFields: readonly SumField[] = ['net', 'tax', 'total'];

export type AmountsFound = Readonly<Record<SumField, readonly Found<number>[]>>;

export interface SumsSearch {
  readonly layout: Layout;
  readonly labels: readonly Label[];
  readonly currency: string;
}

/** The amounts that are said to be net, tax or total. */
export function amountsOn(search: SumsSearch): AmountsFound {
  const of = (field: SumField) => [...inRows(field, search), ...inColumns(field, search)];
  return { net: of('net'), tax: of('tax'), total: of('total') };
}

interface PlacedAmount {
  readonly value: number;
  readonly exact: boolean;
  readonly words: readonly Word[];
  readonly to: number;
}

/** All amounts among words; a blank may group thousands (`1 838,55`), and a rate is no amount. */
export function amountsAmong(words: readonly Word[], currency: string): PlacedAmount[] {
  const amounts: PlacedAmount[] = [];
  for (let at = 0; at < words.length; at++) {
    const word = words[at];
    const next = words[at + 1];
    if (word === undefined || next?.text.startsWith('%')) continue;
    const grouped = next !== undefined && /^-?\d{1,3}$/.test(word.text) && /^\d{3}[.,]\d{2}$/.test(next.text) && gap(word, next) < 0.45 * word.height;
    const parsed = parseAmount(grouped ? word.text + next.text : word.text, currency);
    // `Net 30` is a term of payment; an amount without cents says at least its currency.
    if (parsed === undefined || (!parsed.exact && ![words[at - 1], word, next].some((near) => near !== undefined && currencyIn(near.text) !== undefined))) continue;
    amounts.push({ value: parsed.minorUnits, exact: parsed.exact, words: grouped ? [word, next] : [word], to: at + (grouped ? 2 : 1) });
    if (grouped) at++;
  }
  return amounts;
}

function inRows(field: SumField, { labels: all, currency }: SumsSearch): Found<number>[] {
  const allIn = byRow(all);
  const labels = all.filter((label) => !saysIncluded(label, allIn(label.row)));
  const labelsIn = byRow(labels);
  return labels
    .filter(({ meaning }) => meaning === field)
    .flatMap((label) => {
      const until = Math.min(label.row.words.length, ...labelsIn(label.row).filter((other) => other.from >= label.to && !partOf(label, other)).map(({ from }) => from));
      const amounts = amountsAmong(label.row.words.slice(label.to, until), currency);
      const written = amounts.filter(({ exact }) => exact);
      const kept = written.length > 0 ? written : amounts.slice(-1);
      // `19 % of 1,545.00: 293.55`: the last one is what the row is about.
      return kept.map(({ value, exact, words }, index) => ({
        value,
        words,
        label,
        strength: label.strength * (index === kept.length - 1 ? 1 : 0.5),
        doubts: [...(exact ? [] : [{ why: 'it is written without cents', atMost: 0.8 }]), ...(value < 0 ? [{ why: 'it is negative', atMost: 0.4 }] : [])],
      }));
    });
}

/** `Gesamtbetrag inkl. 19 % MwSt.` is about the total. */
function saysIncluded(label: Label, labels: readonly Label[]): boolean {
  if (label.meaning !== 'tax') return false;
  const before = labels.find((other) => other.meaning === 'total' && other.to <= label.from);
  return before !== undefined && label.row.words.slice(before.to, label.from).some(({ text }) => /^\(?(?:inkl|incl|inc|einschl|including)/i.test(text));
}

/** `Zwischensumme (netto)` and `Total incl. VAT` name one amount with two labels. */
function partOf(label: Label, next: Label): boolean {
  const between = next.row.words.slice(label.to, next.from);
  return between.every(({ text }) => !/\d/.test(text)) && next.from - label.to <= 2 && next.row.words.slice(label.from, next.to).every((word, index, all) => index === 0 || !areApart({ before: all[index - 1] ?? word, word }));
}

const sureHeads: readonly Meaning[] = ['net', 'tax', 'total'];

/** Sums under their labels, as in `Net | VAT | Total` over three amounts. */
function inColumns(field: SumField, { layout, labels, currency }: SumsSearch): Found<number>[] {
  const read: Read<number> = (words, at) => {
    const word = words[at];
    const parsed = word === undefined || words[at + 1]?.text.startsWith('%') ? undefined : parseAmount(word.text, currency);
    if (word === undefined || parsed === undefined || !parsed.exact) return undefined;
    return { value: parsed.minorUnits, words: [word], doubts: [] };
  };
  const heads = labels.filter((label) => label.strength === 1 && sureHeads.includes(label.meaning) && amountsAmong(label.row.words, currency).length === 0);
  return valuesBeside({ layout, labels: heads, meaning: field, read }).map((found) => ({ ...found, strength: found.strength * 0.9 }));
}

export interface Sums {
  readonly net: number;
  readonly tax: number;
  readonly total: number;
  /** The tax is the sum of these rows. */
  readonly taxParts: readonly Found<number>[];
  readonly strength: number;
}

/** Every choice of net, tax (of one row or of several) and total that adds up, the best labelled first. */
export function sumsThatAddUp({ net, tax, total }: AmountsFound): Sums[] {
  const sums: Sums[] = [];
  for (const whole of strongest(total)) {
    for (const part of strongest(net)) {
      for (const taxParts of taxChoices(tax)) {
        const sum = taxParts.reduce((all, { value }) => all + value, 0);
        if (part.value + sum !== whole.value || whole.value <= 0) continue;
        const strength = (whole.strength + part.strength + Math.min(...taxParts.map((found) => found.strength))) / 3;
        sums.push({ net: part.value, tax: sum, total: whole.value, taxParts, strength });
      }
    }
  }
  return sums.sort((a, b) => b.strength - a.strength);
}

/** One of each value. */
function strongest(found: readonly Found<number>[]): Found<number>[] {
  const best = new Map<number, Found<number>>();
  for (const each of found) if (each.strength > (best.get(each.value)?.strength ?? 0)) best.set(each.value, each);
  return [...best.values()].slice(0, 12);
}

function taxChoices(tax: readonly Found<number>[]): Found<number>[][] {
  const rows = new Map<Row, Found<number>>();
  for (const found of tax) if (found.label !== null && found.strength >= 0.8) rows.set(found.label.row, found);
  const several = [...rows.values()];
  return [...strongest(tax).map((found) => [found]), ...(several.length > 1 && several.length <= 4 ? [several] : [])];
}

/** Whether a rate that is printed in the row of the tax gives this tax; `undefined` where none is printed. */
export function rateFits({ net, tax, row }: { net: number; tax: number; row: Row }): boolean | undefined {
  const rates = row.words.flatMap(({ text }, at) => {
    const rate = parseRate(text) ?? (row.words[at + 1]?.text.startsWith('%') ? parseRate(`${text}%`) : undefined);
    return rate === undefined ? [] : [rate];
  });
  if (rates.length === 0) return undefined;
  // Where each line is rounded by itself, the sum is off by a few cents.
  return rates.some((rate) => Math.abs((net * rate) / 100 - tax) <= 5);
}

/** Whether the amounts above one, in its column and nearest first, add up to it. */
export function linesAddUp({ layout, sum, words, currency }: { layout: Layout; sum: number; words: readonly Word[]; currency: string }): boolean {
  const last = words.at(-1);
  if (last === undefined || sum <= 0) return false;
  const above = layout.rows.filter((row) => row.page === last.page && row.middle < last.middle - 0.5 * last.height).reverse();
  let added = 0;
  for (const row of above) {
    const inColumn = amountsAmong(row.words, currency).filter(({ exact, words: placed }) => exact && Math.abs((placed.at(-1)?.right ?? 0) - last.right) < 2.5 * last.height);
    added += inColumn[0]?.value ?? 0;
    if (added === sum) return true;
    if (added > sum) return false;
  }
  return false;
}
