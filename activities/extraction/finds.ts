import { minorUnitsOf, parseAmount, type PrintedAmount } from './amounts.ts';
import { checkTaxId, ibanHolds, ibanLength } from './checksums.ts';
import { dateAt, type PrintedDate } from './dates.ts';
import { labelOf, type Label } from './labels.ts';
import type { Cell, Layout, Token } from './layout.ts';

/** A value where it stands on the page, with the label that it has there. */
export interface Find<V> {
  readonly value: V;
  readonly tokens: readonly Token[];
  readonly cell: Cell;
  readonly label: Label | undefined;
  /** Why it may be only a part of what is printed. */
  readonly torn?: string;
}

/** All values of the forms that invoices have, whatever their labels say. */
export interface Finds {
  /** Tokens with a digit that may be numbers of invoices, orders, customers. */
  readonly numbers: readonly Find<string>[];
  readonly dates: readonly Find<PrintedDate>[];
  readonly amounts: readonly Find<PrintedAmount>[];
  /** Without blanks, in capitals; well-formed or labelled as an IBAN. */
  readonly ibans: readonly Find<string>[];
  readonly taxIds: readonly Find<string>[];
}

export function findAll(layout: Layout): Finds {
  const each = <V>(finder: (cell: Cell, from: number) => Hit<V> | undefined): Find<V>[] =>
    layout.cells.flatMap((cell) =>
      cell.tokens.flatMap((_, from) => {
        const hit = finder(cell, from);
        if (hit === undefined) return [];
        const { value, words, torn } = hit;
        return [{ value, cell, tokens: cell.tokens.slice(from, from + words), label: labelOf({ layout, cell, from }), ...(torn && { torn }) }];
      }),
    );
  return {
    numbers: each(numberAt),
    dates: each((cell, from) => {
      const date = dateAt(textsFrom(cell, from));
      return date && { value: date, words: date.words };
    }),
    amounts: each(amountAt),
    ibans: each(ibanAt).filter(({ value, label }) => ibanHolds(value) || label?.kind === 'iban'),
    taxIds: each(taxIdAt).filter(({ value, label }) => checkTaxId(value)?.holds || label?.kind === 'taxId' || label?.kind === 'customersTaxId'),
  };
}

/** What begins at a place in a cell, and how many words it takes. */
interface Hit<V> {
  readonly value: V;
  readonly words: number;
  readonly torn?: string;
}

const textsFrom = (cell: Cell, from: number) => cell.tokens.slice(from).map((token) => token.text);

function numberAt(cell: Cell, from: number): Hit<string> | undefined {
  const [word = '', next = ''] = textsFrom(cell, from);
  const value = word.replace(/^[(#:„"]+/, '').replace(/[.,;:)“"]+$/, '');
  if (!/\d/.test(value) || !/^[A-Za-z0-9][A-Za-z0-9/._-]*$/.test(value) || value.length > 40 || dateAt([value])) return undefined;
  const closed = /[,;)]$/.test(word);
  const goesOn = !closed && (/^[-/_–]/.test(next) || (/\d/.test(next) && !dateAt([next]) && !/^\(/.test(next)));
  const torn = /[-/_.]$/.test(value) || goesOn ? 'it may go on with what follows' : undefined;
  return { value, words: 1, ...(torn && { torn }) };
}

function amountAt(cell: Cell, from: number): Hit<PrintedAmount> | undefined {
  const [word = '', next = ''] = textsFrom(cell, from);
  const previous = cell.tokens[from - 1]?.text ?? '';
  const amount = parseAmount(word);
  if (amount === undefined) return undefined;
  const hasCurrency = /[€$£¥]|EUR|USD|GBP|CHF|JPY/.test(`${previous} ${word} ${next}`);
  // A whole number is an amount only where a currency stands beside it.
  if (amount.decimals === 0 && !hasCurrency) return undefined;
  if (/^%/.test(next) || word.endsWith('%')) return undefined;
  const torn = /^\d{1,3}$/.test(previous) || /^[.,]?\d{2,3}$/.test(next) ? 'the digits beside it may belong to it' : undefined;
  return { value: amount, words: 1, ...(torn && { torn }) };
}

function ibanAt(cell: Cell, from: number): Hit<string> | undefined {
  const words = textsFrom(cell, from).map((word) => word.toUpperCase());
  const start = words.slice(0, 2).join('');
  if (!/^[A-Z]{2}\d{2}/.test(start) || !/^[A-Z]{2}(\d{2}[A-Z0-9]*)?$/.test((words[0] ?? '').replace(/[.,;:)]+$/, ''))) return undefined;
  const length = ibanLength(start.slice(0, 2));
  let value = '';
  let taken = 0;
  for (const word of words) {
    const part = word.replace(/[.,;:)]+$/, '');
    if (!/^[A-Z0-9]+$/.test(part) || (length !== undefined && value.length + part.length > length) || value.length + part.length > 34) break;
    value += part;
    taken++;
    if (value.length === length || part !== word) break;
  }
  return value.length < 8 ? undefined : { value, words: taken };
}

function taxIdAt(cell: Cell, from: number): Hit<string> | undefined {
  const words = textsFrom(cell, from);
  const [first = '', ...rest] = words;
  const whole = first.replace(/[.,;:)]+$/, '').toUpperCase();
  if (!/^[A-Z]{2}/.test(whole)) return undefined;
  if (/^[A-Z]{2}[A-Z0-9]{7,13}$/.test(whole) && /\d{4}/.test(whole)) return { value: whole, words: 1 };
  // In groups: DE 999 101 019.
  if (!/^([A-Z]{2}|ATU|DE\d{3})$/.test(whole)) return undefined;
  let value = whole;
  let taken = 1;
  for (const word of rest) {
    const part = word.replace(/[.,;:)]+$/, '');
    if (!/^(\d+|[A-Z]?\d+[A-Z]{0,2}|B\d{2})$/.test(part) || value.length + part.length > 15) break;
    value += part;
    taken++;
    if (checkTaxId(value)?.holds) break;
  }
  return /\d{4}/.test(value) ? { value, words: taken } : undefined;
}

/** The amounts with one of the labels, in minor units of the currency. */
export function amountsLabelled(finds: Finds, { kind, currency }: { kind: 'net' | 'tax' | 'total'; currency: string }): (Find<PrintedAmount> & { readonly minorUnits: number })[] {
  return finds.amounts.flatMap((find) => {
    const minorUnits = minorUnitsOf(find.value, currency);
    return find.label?.kind === kind && minorUnits !== undefined ? [{ ...find, minorUnits }] : [];
  });
}
