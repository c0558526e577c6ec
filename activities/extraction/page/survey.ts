import type { Reading } from '../../../contracts/activities/ocr.ts';
import { valuesBeside } from './beside.ts';
import { currenciesOn } from '../fields/currency.ts';
import { documentTypeOf, type DocumentType } from './document-type.ts';
import type { Found, Read } from './found.ts';
import { byRow, labelsOf, type Label } from './labels.ts';
import { layOut, textOf, type Layout, type Word } from './layout.ts';
import { isAmong, ordersToMachines, type OrdersToMachines } from './orders-to-machines.ts';
import { amountsOn, sumsThatAddUp, type AmountsFound, type Sums } from '../fields/sums.ts';
import { checkTaxId } from '../formats/tax-ids.ts';
import { readDate, readIban, readNumber, readTaxId } from '../fields/values.ts';
import { columnBelow, recipientWords, vendorNamesOn, type NameFound } from '../fields/vendor-name.ts';

export type TextField = 'vendorName' | 'vendorTaxId' | 'invoiceNumber' | 'invoiceDate' | 'orderNumber' | 'currency' | 'iban';

/** All that the page itself says about each field, whoever asks. */
export interface Survey {
  readonly layout: Layout;
  readonly labels: readonly Label[];
  readonly orders: OrdersToMachines;
  readonly type: DocumentType;
  readonly texts: Readonly<Record<TextField, readonly Found[]>>;
  readonly names: readonly NameFound[];
  /** The currency in which the amounts were read. */
  readonly currency: string;
  readonly amounts: AmountsFound;
  /** Best first. */
  readonly sums: readonly Sums[];
}

export function survey(reading: Reading): Survey {
  const layout = layOut(reading);
  const labels = labelsOf(layout);
  const orders = ordersToMachines(layout);
  const trusting = <F extends Found>(found: readonly F[]) => found.map((each) => lessNearOrders(each, orders));
  const beside = (meaning: 'invoiceNumber' | 'reference' | 'orderNumber' | 'invoiceDate', read: Read) => trusting(valuesBeside({ layout, labels, meaning, read }));

  const numbers = beside('invoiceNumber', readNumber);
  const names = trusting(vendorNamesOn(layout, { labels }));
  const currencies = trusting(currenciesOn(layout, { labels }));
  const currency = strongestFirst(currencies)[0]?.value ?? 'EUR';
  const found = amountsOn({ layout, labels, currency });
  const amounts: AmountsFound = { net: trustingNumbers(found.net), tax: trustingNumbers(found.tax), total: trustingNumbers(found.total) };
  return {
    layout,
    labels,
    orders,
    type: documentTypeOf(layout, { labels, hasSums: Object.values(amounts).some((sums) => sums.length > 0) }),
    texts: {
      vendorName: names,
      vendorTaxId: trusting(taxIdsOn({ layout, labels, names })),
      invoiceNumber: [...numbers, ...beside('reference', readNumber).map((found) => ({ ...found, strength: found.strength * 0.6 }))],
      invoiceDate: [...beside('invoiceDate', readDate), ...trusting(datesAfter(numbers))],
      orderNumber: beside('orderNumber', readNumber),
      currency: currencies,
      iban: trusting(ibansOn(layout)),
    },
    names,
    currency,
    amounts,
    sums: sumsThatAddUp(amounts),
  };

  function trustingNumbers(founds: readonly Found<number>[]): Found<number>[] {
    return founds.map((each) => lessNearOrders(each, orders));
  }
}

/** Strongest first; of equals, the one that stands first on the page. */
export const strongestFirst = <F extends { readonly strength: number }>(found: readonly F[]): F[] => [...found].sort((a, b) => b.strength - a.strength);

function lessNearOrders<F extends Found | Found<number>>(found: F, orders: OrdersToMachines): F {
  if (!found.words.some((word) => isAmong(word, orders))) return found;
  return { ...found, strength: found.strength * 0.3, doubts: [...found.doubts, { why: 'it stands in text that gives orders to a machine', atMost: 0.3 }] };
}

