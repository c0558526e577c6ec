import type { Cell, Layout } from './layout.ts';

/** What the words beside a value say that it is. Some are here only so that their values are not taken for something else. */
export type LabelKind =
  | 'invoiceNumber'
  | 'orderNumber'
  | 'customerNumber'
  | 'sellersOrder'
  | 'paymentReference'
  | 'invoiceDate'
  | 'date'
  | 'dueDate'
  | 'otherDate'
  | 'net'
  | 'tax'
  | 'total'
  | 'otherAmount'
  | 'iban'
  | 'taxId'
  | 'customersTaxId'
  | 'accountHolder'
  | 'buyer';

export interface Label {
  readonly kind: LabelKind;
  /** As it is printed. */
  readonly text: string;
  /** How sure one can be that such a label means this kind. */
  readonly strength: number;
}

const sure = 0.97;
const likely = 0.93;
const vague = 0.75;

const number = '(nummer|nr|no|number|num|id|#)';
const taxId = `(ust-? ?id-?( ?(nr|nummer))?|umsatzsteuer-?(id(entifikations)?(-?nr|-?nummer)?)|uid(-?nr)?|vat( reg(istration)?)? ${number}|vat id( ${number})?|tax ${number}|mwst-?nr|btw-?${number}|ein)`;

/** Matched at the end of the words before a value, in lower case and without dots, colons and brackets. The longest match counts. */
const lexicon: readonly (readonly [LabelKind, number, RegExp])[] = [
  ['invoiceNumber', sure, new RegExp(`(rechnungs?[- ]*${number}|re-?nr|faktura[- ]*${number}|(tax )?invoice ?${number}|inv ${number}|bill ${number})$`)],
  ['invoiceNumber', vague, /(^|\s)(rechnung|invoice|belegnummer|beleg-?nr)$/],
  ['orderNumber', sure, new RegExp(`((ihre |ihr )?(bestell|bestellungs|einkaufs)[- ]*${number}|ihre bestellung|bestellung( ${number})|(your|purchase|customer) order( ${number}| ref(erence)?)?|(^|\\s)p ?o ?${number})$`)],
  ['orderNumber', likely, new RegExp(`((^|\\s)bestellung|(^|\\s)order ${number}|ihr auftrag( ${number})?)$`)],
  ['sellersOrder', sure, new RegExp(`((unser auftrag|unsere auftrags?|auftrags)[- ]*${number}?|(our|sales|job) order( ${number})?|lieferschein[- ]*${number}?|delivery note( ${number})?|angebot(s-?${number})?)$`)],
  ['customerNumber', sure, new RegExp(`(kunden?[- ]*${number}|(customer|client|account) ${number}|debitoren?[- ]*${number})$`)],
  ['paymentReference', sure, /(verwendungszweck|zahlungsreferenz|payment reference|reference|referenz|bitte angeben|please quote|quoting|betreff)$/],
  ['invoiceDate', sure, /(rechnungs-?datum|datum der rechnung|rechnung( \S+){0,3} vom|invoice date|date of (the )?invoice|date of issue|issue date|issued( on)?|ausstellungsdatum|ausgestellt am)$/],
  ['date', likely, /(^|\s|,)(datum|date|den)$/],
  ['dueDate', sure, /(fällig( am| bis)?|fälligkeit(sdatum)?|zahlbar( bis)?( zum)?|zahlungsziel|bis( zum)?|due( date| on| by)?|pay(able)? (by|before|until)|valid until)$/],
  ['otherDate', sure, /((liefer|leistungs|bestell|auftrags|versand)-?(datum|tag|zeitraum)|(lieferung|leistung|bestellung|geliefert)( am| vom| bis)|(delivery|order|shipping|service|supply) (date|period)|date of (delivery|supply|order)|delivered( on)?|seit|ab)$/],
  ['net', sure, /(netto-?(betrag|summe|wert)?|(summe|gesamt|gesamtbetrag|betrag|zwischensumme) netto|warenwert|net (amount|total|value)|total net|sub-?total|zwischensumme|(total|amount) (excl|ex|before|without|exclusive of) ?(vat|tax))$/],
  ['tax', sure, /((^|\s)(mwst|ust|mehrwertsteuer|umsatzsteuer|vat|sales tax|tax|gst|steuer|steuerbetrag|tax amount|vat amount))[\s\d.,%@]*(reverse charge|steuerfrei)?$/],
  ['total', sure, /(gesamt-?(betrag|summe|brutto)|rechnungs-?(betrag|summe)|brutto-?(betrag|summe)?|end-?(betrag|summe)|zu zahlen(der betrag)?|zahl-?betrag|total( amount)?( due| payable| to pay)|amount (due|payable)|balance due|(grand|invoice) total|(total|amount) (incl|inc|including) ?(vat|tax))( in)?$/],
  ['total', vague, /(^|\s)(gesamt|summe|total|betrag|amount)( in)?$/],
  ['otherAmount', sure, /(einzelpreis|stückpreis|unit price|price|preis|skonto|rabatt|discount|anzahlung|deposit|paid|bezahlt|shipping|versand(kosten)?|fracht)$/],
  ['iban', sure, /(iban|iban ?-?(nr|no)|konto(verbindung)?|account)$/],
  ['taxId', sure, new RegExp(`${taxId}$`)],
  ['customersTaxId', sure, new RegExp(`(ihre?|your|customer'?s?|client|recipient'?s?|empfängers?|kunden?|buyer'?s?) ?-?${taxId}$`)],
  ['accountHolder', sure, /(account (name|holder)|kontoinhaber|in the name of|beneficiary|zahlungsempfänger|payee)$/],
  ['buyer', sure, /(^|\s)(bill(ed)? to|invoice to|sold to|ship to|deliver to|customer|client|kunde|rechnungs(adresse|empfänger)|lieferadresse|an|to|attn|recipient)$/],
];

const currencyWords = /^(eur|usd|gbp|chf|jpy|€|\$|£|¥|us\$)$/i;

/** The label of the words that begin at a place in a cell: before them in the cell, or in the cell to the left, or in the one above. */
export function labelOf({ layout, cell, from }: { layout: Layout; cell: Cell; from: number }): Label | undefined {
  const before = cell.tokens.slice(0, from).filter((token) => !currencyWords.test(token.text.replace(/[:()]/g, '')));
  if (before.length > 0) return labelIn(before.map((token) => token.text).join(' '));
  const left = layout.leftOf(cell);
  const above = layout.above(cell);
  return (left && labelIn(left.text)) ?? (above && labelIn(above.text));
}

/** The label at the end of a text. */
export function labelIn(text: string): Label | undefined {
  const plain = simplified(text);
  let best: Label | undefined;
  let longest = 0;
  for (const [kind, strength, pattern] of lexicon) {
    const length = pattern.exec(plain)?.[0].trim().length ?? 0;
    if (length > longest) {
      longest = length;
      best = { kind, strength, text: text.length > 60 ? `…${text.slice(-60)}` : text };
    }
  }
  return best;
}

function simplified(text: string): string {
  return text
    .toLowerCase()
    .replace(/[.:…·*|"„“”()[\]_;]+/g, ' ')
    .replace(/\s+/g, ' ')
    .trim()
    .replace(/( in)?( (eur|usd|gbp|chf|jpy|€|\$|£|¥))+$/, '')
    .replace(/^p o\b/, 'po');
}
