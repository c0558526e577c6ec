import type { Layout } from './layout.ts';
import type { Label } from './labels.ts';
import { keyOf } from './vocabulary.ts';
import { segmentsOf, textOf } from './layout.ts';

const invoiceTitle = /^(?:steuer|schluss|teil|abschlags|sammel|original|tax|commercial|final)?(?:rechnung|invoice)(?=$|kopie|copy|duplikat|n?r|no|number|nummer|#|[a-z]{0,4}\d)/;

const otherTitles = [
  'lieferschein|deliverynote|packinglist|packingslip|packzettel|frachtbrief|retourenschein|returnnote',
  'angebot|kostenvoranschlag|offerte|quotation|quote|estimate|proformarechnung|proforma|proformainvoice',
  'auftragsbestatigung|bestellbestatigung|orderconfirmation|orderacknowledgement|bestellung|purchaseorder',
  '(?:1|2|3|erste|zweite|dritte|letzte)?mahnung|zahlungserinnerung|(?:payment|final)?reminder|kontoauszug|(?:account)?statement(?:ofaccount)?',
  'gutschrift|stornorechnung|rechnungskorrektur|korrekturrechnung|creditnote|creditmemo|creditinvoice|cancellationinvoice',
  'quittung|kassenbon|receipt|zahlungsavis|remittanceadvice|preisliste|pricelist|datenblatt|datasheet',
  'speiseplan|speisekarte|menu|lunchmenu|wochenplan|kuchenplan|vertrag|contract|agreement|lebenslauf|curriculumvitae',
  'einladung|invitation|protokoll|minutes|arbeitsnachweis|stundennachweis|timesheet',
];
/** By itself, or before a number. */
const otherTitle = new RegExp(`^(?:${otherTitles.join('|')})(?=$|kopie|copy|n?r\\d|[a-z]{0,4}\\d)`);

export interface DocumentType {
  readonly documentType: 'invoice' | 'other' | 'unknown';
  readonly why: string;
  /** What else the document calls itself. */
  readonly alsoCalled: string | undefined;
}

/** Words below which there is too little to tell. */
const leastWords = 12;
const leastConfidence = 0.55;

/** What kind of document this is, by what it calls itself in its headings. */
export function documentTypeOf(layout: Layout, { labels, hasSums }: { labels: readonly Label[]; /** net, tax or total */ hasSums: boolean }): DocumentType {
  const words = layout.rows.flatMap((row) => row.words);
  const legible = words.filter(({ text, confidence }) => confidence > 0.4 && /[\p{L}\p{N}]{2}/u.test(text));
  const mean = words.reduce((sum, { confidence }) => sum + confidence, 0) / (words.length || 1);
  if (legible.length < leastWords || mean < leastConfidence) return { documentType: 'unknown', why: `only ${legible.length} words can be read`, alsoCalled: undefined };

  const headings = headingsOf(layout);
  const invoice = tallest(headings.filter(({ key }) => invoiceTitle.test(key)));
  const other = tallest(headings.filter(({ key }) => otherTitle.test(key)));
  const numbered = labels.find(({ meaning, strength }) => meaning === 'invoiceNumber' && strength === 1);
  const called = (heading: string): DocumentType => ({ documentType: 'other', why: `it calls itself "${heading}"`, alsoCalled: undefined });
  const invoiceWhy = `it calls itself "${invoice?.text ?? numbered?.text}"`;

  if (!hasSums || (invoice === undefined && numbered === undefined)) {
    if (other !== undefined) return called(other.text);
    return { documentType: mean < 0.75 ? 'unknown' : 'other', why: hasSums ? 'it does not call itself an invoice' : 'it has no sums to pay', alsoCalled: undefined };
  }
  if (other === undefined) return { documentType: 'invoice', why: invoiceWhy, alsoCalled: undefined };
  if (invoice === undefined || other.height > 1.1 * invoice.height) return called(other.text);
  // Of two headings in letters of one size the first is the title; the other one may still be worth a look.
  const alike = other.height > 0.9 * invoice.height;
  if (alike && headings.indexOf(other) < headings.indexOf(invoice)) return called(other.text);
  return { documentType: 'invoice', why: invoiceWhy, alsoCalled: other.height > 1.15 * layout.height ? other.text : undefined };
}

interface Heading {
  readonly text: string;
  readonly key: string;
  readonly height: number;
}

/** What stands by itself in its row, or in larger letters than the rest; `Lieferschein: 4711` among the references does not. */
function headingsOf(layout: Layout): Heading[] {
  return layout.rows.flatMap((row) => {
    const segments = segmentsOf(row);
    return segments.flatMap((segment) => {
      const text = textOf(segment);
      const height = Math.max(...segment.map((word) => word.height));
      const setOff = height > 1.15 * layout.height || (segments.length === 1 && !text.includes(':') && segment.length <= 6);
      return setOff ? [{ text, key: keyOf(text), height }] : [];
    });
  });
}

const tallest = (headings: readonly Heading[]): Heading | undefined => [...headings].sort((a, b) => b.height - a.height)[0];
