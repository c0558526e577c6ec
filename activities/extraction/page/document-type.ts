import type { Layout } from './layout.ts';
import type { Label } from './labels.ts';
import { keyOf } from './vocabulary.ts';
import { segmentsOf, textOf } from './layout.ts';

const invoiceTitle = /^(?:steuer|schluss|teil|abschlags|sammel|original|tax|commercial|final)?(?:rechnung|invoice)(?:n?r|no|number|nummer|kopie|copy|duplikat)?(?=[\d#]|$|[a-z]{0,4}\d)/;
const otherTitle =
  /^(?:lieferschein|deliverynote|packinglist|packingslip|packzettel|frachtbrief|angebot|kostenvoranschlag|offerte|quotation|quote|estimate|auftragsbestatigung|bestellbestatigung|orderconfirmation|orderacknowledgement|bestellung|purchaseorder|mahnung|zahlungserinnerung|reminder|paymentreminder|letzte?mahnung|gutschrift|stornorechnung|rechnungskorrektur|korrekturrechnung|creditnote|creditmemo|creditinvoice|proformarechnung|proforma|proformainvoice|kontoauszug|statementofaccount|accountstatement|quittung|kassenbon|receipt|speiseplan|speisekarte|menu|lunchmenu|menuoftheweek|wochenplan|kuchenplan|vertrag|contract|agreement|datenblatt|datasheet|lebenslauf|curriculumvitae|einladung|invitation|protokoll|minutes|zahlungsavis|remittanceadvice|preisliste|pricelist|retourenschein|returnnote|arbeitsnachweis|timesheet)(?=n?r\b|no\b|nummer|number|[^a-z]|$)/;

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

  // A heading stands by itself, or before a number; `Die Rechnung folgt` and `Lieferschein-Nr.` among the references are none.
  const headings = layout.rows.flatMap((row) => segmentsOf(row).map((segment) => ({ text: textOf(segment), key: keyOf(textOf(segment)), height: Math.max(...segment.map(({ height }) => height)) })));
  const tallest = ({ pattern }: { pattern: RegExp }) => headings.filter(({ key, text }) => pattern.test(key) && text.split(/\s+/).length <= 12).sort((a, b) => b.height - a.height)[0];
  const invoice = tallest({ pattern: invoiceTitle });
  const other = tallest({ pattern: otherTitle });
  const numbered = labels.find(({ meaning, strength }) => meaning === 'invoiceNumber' && strength === 1);
  const isInvoice = hasSums && (invoice !== undefined || numbered !== undefined);
  if (other !== undefined && (!isInvoice || other.height > 1.1 * (invoice?.height ?? layout.height))) return { documentType: 'other', why: `it calls itself "${other.text}"`, alsoCalled: undefined };
  if (isInvoice) {
    const rival = other !== undefined && other.height > 1.15 * layout.height ? other.text : undefined;
    return { documentType: 'invoice', why: `it calls itself "${invoice?.text ?? numbered?.text}"`, alsoCalled: rival };
  }
  return { documentType: mean < 0.75 ? 'unknown' : 'other', why: hasSums ? 'it does not call itself an invoice' : 'it has no sums to pay', alsoCalled: undefined };
}