/** `Rechnung Nr. 4711 vom 5. Oktober 2026`, `Invoice 4711 dated 5 October 2026`. */
function datesAfter(numbers: readonly Found[]): Found[] {
  return numbers.flatMap(({ label, words, strength }): Found[] => {
    const last = words.at(-1);
    const at = label === null || last === undefined ? -1 : label.row.words.indexOf(last);
    if (label === null || at < 0 || !/^(?:vom|dated|of|from)$/i.test(label.row.words[at + 1]?.text ?? '')) return [];
    const date = readDate(label.row.words, at + 2);
    return date === undefined ? [] : [{ value: date.value, words: date.words, label, strength, doubts: date.doubts ?? [] }];
  });
}

/** Every VAT number on the page that is not said to be the customer's. */
function taxIdsOn({ layout, labels, names }: Pick<Survey, 'layout' | 'labels' | 'names'>): Found[] {
  const theirs = valuesBeside({ layout, labels, meaning: 'buyerTaxId', read: readTaxId });
  const recipients = recipientsWords({ layout, labels, names });
  const ours = valuesBeside({ layout, labels, meaning: 'vendorTaxId', read: readTaxId });
  const bare = layout.rows.flatMap((row) =>
    row.words.flatMap((_, at): Found[] => {
      const read = readTaxId(row.words, at);
      return read === undefined || checkTaxId(read.value) !== 'holds' ? [] : [{ value: read.value, words: read.words, label: null, strength: 0.7, doubts: read.doubts ?? [] }];
    }),
  );
  const known = [...ours, ...bare.filter(({ words }) => !ours.some((other) => other.words.some((word) => words.includes(word))))];
  const named = (strongestFirst(names)[0]?.strength ?? 0) >= 0.75;
  return known
    .filter(({ value, words }) => !theirs.some((other) => other.value === value) && !words.some((word) => recipients.has(word)))
    .map((found) => (named ? found : { ...found, doubts: [...found.doubts, { why: 'it is not clear whose it is', atMost: 0.8 }] }));
}

/** The recipient's block, and what stands under the names of firms other than the sender. */
function recipientsWords({ layout, labels, names }: Pick<Survey, 'layout' | 'labels' | 'names'>): ReadonlySet<Word> {
  const labelsIn = byRow(labels);
  const sender = strongestFirst(names)[0]?.value;
  const others = names.filter(({ value }) => value !== sender);
  const under = others.flatMap(({ words: [first] }) => {
    const row = layout.rows.find(({ words }) => first !== undefined && words.includes(first));
    return row === undefined || first === undefined ? [] : columnBelow(layout, { row, at: row.words.indexOf(first), labelsIn });
  });
  return new Set([...recipientWords(layout, { labels }), ...under]);
}

/** Words by which a firm says that it will draw the money from the customer's own account. */
const directDebit = /lastschrift|einzieh|abbuch|abgebucht|eingezogen|directdebit|ihremkonto|ihrkonto|ihreskontos|youraccount|wewillcollect|willbecollected/;

function ibansOn(layout: Layout): Found[] {
  return layout.rows.flatMap((row, index) => {
    const found: Found[] = [];
    for (let at = 0; at < row.words.length; at++) {
      const read = readIban(row.words, at);
      if (read === undefined) continue;
      const near = layout.rows.slice(Math.max(0, index - 1), index + 2).filter(({ page }) => page === row.page);
      const debit = near.some(({ words }) => directDebit.test(textOf(words).toLowerCase().replace(/[^a-zäöü]/g, '')));
      const doubts = [...(read.doubts ?? []), ...(debit ? [{ why: 'it may be the account from which the money is drawn', atMost: 0.5 }] : [])];
      found.push({ value: read.value, words: read.words, label: null, strength: doubts.some(({ atMost }) => atMost < 0.5) ? 0.5 : 1, doubts });
      at += read.words.length - 1;
    }
    return found;
  });
}
