import type { Reading } from '../../contracts/activities/ocr.ts';

type Word = Reading['pages'][number]['words'][number];

/** A page of typewriting, 90 letters wide: every line of the text is a row, every blank a letter's width. */
export function printedPage(text: string, { confidence = 1 }: { confidence?: number } = {}): Reading {
  const pages = text.split('\f').map((page) => ({ aspect: 0.707, words: page.split('\n').flatMap((line, row) => wordsOf({ line, row, confidence })) }));
  return { source: confidence === 1 ? 'text' : 'ocr', pages };
}

const letter = 1 / 90;
const lineHeight = 1 / 70;

function wordsOf({ line, row, confidence }: { line: string; row: number; confidence: number }): Word[] {
  return [...line.matchAll(/\S+/g)].map(({ 0: text, index }) => ({
    text,
    box: [index * letter, (row + 0.15) * lineHeight, text.length * letter, lineHeight * 0.75],
    confidence,
  }));
}

/** A plain invoice, with whatever a test puts in the place of its parts; an empty part leaves its line out. */
export function invoiceText(parts: Partial<typeof plain> = {}): string {
  const { sender, recipient, heading, number, date, order, lines, sums, account, footer } = { ...plain, ...parts };
  return [sender, '', recipient, '', heading, number, date, order, '', lines, '', sums, '', account, footer].join('\n');
}

const plain = {
  sender: 'Musterbau Nordsee GmbH\nHafenstraße 1, 26999 Beispielhafen\npost@musterbau-nordsee.example',
  recipient: 'Rechnung an:\nMusterwerk Maschinenbau AG\nBeispielallee 1\n12345 Musterstadt',
  heading: 'RECHNUNG',
  number: 'Rechnungsnummer:  MN-20417',
  date: 'Rechnungsdatum:   05.10.2026',
  order: 'Ihre Bestellnummer:  4500-1001',
  lines: 'Pos.  Bezeichnung     Menge      Preis      Gesamt\n1     Gerüst, Miete        10      90,00      900,00\n2     Aufbau                1     100,00      100,00',
  sums: 'Nettobetrag                              1.000,00 EUR\n19 % MwSt.                                 190,00 EUR\nGesamtbetrag                             1.190,00 EUR',
  account: 'Kontoinhaber: Musterbau Nordsee GmbH\nIBAN DE83 9000 0001 0001 4170 00',
  footer: 'USt-IdNr. DE999101019',
};

/** The fields of the plain invoice. */
export const plainFields = {
  vendorName: 'Musterbau Nordsee GmbH',
  vendorTaxId: 'DE999101019',
  invoiceNumber: 'MN-20417',
  invoiceDate: '2026-10-05',
  orderNumber: '4500-1001',
  currency: 'EUR',
  net: 100000,
  tax: 19000,
  total: 119000,
  iban: 'DE83900000010001417000',
} as const;
