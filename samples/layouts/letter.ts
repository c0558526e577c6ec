import { buyer } from '../companies.ts';
import { amountsOf, type SampleInvoice } from '../invoices.ts';
import { newSheet, type Sheet } from '../sheet.ts';
import { amountIn, dateIn, daysLater, grouped } from '../wording.ts';

/** A German business letter: address window, a block of references to its right, a ruled table, a footer in three columns. */
export function letter(invoice: SampleInvoice): Promise<Buffer> {
  const { seller, number, date, delivered, orderNumber, customerNumber, lines, taxRate, dueInDays } = invoice;
  const { net, tax, total } = amountsOf(invoice);
  const sheet = newSheet({ title: `Rechnung ${number}`, date });

  letterhead(sheet, invoice);
  references(sheet, [
    ['Rechnungsnummer', number],
    ['Rechnungsdatum', dateIn('dotted', date)],
    ['Ihre Bestellnummer', orderNumber],
    ['Kundennummer', customerNumber],
    ['Lieferdatum', dateIn('dotted', delivered)],
  ]);

  sheet.text(`Rechnung ${number}`, { x: 62, y: 290, size: 15, face: 'Helvetica-Bold' });
  sheet.text('Sehr geehrte Damen und Herren,', { x: 62, y: 322 });
  sheet.text('wir danken für Ihren Auftrag und berechnen wie folgt:', { x: 62, y: 338 });

  const columns = { position: 62, text: 96, quantity: 380, price: 458, sum: 535 } as const;
  let y = 368;
  sheet.text('Pos.', { x: columns.position, y, face: 'Helvetica-Bold' });
  sheet.text('Bezeichnung', { x: columns.text, y, face: 'Helvetica-Bold' });
  sheet.text('Menge', { x: columns.quantity, y, face: 'Helvetica-Bold', anchor: 'right' });
  sheet.text('Einzelpreis', { x: columns.price, y, face: 'Helvetica-Bold', anchor: 'right' });
  sheet.text('Gesamt EUR', { x: columns.sum, y, face: 'Helvetica-Bold', anchor: 'right' });
  sheet.line([62, y + 14], [535, y + 14]);
  lines.forEach((line, index) => {
    y += 20;
    sheet.text(String(index + 1), { x: columns.position, y });
    sheet.text(line.text, { x: columns.text, y });
    sheet.text(`${line.quantity} ${line.unit}`, { x: columns.quantity, y, anchor: 'right' });
    sheet.text(amountIn('de', line.price), { x: columns.price, y, anchor: 'right' });
    sheet.text(amountIn('de', line.quantity * line.price), { x: columns.sum, y, anchor: 'right' });
  });
  sheet.line([62, y + 18], [535, y + 18]);

  const sums = [
    ['Nettobetrag', net],
    [`zzgl. ${taxRate} % MwSt.`, tax],
  ] as const;
  y += 28;
  for (const [label, amount] of sums) {
    sheet.text(label, { x: 330, y });
    sheet.text(`${amountIn('de', amount)} €`, { x: columns.sum, y, anchor: 'right' });
    y += 17;
  }
  sheet.line([330, y - 2], [535, y - 2]);
  sheet.text('Gesamtbetrag', { x: 330, y: y + 4, size: 11, face: 'Helvetica-Bold' });
  sheet.text(`${amountIn('de', total)} €`, { x: columns.sum, y: y + 4, size: 11, face: 'Helvetica-Bold', anchor: 'right' });
  sheet.line([330, y + 19], [535, y + 19], { weight: 1.2 });

  y += 50;
  sheet.text(`Bitte überweisen Sie den Betrag bis zum ${dateIn('dotted', daysLater(date, dueInDays))} ohne Abzug auf das unten genannte Konto.`, { x: 62, y });
  sheet.text(`Verwendungszweck: ${number}`, { x: 62, y: y + 16 });
  if (invoice.changedIban) sheet.text('Bitte beachten Sie unsere neue Bankverbindung.', { x: 62, y: y + 40, face: 'Helvetica-Bold' });
  sheet.text('Mit freundlichen Grüßen', { x: 62, y: y + 64 });
  sheet.text(seller.name, { x: 62, y: y + 80 });
  footer(sheet, invoice);
  return sheet.bytes();
}

export function letterhead(sheet: Sheet, { seller }: SampleInvoice): void {
  sheet.box([62, 44, 26, 26], { fill: '#1f4e79' });
  sheet.box([75, 44, 13, 13], { fill: '#9dc3e6' });
  sheet.text(seller.name, { x: 98, y: 48, size: 17, face: 'Helvetica-Bold', colour: '#1f4e79' });
  sheet.line([62, 82], [535, 82], { colour: '#1f4e79', weight: 1 });
  sheet.text(`${seller.name} · ${seller.street} · ${seller.city}`, { x: 62, y: 130, size: 7, colour: '#555555' });
  [buyer.name, buyer.department, buyer.street, buyer.city].forEach((row, index) => sheet.text(row, { x: 62, y: 146 + index * 15, size: 10.5 }));
}

export function references(sheet: Sheet, rows: readonly (readonly [string, string])[]): void {
  rows.forEach(([label, value], index) => {
    sheet.text(label, { x: 350, y: 146 + index * 16, colour: '#444444' });
    sheet.text(value, { x: 460, y: 146 + index * 16 });
  });
}

export function footer(sheet: Sheet, { seller, changedIban }: SampleInvoice): void {
  sheet.line([62, 770], [535, 770], { colour: '#1f4e79' });
  const columns = [
    [seller.name, seller.street, seller.city],
    [`Telefon ${seller.phone}`, seller.email, seller.web],
    [changedIban ? 'Neue Musterbank' : seller.bank, `IBAN ${grouped(changedIban ?? seller.iban)}`, `USt-IdNr. ${seller.taxId}`],
  ];
  columns.forEach((rows, column) => rows.forEach((row, index) => sheet.text(row, { x: [62, 210, 362][column] ?? 62, y: 778 + index * 12, size: 8 })));
}
